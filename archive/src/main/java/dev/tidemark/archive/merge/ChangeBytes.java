package dev.tidemark.archive.merge;

import dev.tidemark.archive.parquet.Change;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes of rows, and rows, as bytes on local disk, for the time of a sort or a fold. Never
 * stored.
 *
 * <p>A row's fields are counted by {@link Entry.Row#before} and {@link Entry.Row#after}; a field is
 * the length of its text and the text, or −1 and on for a mark.
 */
final class ChangeBytes {
    private static final int HEAD_BYTES = 2 * Integer.BYTES + Long.BYTES + 2;
    private static final List<Operation> OPERATIONS = List.of(Operation.values());
    private static final List<BeforeImage> IMAGES = List.of(BeforeImage.values());
    private static final List<Value.Mark> MARKS = List.of(Value.Mark.values());

    private ChangeBytes() {}

    /** How many bytes a change takes. */
    static int size(Change change) {
        Entry.Row row = (Entry.Row) change.entry();
        long size = HEAD_BYTES + size(row.before()) + size(row.after());
        return Math.toIntExact(size);
    }

    static long size(List<Value> fields) {
        long size = Integer.BYTES;
        for (Value field : fields) {
            size += Integer.BYTES + field.bytes();
        }
        return size;
    }

    static void write(Change change, ByteBuffer out) {
        Entry.Row row = (Entry.Row) change.entry();
        out.putInt(change.transaction());
        out.putInt(change.version());
        out.putLong(row.table());
        out.put((byte) OPERATIONS.indexOf(row.operation()));
        out.put((byte) IMAGES.indexOf(row.image()));
        write(row.before(), out);
        write(row.after(), out);
    }

    static void write(List<Value> fields, ByteBuffer out) {
        out.putInt(fields.size());
        for (Value field : fields) {
            switch (field) {
                case Value.Text text -> out.putInt(text.utf8().length).put(text.utf8());
                case Value.Large large -> {
                    ByteBuffer utf8 = large.utf8();
                    out.putInt(utf8.remaining()).put(utf8);
                }
                case Value.Mark mark -> out.putInt(-1 - MARKS.indexOf(mark));
            }
        }
    }

    static Change read(ByteBuffer content) {
        ByteBuffer in = content.duplicate();
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

    static List<Value> fields(ByteBuffer in) {
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
