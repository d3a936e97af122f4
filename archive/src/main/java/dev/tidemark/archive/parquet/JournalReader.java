package dev.tidemark.archive.parquet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.RecordMaterializer;

/** The changes of a journal, in commit order. For one thread. */
public final class JournalReader implements Iterator<Change>, AutoCloseable {
    private final ParquetRows<Change> rows;
    private final Materializer materializer;

    private JournalReader(ParquetRows<Change> rows, Materializer materializer) {
        this.rows = rows;
        this.materializer = materializer;
    }

    public static JournalReader open(Path path) throws IOException {
        Materializer materializer = new Materializer();
        return new JournalReader(ParquetRows.open(path, schema -> materializer), materializer);
    }

    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    @Override
    public Change next() {
        return rows.next();
    }

    /** The place of the last change in its transaction; only in the journal of a merged segment. */
    public long sequence() {
        return materializer.sequence.value;
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }

    private static final class Materializer extends RecordMaterializer<Change> {
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

        private final GroupConverter root =
                new GroupConverter() {
                    @Override
                    public Converter getConverter(int field) {
                        return fields[field];
                    }

                    @Override
                    public void start() {}

                    @Override
                    public void end() {}
                };

        @Override
        public Change getCurrentRecord() {
            return new Change(
                    Math.toIntExact(transaction.value), Math.toIntExact(version.value), entry());
        }

        private Entry entry() {
            return switch (operation.value) {
                case "TRUNCATE" -> new Entry.Truncate(List.of(table.value), false, false);
                case "SCHEMA" -> new Entry.Schema(text());
                case "SEQUENCES" -> new Entry.Sequences(text());
                case "HEARTBEAT" -> new Entry.Heartbeat(Instant.parse(text()));
                case "MESSAGE" -> {
                    String text = text();
                    int space = text.indexOf(' ');
                    yield new Entry.Message(text.substring(0, space), text.substring(space + 1));
                }
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
