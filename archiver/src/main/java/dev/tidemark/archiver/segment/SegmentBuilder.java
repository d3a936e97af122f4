package dev.tidemark.archiver.segment;

import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.ChangeDigest;
import dev.tidemark.archive.parquet.JournalWriter;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archiver.consume.TransactionSink;
import dev.tidemark.schemas.catalog.Look;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Collects transactions into one segment: in memory up to a limit, then in a local journal file.
 * For one thread; used once, ended by {@link #seal} or {@link #discard}.
 */
public final class SegmentBuilder implements TransactionSink {
    private static final int TEXT_BYTES = 48; // of a text, besides its own
    private static final int MARK_BYTES = 8;

    private final Path folder;
    private final SegmentLimits limits;
    private final ShapeTracker shapes;
    private final List<TransactionRecord> transactions = new ArrayList<>();
    private final LargeValues large;
    private final List<Change> buffer = new ArrayList<>();
    private long bufferBytes;
    private long changes;
    private @Nullable JournalWriter journal;

    private ChangeDigest digest = new ChangeDigest();
    private @Nullable OpenTransaction open;
    private boolean hasChanges;

    /** The transaction that is not whole yet. */
    private static final class OpenTransaction {
        final Entry.Begin begin;
        final long offset;
        final int bufferStart;
        final long bufferBytesStart;
        final boolean hadChanges;
        long changes;
        boolean spilled;

        OpenTransaction(Entry.Begin begin, long offset, SegmentBuilder segment) {
            this.begin = begin;
            this.offset = offset;
            this.bufferStart = segment.buffer.size();
            this.bufferBytesStart = segment.bufferBytes;
            this.hadChanges = segment.hasChanges;
        }
    }

    /**
     * An empty segment.
     *
     * @param folder for the journal; the caller deletes it
     * @param shapes where the catalog stands before the segment; moved on by it
     */
    public SegmentBuilder(Path folder, SegmentLimits limits, ShapeTracker shapes) {
        this.folder = folder;
        this.limits = limits;
        this.shapes = shapes;
        this.large = new LargeValues(folder);
    }

    @Override
    public void begin(Entry.Begin begin, long offset) {
        open = new OpenTransaction(begin, offset, this);
        digest = new ChangeDigest();
        large.clear();
        shapes.begin();
    }

    @Override
    public void add(Entry entry) throws IOException {
        switch (entry) {
            case Entry.Piece piece -> large.take(piece);
            case Entry.Row row -> shape(large.fill(row));
            default -> shape(entry);
        }
    }

    private void shape(Entry entry) throws IOException {
        for (ShapeTracker.Shaped shaped : shapes.shape(entry)) {
            append(new Change(transactions.size(), shaped.version(), shaped.entry()));
        }
    }

    private void append(Change change) throws IOException {
        digest.add(change);
        buffer.add(change);
        bufferBytes += bytes(change.entry());
        changes++;
        if (open != null) {
            open.changes++;
        }
        hasChanges |= !isSignOfLife(change.entry());
        if (bufferBytes > limits.memoryBytesMax()) {
            spill();
        }
    }

    /** What comes by itself, so that a database in which nothing happens has it too. */
    private static boolean isSignOfLife(Entry entry) {
        return entry instanceof Entry.Sequences
                || (entry instanceof Entry.Message message
                        && message.prefix().equals(Look.MESSAGE));
    }

    @Override
    public void end(Entry.End end) {
        OpenTransaction whole = requireOpen();
        transactions.add(
                new TransactionRecord(
                        transactions.size(),
                        end.position(),
                        whole.begin.previous(),
                        whole.begin.xid(),
                        end.commitTime(),
                        whole.changes,
                        whole.offset,
                        digest.finish()));
        open = null;
    }

    @Override
    public boolean takeBack() {
        OpenTransaction broken = requireOpen();
        open = null;
        large.clear();
        if (broken.spilled || shapes.changedSinceBegin()) {
            return false;
        }
        buffer.subList(broken.bufferStart, buffer.size()).clear();
        bufferBytes = broken.bufferBytesStart;
        changes -= broken.changes;
        hasChanges = broken.hadChanges;
        shapes.takeBack();
        return true;
    }

    private OpenTransaction requireOpen() {
        if (open == null) {
            throw new IllegalStateException("no transaction is open");
        }
        return open;
    }

    private void spill() throws IOException {
        if (journal == null) {
            journal = JournalWriter.create(folder.resolve("journal.parquet"));
        }
        for (Change change : buffer) {
            journal.add(change);
        }
        buffer.clear();
        bufferBytes = 0;
        if (open != null) {
            open.spilled = true;
        }
    }

    /** Has it no transaction? */
    public boolean isEmpty() {
        return transactions.isEmpty();
    }

    /** Has it anything but heartbeats and samples? */
    public boolean hasChanges() {
        return hasChanges;
    }

    /** About how large its journal is. */
    public long bytes() {
        return bufferBytes + (journal == null ? 0 : journal.bytes());
    }

    /**
     * A segment that is whole, in local files.
     *
     * @param rows of the journal
     * @param catalogChanged is there a new catalog to publish?
     */
    public record Sealed(
            Path journal, long rows, List<TransactionRecord> transactions, boolean catalogChanged) {
        public Sealed {
            transactions = List.copyOf(transactions);
        }

        public Instant latestCommit() {
            return transactions.stream()
                    .map(TransactionRecord::commitTime)
                    .max(Instant::compareTo)
                    .orElseThrow();
        }
    }

    /** Ends the segment. */
    public Sealed seal() throws IOException {
        if (open != null) {
            throw new IllegalStateException("a segment ends between transactions");
        }
        spill();
        JournalWriter writer = journal;
        if (writer == null) {
            throw new IllegalStateException("no journal");
        }
        journal = null;
        Sealed whole = new Sealed(writer.close(), changes, transactions, shapes.isChanged());
        transactions.clear(); // sealed once: nothing is left to publish again
        changes = 0;
        return whole;
    }

    /** Leaves no trace, and nothing to publish: who is stopped right then looks for that. */
    public void discard() throws IOException {
        open = null;
        transactions.clear();
        buffer.clear();
        bufferBytes = 0;
        changes = 0;
        large.clear();
        if (journal != null) {
            journal.discard();
            journal = null;
        }
    }

    /** About what an entry takes in memory. */
    private static long bytes(Entry entry) {
        return switch (entry) {
            case Entry.Row row -> 96 + bytes(row.before()) + bytes(row.after());
            case Entry.Schema schema -> 96 + 2L * schema.content().length();
            case Entry.Sequences sequences -> 96 + 2L * sequences.content().length();
            case Entry.Message message -> 96 + 2L * message.content().length();
            default -> 96;
        };
    }

    private static long bytes(List<Value> values) {
        long bytes = 0;
        for (int i = 0; i < values.size(); i++) {
            Value value = values.get(i);
            // A large one is not on the heap, but the segment's and its file's size all the same.
            bytes += value instanceof Value.Mark ? MARK_BYTES : TEXT_BYTES + value.bytes();
        }
        return bytes;
    }
}
