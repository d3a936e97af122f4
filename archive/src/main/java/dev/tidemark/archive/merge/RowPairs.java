package dev.tidemark.archive.merge;

import dev.tidemark.archive.merge.ExternalSort.Item;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The rows of two states of a table, side by side, in little memory: first all rows of both are
 * added, then they come back once, those with the same key together. What does not fit memory waits
 * on local disk. For one thread.
 */
public final class RowPairs implements AutoCloseable {
    /** Which of the two. */
    public enum Side {
        ONE(0),
        OTHER(1);

        private final long number;

        Side(long number) {
            this.number = number;
        }
    }

    /** Takes the rows of a key. */
    public interface Sink {
        /**
         * A key that one of the sides has, or both.
         *
         * @param one a row of the one side; empty where it has none
         * @param other one of the other
         * @param oneTimes how many rows of this key the one side has
         * @param otherTimes how many the other
         */
        void rows(
                Optional<List<Value>> one,
                Optional<List<Value>> other,
                long oneTimes,
                long otherTimes)
                throws IOException;
    }

    private static final int SUFFIX_BYTES = 2 * Long.BYTES; // the side, and a number

    private final ExternalSort sort;
    private long added;

    /**
     * @param folder for files; the caller deletes it
     * @param memory bytes to keep in memory, if that is less than a sort takes
     */
    public RowPairs(Path folder, long memory) {
        this.sort = new ExternalSort(folder, Math.min(memory, ExternalSort.memory()));
    }

    /**
     * Adds a row by its key.
     *
     * @param order the same for all rows
     */
    public void add(Side side, KeyOrder order, List<Value> key, List<Value> row)
            throws IOException {
        add(side, order.bytes(key), row);
    }

    /** Adds a row of which equal ones belong together, in the order of their hashes. */
    public void add(Side side, List<Value> row) throws IOException {
        add(side, new SortKey().add(hash(row)), row);
    }

    /** By which rows without a key are ordered. */
    public static byte[] hash(List<Value> row) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(ChangeBytes.size(row)));
        ChangeBytes.write(row, bytes);
        return sha256(bytes.array());
    }

    private void add(Side side, SortKey key, List<Value> row) throws IOException {
        byte[] bytes = key.add(side.number).add(added++).bytes();
        sort.add(bytes, new Change(0, 0, row(row)));
    }

    private static Entry.Row row(List<Value> row) {
        return new Entry.Row(0, Operation.INSERT, BeforeImage.NONE, List.of(), row);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    /** All of them, by key; once. */
    public void pairs(Sink sink) throws IOException {
        Iterator<Item> sorted = sort.sorted();
        Group group = new Group(sink);
        while (sorted.hasNext()) {
            group.add(sorted.next());
        }
        group.end();
    }

    /** The rows of one key. */
    private final class Group {
        private final Sink sink;
        private byte[] key = new byte[0];
        private Optional<Item> one = Optional.empty();
        private Optional<Item> other = Optional.empty();
        private long oneTimes;
        private long otherTimes;

        Group(Sink sink) {
            this.sink = sink;
        }

        void add(Item item) throws IOException {
            int length = item.key().length - SUFFIX_BYTES;
            if (!Arrays.equals(key, 0, key.length, item.key(), 0, length)) {
                end();
                key = Arrays.copyOf(item.key(), length);
            }
            long side = ByteBuffer.wrap(item.key()).getLong(length);
            if (side == Side.ONE.number) {
                one = one.or(() -> Optional.of(item));
                oneTimes++;
            } else {
                other = other.or(() -> Optional.of(item));
                otherTimes++;
            }
        }

        void end() throws IOException {
            if (oneTimes + otherTimes > 0) {
                sink.rows(one.map(this::row), other.map(this::row), oneTimes, otherTimes);
            }
            one = Optional.empty();
            other = Optional.empty();
            oneTimes = 0;
            otherTimes = 0;
        }

        private List<Value> row(Item item) {
            return ((Entry.Row) sort.change(item).entry()).after();
        }
    }

    @Override
    public void close() throws IOException {
        sort.close();
    }
}
