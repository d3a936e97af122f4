package dev.tidemark.replay.difference;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Updates of one table, in a local file until all are known. For one thread. */
final class PatchSteps implements AutoCloseable {
    /**
     * One of them.
     *
     * @param row which row it is about, for people
     * @param sql of a deletion its condition, of an update all of it
     * @param times how many rows it is about
     */
    record Step(String row, String sql, long times) {}

    /** Takes them. */
    interface Sink {
        void step(Step step) throws IOException;
    }

    private final Path file;
    private final DataOutputStream out;
    private long steps;

    PatchSteps(Path file) throws IOException {
        this.file = file;
        this.out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)));
    }

    void add(Step step) throws IOException {
        text(step.row());
        text(step.sql());
        out.writeLong(step.times());
        steps++;
    }

    private void text(String text) throws IOException {
        byte[] utf8 = text.getBytes(UTF_8);
        out.writeInt(utf8.length);
        out.write(utf8);
    }

    long size() {
        return steps;
    }

    /** All, in the order in which they were added. */
    void forEach(Sink sink) throws IOException {
        close();
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            for (long n = 0; n < steps; n++) {
                sink.step(new Step(read(in), read(in), in.readLong()));
            }
        }
    }

    private static String read(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), UTF_8);
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
