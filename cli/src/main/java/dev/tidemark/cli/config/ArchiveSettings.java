package dev.tidemark.cli.config;

import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.archive.store.ObjectStores;
import dev.tidemark.archive.store.S3Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the archive is.
 *
 * @param url {@code s3://bucket/prefix}, {@code file:///absolute/path} or an absolute path
 */
public record ArchiveSettings(String url, S3Settings s3) {
    /** The store; nothing is read or written yet. */
    public ObjectStore open() {
        return ObjectStores.open(url, s3);
    }

    /** Of an archive that is not on S3. */
    Path localDirectory() {
        return url.startsWith("file:") ? Path.of(URI.create(url).getPath()) : Path.of(url);
    }

    /** The folder of an archive on a local disk. */
    public Optional<Path> directory() {
        return isOnS3() ? Optional.empty() : Optional.of(localDirectory());
    }

    /** Is a file in the archive's folder? What is, whoever has the archive has. */
    public boolean holds(Path file) {
        return directory().filter(folder -> real(file).startsWith(real(folder))).isPresent();
    }

    /** Is a place in the archive's folder or prefix, or that itself? */
    public boolean holds(String place) {
        if (!place.contains("://")) {
            return holds(Path.of(place));
        }
        if (place.startsWith("file:")) {
            return holds(Path.of(URI.create(place).getPath()));
        }
        return isOnS3() && ended(place).startsWith(ended(url));
    }

    /** So that a folder is not taken for another one whose name begins like it. */
    private static String ended(String url) {
        return url.endsWith("/") ? url : url + "/";
    }

    /** Without links, as far as it is there. */
    private static Path real(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        try {
            return absolute.toRealPath();
        } catch (IOException e) {
            Path parent = absolute.getParent();
            return parent == null ? absolute : real(parent).resolve(absolute.getFileName());
        }
    }

    public boolean isOnS3() {
        return url.startsWith("s3:");
    }
}
