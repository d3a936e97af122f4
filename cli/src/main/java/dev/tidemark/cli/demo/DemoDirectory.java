package dev.tidemark.cli.demo;

import dev.tidemark.cli.embedded.FileTrees;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a demo keeps everything. Closing deletes what is in it, and itself when the demo made it;
 * unless it is to be kept.
 */
record DemoDirectory(Path path, boolean isOurs, boolean isKept) implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DemoDirectory.class);

    /** The server may run as another user, who has to pass through here. */
    private static final String PASSABLE = "rwx--x--x";

    static DemoDirectory open(DemoSettings settings) {
        try {
            if (settings.directory().isEmpty()) {
                Path made = Files.createTempDirectory("tidemark-demo-");
                Files.setPosixFilePermissions(made, PosixFilePermissions.fromString(PASSABLE));
                return new DemoDirectory(made, true, settings.isKept());
            }
            Path named = settings.directory().get().toAbsolutePath().normalize();
            boolean isOurs = !Files.exists(named);
            refuseContent(Files.createDirectories(named));
            return new DemoDirectory(named, isOurs, settings.isKept());
        } catch (IOException e) {
            throw TidemarkException.refused(
                    "cannot use the directory "
                            + settings.directory().map(Path::toString).orElse("for temporary files")
                            + ": "
                            + TidemarkException.reason(e),
                    "Name another one with --directory; it is created if it does not exist.",
                    e);
        }
    }

    private static void refuseContent(Path named) throws IOException {
        if (!content(named).isEmpty()) {
            throw TidemarkException.refused(
                    "the directory " + named + " is not empty",
                    "Name one that is empty or does not exist: a demo deletes all that is in it.");
        }
    }

    private static List<Path> content(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    @Override
    public void close() {
        if (isKept) {
            return;
        }
        try {
            for (Path file : content(path)) {
                FileTrees.delete(file);
            }
            if (isOurs) {
                Files.delete(path);
            }
        } catch (IOException e) {
            log.warn("cannot delete the demo's files in {}", path, e);
        }
    }
}
