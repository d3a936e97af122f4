package dev.tidemark.cli.embedded;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * A jar of PostgreSQL binaries (initdb, pg_ctl, postgres and their libraries), as zonky publishes
 * them for each version and platform.
 *
 * <p>They are unpacked once per version into a cache folder, which appears there as a whole:
 * several processes may do it at once, and one that dies on the way leaves nothing that counts.
 */
public record PostgresBinaries(Path jar) {
    private static final String HINT_PLATFORM =
            "The embedded PostgreSQL runs on Linux and macOS with an x86-64 or ARM64 processor; "
                    + "on this machine, use a PostgreSQL server of your own.";

    /** The newest supported major version: the one that this build carries. */
    public static PostgresBinaries onClassPath() {
        String archive = Platform.current().archiveName();
        URL url = PostgresBinaries.class.getClassLoader().getResource(archive);
        if (url == null) {
            throw TidemarkException.refused(
                    "no PostgreSQL binaries for this platform on the class path: " + archive,
                    HINT_PLATFORM);
        }
        try {
            var connection = (JarURLConnection) url.openConnection();
            return new PostgresBinaries(Path.of(connection.getJarFileURL().toURI()));
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("not a jar file: " + url, e);
        }
    }

    /** The folder that holds {@code bin}, {@code lib} and {@code share}, under {@code cache}. */
    Path unpackedUnder(Path cache) {
        try (var opened = new JarFile(jar.toFile())) {
            ZipEntry archive = opened.getEntry(Platform.current().archiveName());
            if (archive == null) {
                throw TidemarkException.refused(
                        "no PostgreSQL binaries for this platform in %s: %s"
                                .formatted(jar, Platform.current().archiveName()),
                        HINT_PLATFORM);
            }
            Path folder = cache.resolve("postgres-%08x".formatted(archive.getCrc()));
            if (!Files.isDirectory(folder)) {
                try (InputStream packed = opened.getInputStream(archive)) {
                    unpack(packed, folder);
                }
            }
            return folder;
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot unpack the PostgreSQL binaries of %s into %s: %s"
                            .formatted(jar, cache, TidemarkException.reason(e)),
                    "Check that the folder can be written and has 100 MB to spare, or name "
                            + "another one in the environment variable TIDEMARK_CACHE.",
                    e);
        }
    }

    private static void unpack(InputStream packed, Path folder) throws IOException {
        Path cache = Files.createDirectories(folder.toAbsolutePath().getParent());
        Path unfinished = Files.createTempDirectory(cache, "unfinished-");
        try {
            try (var tar = new TarArchiveInputStream(new XZInputStream(packed))) {
                for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                    write(tar, entry, unfinished);
                }
            }
            // The temporary folder is for its owner alone, but a server may run as another user.
            allow(unfinished, "rwxr-xr-x");
            publish(unfinished, folder);
        } finally {
            FileTrees.delete(unfinished);
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path root)
            throws IOException {
        Path path = root.resolve(entry.getName()).normalize();
        if (!path.startsWith(root)) {
            throw new IOException("an entry leads out of the archive: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            allow(path, "rwxr-xr-x");
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, path);
        boolean executable = (entry.getMode() & 0100) != 0;
        allow(path, executable ? "rwxr-xr-x" : "rw-r--r--");
    }

    private static void allow(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    /** Renames the finished folder into place; whoever comes second uses the first one's. */
    private static void publish(Path finished, Path folder) throws IOException {
        try {
            Files.move(finished, folder);
        } catch (FileSystemException e) { // that it exists, or, at the same moment, is not empty
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }
}
