package dev.tidemark.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of others, where they are installed. */
final class Installed {
    private Installed() {}

    /** On the PATH, or where Debian has PostgreSQL's, the newest version first. */
    static Optional<Path> find(String name) throws IOException {
        return Stream.concat(
                        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
                                .map(folder -> Path.of(folder, name)),
                        debian().map(version -> version.resolve("bin").resolve(name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Stream<Path> debian() throws IOException {
        Path versions = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(versions)) {
            return Stream.empty();
        }
        try (Stream<Path> folders = Files.list(versions)) {
            return folders.sorted(Comparator.reverseOrder()).toList().stream();
        }
    }
}
