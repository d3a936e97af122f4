package dev.tidemark.cli.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PostgresBinariesIT {
    @TempDir private Path directory;

    @Test
    void twoWhoUnpackAtOnceShareOneFolderAndLeaveNothingElse()
            throws IOException, InterruptedException, ExecutionException {
        var binaries = PostgresBinaries.onClassPath();
        Callable<Path> unpack = () -> binaries.unpackedUnder(directory);
        List<Path> folders;

        try (var threads = Executors.newFixedThreadPool(2)) {
            var first = threads.submit(unpack);
            var second = threads.submit(unpack);
            folders = List.of(first.get(), second.get());
        }

        assertThat(folders.get(0)).isEqualTo(folders.get(1));
        assertThat(folders.get(0).resolve("bin").resolve("postgres")).isExecutable();
        try (var left = Files.list(directory)) {
            assertThat(left).containsExactly(folders.get(0));
        }
    }

    @Test
    void aJarWithoutBinariesForThisPlatformIsRefused() throws IOException {
        Path jar = directory.resolve("empty.jar");
        new JarOutputStream(Files.newOutputStream(jar)).close();

        var error =
                catchThrowableOfType(
                        TidemarkException.class,
                        () -> new PostgresBinaries(jar).unpackedUnder(directory));

        assertThat(error)
                .hasMessage(
                        "no PostgreSQL binaries for this platform in %s: %s"
                                .formatted(jar, Platform.current().archiveName()));
        assertThat(error.hint())
                .isEqualTo(
                        "The embedded PostgreSQL runs on Linux and macOS with an x86-64 or ARM64"
                                + " processor; on this machine, use a PostgreSQL server of your"
                                + " own.");
    }
}
