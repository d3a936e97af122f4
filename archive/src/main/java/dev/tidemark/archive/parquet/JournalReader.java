package dev.tidemark.archive.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;

/** The changes of a journal, in commit order. For one thread. */
public final class JournalReader implements Iterator<Change>, AutoCloseable {
    /** Which changes of rows are wanted; all that is not of rows always is. */
    public interface Wanted {
        /** Is the change of a row of a table wanted, in the transaction with this index? */
        boolean is(long table, int transaction);
    }

    private static final FilterPredicate OF_TABLES =
            FilterApi.in(
                    FilterApi.binaryColumn("operation"),
                    new HashSet<>( // which Parquet asks for null
                            List.of(Binary.fromString("TRUNCATE"), Binary.fromString("SCHEMA"))));

    private final ParquetRows<Optional<Change>> rows;
    private final Materializer materializer;
    private Optional<Change> next = Optional.empty();

    private JournalReader(ParquetRows<Optional<Change>> rows, Materializer materializer) {
        this.rows = rows;
        this.materializer = materializer;
    }

    /** Of any segment. */
    public static JournalReader open(Path path) throws IOException {
        Materializer materializer = new Materializer();
        return new JournalReader(ParquetRows.open(path, schema -> materializer), materializer);
    }

    /** Of a segment that is not merged: nothing is made of changes that nobody wants. */
    public static JournalReader open(Path path, Wanted wanted) throws IOException {
        return new JournalReader(
                ParquetRows.open(path, (schema, pages) -> new JournalPages(schema, pages, wanted)),
                new Materializer());
    }

    /** The same, of nothing but what is no change of a row. */
    public static JournalReader openRest(Path path) throws IOException {
        return new JournalReader(
                ParquetRows.open(path, JournalRest::columns, JournalRest::new), new Materializer());
    }

    /**
     * Of a merged segment what it says of tables as wholes, and perhaps other things: what came and
     * went, and truncations. Of the rest as little is read as the file allows.
     */
    public static JournalReader openOfTables(Path path) throws IOException {
        Materializer materializer = new Materializer();
        return new JournalReader(
                ParquetRows.open(path, OF_TABLES, schema -> materializer), materializer);
    }

    @Override
    public boolean hasNext() {
        while (next.isEmpty() && rows.hasNext()) {
            next = rows.next();
        }
        return next.isPresent();
    }

    @Override
    public Change next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Change change = next.orElseThrow();
        next = Optional.empty();
        return change;
    }

    /** The place of the last change in its transaction; only in the journal of a merged segment. */
    public long sequence() {
        return materializer.sequence.value;
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    /** What is no change of a row. */
    static Entry entry(String operation, long table, String text) {
        return switch (operation) {
            case "TRUNCATE" -> new Entry.Truncate(List.of(table), false, false);
            case "SCHEMA" -> new Entry.Schema(text);
            case "SEQUENCES" -> new Entry.Sequences(text);
            case "HEARTBEAT" -> new Entry.Heartbeat(Instant.parse(text));
            case "MESSAGE" -> {
                int space = text.indexOf(' ');
                yield new Entry.Message(text.substring(0, space), text.substring(space + 1));
            }
            default -> throw new IllegalArgumentException("no operation: " + operation);
        };
    }

    private static final class Materializer extends RecordMaterializer<Optional<Change>> {
        private final Fields.Whole transaction = new Fields.Whole();
        private final Fields.Word operation = new Fields.Word();
        private final Fields.Whole table = new Fields.Whole();
        private final Fields.Whole version = new Fields.Whole();
        private final Fields.Word image = new Fields.Word();
        private final Fields.Values before = new Fields.Values();
        private final Fields.Values after = new Fields.Values();
        private final Fields.Numbers unchanged = new Fields.Numbers();
        private final Fields.Bytes content = new Fields.Bytes();
        private final Fields.Whole sequence = new Fields.Whole();
        private final Converter[] fields = {
            transaction,
            operation,
            table,
            version,
            image,
            before,
            after,
            unchanged,
            content,
            sequence
        };

        private final GroupConverter root = new Fields.Group(fields);

        @Override
        public Optional<Change> getCurrentRecord() {
            return Optional.of(
                    new Change(
                            Math.toIntExact(transaction.value),
                            Math.toIntExact(version.value),
                            current()));
        }

        private Entry current() {
            return switch (operation.value) {
                case "TRUNCATE", "SCHEMA", "SEQUENCES", "HEARTBEAT", "MESSAGE" ->
                        entry(operation.value, table.value, text());
                default -> row();
            };
        }

        private String text() {
            return new String(content.value, UTF_8);
        }

        private Entry.Row row() {
            BeforeImage known = BeforeImage.valueOf(image.value);
            List<Value> old = before.take();
            if (known == BeforeImage.KEY) {
                old.replaceAll(value -> value == Value.Mark.NULL ? Value.Mark.UNKNOWN : value);
            }
            List<Value> now = after.take();
            for (int field : unchanged.take()) {
                now.set(field, Value.Mark.UNCHANGED);
            }
            return new Entry.Row(table.value, Operation.valueOf(operation.value), known, old, now);
        }

        @Override
        public GroupConverter getRootConverter() {
            return root;
        }
    }
}
