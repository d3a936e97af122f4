package dev.tidemark.replay.evidence;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A zip whose bytes depend on its files' names and contents alone. So nothing is compressed: what
 * comes of that differs between versions of zlib, of which each Java may have another.
 */
final class FixedZip {
    /**
     * The second moment that a zip can name: the first is taken for one before, and told with a
     * zone.
     */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0, 2);

    private FixedZip() {}

    static void write(Path folder, List<String> names, Path zip) throws IOException {
        try (ZipOutputStream out =
                new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(zip)))) {
            out.setMethod(ZipOutputStream.STORED);
            for (String name : names) {
                Path file = folder.resolve(name);
                ZipEntry entry = new ZipEntry(name);
                entry.setTimeLocal(TIME);
                entry.setSize(Files.size(file));
                entry.setCrc(sum(file));
                out.putNextEntry(entry);
                Files.copy(file, out);
                out.closeEntry();
            }
        }
    }

    private static long sum(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
                CheckedInputStream read = new CheckedInputStream(in, new CRC32())) {
            read.skip(Long.MAX_VALUE);
            return read.getChecksum().getValue();
        }
    }
}
