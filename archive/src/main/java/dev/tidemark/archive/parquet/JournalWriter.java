package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;

/** Writes a journal: all changes of a segment, of all tables, in commit order. For one thread. */
public final class JournalWriter {
    private static final Binary NO_IMAGE = Binary.fromString("NONE");
    private static final Binary KEY_IMAGE = Binary.fromString("KEY");
    private static final Binary FULL_IMAGE = Binary.fromString("FULL");
    private static final Binary INSERT = Binary.fromString("INSERT");
    private static final Binary UPDATE = Binary.fromString("UPDATE");
    private static final Binary DELETE = Binary.fromString("DELETE");
    private static final Binary REWRITE = Binary.fromString("REWRITE");
    private static final Binary TRUNCATE = Binary.fromString("TRUNCATE");
    private static final Binary SCHEMA = Binary.fromString("SCHEMA");
    private static final Binary SEQUENCES = Binary.fromString("SEQUENCES");
    private static final Binary HEARTBEAT = Binary.fromString("HEARTBEAT");
    private static final Binary MESSAGE = Binary.fromString("MESSAGE");

    private final ParquetFile<Change> file;
    private long sequence;

    private JournalWriter(Path path, MessageType schema, boolean hasSequence) throws IOException {
        this.file =
                ParquetFile.create(
                        path,
                        schema,
                        Map.of(),
                        (change, out) -> {
                            long bytes = write(change, out);
                            if (hasSequence) {
                                writeSequence(out);
                            }
                            return bytes;
                        });
    }

    /** Starts a journal in a local file, which must not exist. */
    public static JournalWriter create(Path path) throws IOException {
        return new JournalWriter(path, JournalSchema.JOURNAL, false);
    }

    /** The same for a merged segment, of which other files have the changes of rows. */
    public static JournalWriter createRest(Path path) throws IOException {
        return new JournalWriter(path, JournalSchema.REST, true);
    }

    /**
     * Adds one to the journal of a merged segment.
     *
     * @param place of the change in its transaction, from 0
     */
    public void add(Change change, long place) throws IOException {
        sequence = place;
        file.write(change);
    }

    private void writeSequence(RecordConsumer out) {
        out.startField("sequence", JournalSchema.SEQUENCE);
        out.addLong(sequence);
        out.endField("sequence", JournalSchema.SEQUENCE);
    }

    public void add(Change change) throws IOException {
        file.write(change);
    }

    public long rows() {
        return file.rows();
    }

    /** About how large the file will be. */
    public long bytes() {
        return file.bytes();
    }

    public Path close() throws IOException {
        return file.close();
    }

    /** Leaves no trace. */
    public void discard() throws IOException {
        file.discard();
    }

    private static long write(Change change, RecordConsumer out) {
        out.startField("transaction", JournalSchema.TRANSACTION);
        out.addInteger(change.transaction());
        out.endField("transaction", JournalSchema.TRANSACTION);
        return switch (change.entry()) {
            case Entry.Row row -> {
                head(out, operation(row), row.table(), change.version(), image(row));
                long bytes = values(out, "before", JournalSchema.BEFORE, row.before());
                bytes += values(out, "after", JournalSchema.AFTER, row.after());
                unchanged(out, row.after());
                yield bytes;
            }
            case Entry.Truncate truncate -> {
                head(out, TRUNCATE, truncate.tables().getFirst(), change.version(), NO_IMAGE);
                yield 0;
            }
            case Entry.Schema schema -> content(out, SCHEMA, change, schema.content());
            case Entry.Sequences sequences -> content(out, SEQUENCES, change, sequences.content());
            case Entry.Heartbeat heartbeat ->
                    content(out, HEARTBEAT, change, heartbeat.sent().toString());
            case Entry.Message message ->
                    content(out, MESSAGE, change, message.prefix() + " " + message.content());
            default -> throw new IllegalArgumentException("not a change: " + change.entry());
        };
    }

    private static long content(
            RecordConsumer out, Binary operation, Change change, String content) {
        head(out, operation, 0, change.version(), NO_IMAGE);
        out.startField("content", JournalSchema.CONTENT);
        Binary text = Binary.fromString(content);
        out.addBinary(text);
        out.endField("content", JournalSchema.CONTENT);
        return text.length();
    }

    private static void head(
            RecordConsumer out, Binary operation, long table, int version, Binary image) {
        out.startField("operation", JournalSchema.OPERATION);
        out.addBinary(operation);
        out.endField("operation", JournalSchema.OPERATION);
        out.startField("table", JournalSchema.TABLE);
        out.addLong(table);
        out.endField("table", JournalSchema.TABLE);
        out.startField("version", JournalSchema.VERSION);
        out.addInteger(version);
        out.endField("version", JournalSchema.VERSION);
        out.startField("image", JournalSchema.IMAGE);
        out.addBinary(image);
        out.endField("image", JournalSchema.IMAGE);
    }

    private static Binary operation(Entry.Row row) {
        return switch (row.operation()) {
            case INSERT -> INSERT;
            case UPDATE -> UPDATE;
            case DELETE -> DELETE;
            case REWRITE -> REWRITE;
        };
    }

    private static Binary image(Entry.Row row) {
        return switch (row.image()) {
            case NONE -> NO_IMAGE;
            case KEY -> KEY_IMAGE;
            case FULL -> FULL_IMAGE;
        };
    }

    /**
     * NULL, unchanged and unknown are all null here; {@code unchanged} and {@code image} tell them
     * apart.
     */
    private static long values(RecordConsumer out, String name, int index, List<Value> values) {
        if (values.isEmpty()) {
            return 0;
        }
        long bytes = 0;
        out.startField(name, index);
        out.startGroup();
        out.startField("list", 0);
        for (int i = 0; i < values.size(); i++) {
            out.startGroup();
            if (!(values.get(i) instanceof Value.Mark)) {
                Binary text = Texts.binary(values.get(i));
                out.startField("element", 0);
                out.addBinary(text);
                out.endField("element", 0);
                bytes += text.length();
            }
            out.endGroup();
        }
        out.endField("list", 0);
        out.endGroup();
        out.endField(name, index);
        return bytes;
    }

    private static void unchanged(RecordConsumer out, List<Value> after) {
        if (!after.contains(Value.Mark.UNCHANGED)) {
            return;
        }
        out.startField("unchanged", JournalSchema.UNCHANGED);
        out.startGroup();
        out.startField("list", 0);
        for (int i = 0; i < after.size(); i++) {
            if (after.get(i) == Value.Mark.UNCHANGED) {
                out.startGroup();
                out.startField("element", 0);
                out.addInteger(i);
                out.endField("element", 0);
                out.endGroup();
            }
        }
        out.endField("list", 0);
        out.endGroup();
        out.endField("unchanged", JournalSchema.UNCHANGED);
    }
}
