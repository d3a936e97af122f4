package dev.tidemark.archive.fold;

import dev.tidemark.archive.merge.LineKey;
import dev.tidemark.archive.merge.LineOrder;
import dev.tidemark.archive.parquet.ChangesReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Goes through the lines of one file in their order. For one thread. */
final class LineCursor implements Comparable<LineCursor>, AutoCloseable {
    private final Path file;
    private final int age;
    private final LineOrder order;
    private final ChangesReader changes;
    private final RowLine.Reader lines;
    private RowLine line;
    private LineKey key = LineKey.FIRST;

    private LineCursor(
            Path file, int age, LineOrder order, ChangesReader changes, RowLine.Reader lines) {
        this.file = file;
        this.age = age;
        this.order = order;
        this.changes = changes;
        this.lines = lines;
        this.line = RowLine.NONE;
    }

    /**
     * Opens a file, before its first line.
     *
     * @param file on local disk, which goes when it is closed
     * @param transactions changes of later ones do not count
     * @param age its place among the files of the table, from the oldest
     */
    static LineCursor open(Path file, int transactions, int age, LineOrder order)
            throws IOException {
        ChangesReader changes = ChangesReader.ofLines(file, transactions);
        return new LineCursor(file, age, order, changes, new RowLine.Reader(changes, transactions));
    }

    /** Moves on to the next line; false at the end. */
    boolean next() {
        if (!lines.hasNext()) {
            return false;
        }
        line = lines.next();
        LineKey next = order.of(line.first());
        if (key.compareTo(next) > 0) {
            throw new IllegalStateException("the line of the row " + next + " is out of order");
        }
        key = next;
        return true;
    }

    RowLine line() {
        return line;
    }

    /** The first key of the line. */
    LineKey key() {
        return key;
    }

    int age() {
        return age;
    }

    /** By key; of the same key the older first. */
    @Override
    public int compareTo(LineCursor other) {
        int byKey = key.compareTo(other.key);
        return byKey != 0 ? byKey : Integer.compare(age, other.age);
    }

    @Override
    public void close() throws IOException {
        try {
            changes.close();
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
