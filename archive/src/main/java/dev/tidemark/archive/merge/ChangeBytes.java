package dev.tidemark.archive.merge;

import dev.tidemark.archive.parquet.Change;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes of rows as bytes, for the time of a sort. Never stored.
 *
 * <p>A row's fields are counted by {@link Entry.Row#before} and {@link Entry.Row#after}; a field is
 * the length of its text and the text, or −1 and on for a mark.
 */
final class ChangeBytes {
    private static final List<Operation> OPERATIONS = List.of(Operation.values());
    private static final List<BeforeImage> IMAGES = List.of(BeforeImage.values());
    private static final List<Value.Mark> MARKS = List.of(Value.Mark.values());

    private ChangeBytes() {}

    static byte[] write(Change change) {
        Entry.Row row = (Entry.Row) change.entry();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(change.transaction());
            out.writeInt(change.version());
            out.writeLong(row.table());
            out.writeByte(OPERATIONS.indexOf(row.operation()));
            out.writeByte(IMAGES.indexOf(row.image()));
            write(row.before(), out);
            write(row.after(), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(List<Value> fields, DataOutputStream out) throws IOException {
        out.writeInt(fields.size());
        for (Value field : fields) {
            switch (field) {
                case Value.Text text -> {
                    out.writeInt(text.utf8().length);
                    out.write(text.utf8());
                }
                case Value.Large large -> {
                    ByteBuffer utf8 = large.utf8();
                    out.writeInt(utf8.remaining());
                    Channels.newChannel(out).write(utf8);
                }
                case Value.Mark mark -> out.writeInt(-1 - MARKS.indexOf(mark));
            }
        }
    }

    static Change read(byte[] content) {
        ByteBuffer in = ByteBuffer.wrap(content);
        int transaction = in.getInt();
        int version = in.getInt();
        long table = in.getLong();
        Operation operation = OPERATIONS.get(in.get());
        BeforeImage image = IMAGES.get(in.get());
        List<Value> before = fields(in);
        List<Value> after = fields(in);
        return new Change(
                transaction, version, new Entry.Row(table, operation, image, before, after));
    }

    private static List<Value> fields(ByteBuffer in) {
        int count = in.getInt();
        List<Value> fields = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int length = in.getInt();
            if (length < 0) {
                fields.add(MARKS.get(-1 - length));
            } else if (length >= Value.LARGE_BYTES) {
                fields.add(new Value.Large(in.slice(in.position(), length)));
                in.position(in.position() + length);
            } else {
                byte[] text = new byte[length];
                in.get(text);
                fields.add(new Value.Text(text));
            }
        }
        return fields;
    }
}
