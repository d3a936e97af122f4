package dev.tidemark.archive.parquet;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Local files that live only for a while: compressed as fast as possible, and in no format. */
public final class BriefFile {
    private static final int LEVEL = 1;
    private static final int BUFFER_BYTES = 64 * 1024;

    private BriefFile() {}

    /** Writes one, which may exist. */
    public static DataOutputStream write(Path path) throws IOException {
        return new DataOutputStream(
                new BufferedOutputStream(
                        new ZstdOutputStreamNoFinalizer(Files.newOutputStream(path), LEVEL),
                        BUFFER_BYTES));
    }

    /** Reads one. */
    public static DataInputStream read(Path path) throws IOException {
        return new DataInputStream(
                new BufferedInputStream(
                        new ZstdInputStreamNoFinalizer(Files.newInputStream(path)), BUFFER_BYTES));
    }
}
