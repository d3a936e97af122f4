package dev.tidemark.cli.wiring;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder that only this user can read, and that is gone when it is closed.
 *
 * @param path where
 */
public record TemporaryFolder(Path path) implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TemporaryFolder.class);

    static TemporaryFolder create(Path parent, String purpose) {
        try {
            Files.createDirectories(parent);
            return new TemporaryFolder(
                    Files.createTempDirectory(
                            parent,
                            "tidemark-" + purpose + "-",
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rwx------"))));
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot create a temporary folder in "
                            + parent
                            + ": "
                            + TidemarkException.reason(e, parent),
                    "Set temporary-directory to a folder that can be written and has room.",
                    e);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(path)) {
            List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : all) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            log.warn("cannot delete the temporary folder {}", path, e);
        }
    }
}
