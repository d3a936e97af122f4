package dev.tidemark.archiver.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Frame;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import dev.tidemark.schemas.log.SessionFilter;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Captures of one source, of which one is in force: they crash in the middle of transactions,
 * repeat some, break copies off and write on after they were replaced.
 */
final class Captures {
    private static final int TEXT = 25; // the type's number in PostgreSQL

    private final Random random;
    private final Source source;
    private final Topic topic;
    private final List<Writer> replaced = new ArrayList<>();
    private Writer inForce;
    private int whole; // transactions that the log has

    Captures(Random random, Source source, Topic topic) {
        this.random = random;
        this.source = source;
        this.topic = topic;
        this.inForce = new Writer(0);
    }

    /** One process of capture, under its session. */
    private final class Writer {
        final long session;
        final Deque<Frame> open = new ArrayDeque<>(); // what is not written of a transaction
        final Map<Long, Table> told = new HashMap<>();
        int next;

        Writer(int next) {
            this.next = next;
            Entry opening =
                    new Entry.Session(
                            "id", "crm", "7001", 1, "crm", "18.6", "host/1", Samples.NOON);
            session = topic.append(new Frame(Frame.OPENING, source.before(next), List.of(opening)));
        }

        /** Did it have anything to write? */
        boolean write() {
            if (open.isEmpty()) {
                if (next == source.committed().size()) {
                    return false;
                }
                open.addAll(frames(this, next));
            }
            topic.append(open.removeFirst());
            next += open.isEmpty() ? 1 : 0;
            return true;
        }
    }

    /** The one in force writes a record, if anything happened that the log does not have. */
    boolean write() {
        boolean wrote = inForce.write();
        whole = Math.max(whole, inForce.next);
        return wrote;
    }

    /** One that was replaced writes what was on its way. */
    void writeLate() {
        if (!replaced.isEmpty()) {
            replaced.get(random.nextInt(replaced.size())).write();
        }
    }

    /**
     * The one in force stands still; another resumes after what the log has, or somewhat before.
     */
    void replace() {
        checkTail();
        replaced.add(inForce);
        inForce = new Writer(repeatedFrom());
    }

    /** The one in force sends the transaction that it is in, or some before it, once more. */
    void repeat() {
        inForce.open.clear();
        inForce.next = repeatedFrom();
    }

    private int repeatedFrom() {
        return Math.max(0, whole - (random.nextInt(3) == 0 ? random.nextInt(3) : 0));
    }

    /**
     * A capture that starts where the archiver said resumes at the log's end: never after it, and
     * before it only where one repeated itself.
     */
    private void checkTail() {
        if (topic.announced().isEmpty() || topic.hasLost()) {
            return;
        }
        SessionFilter filter = new SessionFilter(topic.announced().get().session());
        Optional<Position> end = Optional.empty();
        long from = Math.max(topic.first(), topic.announced().get().offset() - 1);
        for (long at = from; at < topic.end(); at++) {
            Frame frame = topic.frame(at);
            if (filter.accepts(at, frame)) {
                Entry last = frame.entries().getLast();
                Position said = last instanceof Entry.End whole ? whole.position() : frame.end();
                end = Optional.of(end.filter(known -> known.isAfter(said)).orElse(said));
            }
        }
        if (end.isPresent()) {
            assertThat(end.get())
                    .describedAs("the log's end")
                    .isLessThanOrEqualTo(source.before(whole));
        }
    }

    private List<Frame> frames(Writer writer, int place) {
        Truth truth = source.committed().get(place);
        List<Entry> changes = new ArrayList<>();
        for (Truth.Told told : truth.told()) {
            changes.addAll(stream(writer, told));
        }
        List<Entry> all = new ArrayList<>();
        all.add(new Entry.Begin(truth.previous(), truth.xid(), truth.commit()));
        all.addAll(changes);
        all.add(new Entry.End(truth.position(), truth.commit(), changes.size()));
        List<Frame> split = new ArrayList<>();
        int entriesMax = 1 + random.nextInt(all.size());
        for (int from = 0; from < all.size(); ) {
            int to = Math.min(all.size(), from + 1 + random.nextInt(entriesMax));
            split.add(new Frame(writer.session, truth.previous(), all.subList(from, to)));
            from = to;
        }
        return split;
    }

    /** An entry as it comes: after its table's columns, when these were not told yet. */
    private List<Entry> stream(Writer writer, Truth.Told told) {
        List<Entry> entries = new ArrayList<>();
        told.table()
                .filter(table -> !table.equals(writer.told.put(table.id(), table)))
                .ifPresent(table -> entries.add(relation(table)));
        if (told.entry() instanceof Entry.Row row && random.nextInt(10) == 0) {
            entries.addAll(inPieces(row));
        } else {
            entries.add(told.entry());
        }
        return entries;
    }

    private static Entry relation(Table table) {
        List<Entry.RelationColumn> columns = new ArrayList<>();
        for (Column column : table.stored()) {
            boolean isKey = table.key().contains(column.id());
            columns.add(new Entry.RelationColumn(column.name(), TEXT, -1, isKey));
        }
        return new Entry.Relation(table.id(), table.schema(), table.name(), columns);
    }

    /** Some of its texts in pieces, as large ones come. */
    private List<Entry> inPieces(Entry.Row row) {
        List<Entry> entries = new ArrayList<>();
        List<Value> before = cut(row.before(), entries);
        List<Value> after = cut(row.after(), entries);
        entries.add(new Entry.Row(row.table(), row.operation(), row.image(), before, after));
        return entries;
    }

    private List<Value> cut(List<Value> values, List<Entry> pieces) {
        List<Value> marked = new ArrayList<>(values);
        for (int i = 0; i < marked.size(); i++) {
            if (marked.get(i) instanceof Value.Text text && random.nextBoolean()) {
                ByteBuffer bytes = ByteBuffer.wrap(text.utf8());
                int middle = random.nextInt(bytes.limit() + 1);
                pieces.add(new Entry.Piece(bytes.slice(0, middle), false));
                pieces.add(new Entry.Piece(bytes.slice(middle, bytes.limit() - middle), true));
                marked.set(i, Value.Mark.PIECES);
            }
        }
        return marked;
    }
}
