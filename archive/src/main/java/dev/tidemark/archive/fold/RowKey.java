package dev.tidemark.archive.fold;

import dev.tidemark.schemas.change.Value;
import java.util.Arrays;
import java.util.List;

/** Some fields of a row as one thing that can be looked up: a key, or for a bag the whole row. */
final class RowKey {
    private static final int ENTRY_BYTES = 112;
    private static final int VALUE_BYTES = 48;
    private static final int REFERENCE_BYTES = 8;

    private final Value[] fields;
    private final int hash;

    private RowKey(Value[] fields) {
        this.fields = fields;
        this.hash = hash(fields);
    }

    /**
     * The same in every run: what comes in the order of a map must not come in another one when the
     * same is asked again, and a mark's own hash is another one in each JVM.
     */
    private static int hash(Value[] fields) {
        int hash = 1;
        for (Value field : fields) {
            hash =
                    31 * hash
                            + (field instanceof Value.Mark mark
                                    ? mark.name().hashCode()
                                    : field.hashCode());
        }
        return hash;
    }

    /** The fields at these places. */
    static RowKey of(List<Value> row, int[] places) {
        Value[] fields = new Value[places.length];
        for (int i = 0; i < places.length; i++) {
            fields[i] = row.get(places[i]);
            if (!fields[i].isKnown()) {
                throw new IllegalArgumentException("a key with a field that is " + fields[i]);
            }
        }
        return new RowKey(fields);
    }

    /** The whole row. */
    static RowKey of(List<Value> row) {
        return new RowKey(row.toArray(Value[]::new));
    }

    /** About how much memory a map's entry takes that has it for its key. */
    long bytes() {
        return ENTRY_BYTES + bytes(fields);
    }

    /** The same without the texts of so many fields. */
    static long bytes(int fields) {
        return ENTRY_BYTES + (long) fields * VALUE_BYTES;
    }

    /** About how much memory fields take. */
    static long bytes(Value[] fields) {
        return bytes(Arrays.asList(fields));
    }

    /** The same. */
    static long bytes(List<Value> fields) {
        long bytes = 0;
        for (Value field : fields) {
            bytes += field instanceof Value.Mark ? REFERENCE_BYTES : VALUE_BYTES + field.bytes();
        }
        return bytes;
    }

    List<Value> fields() {
        return Arrays.asList(fields);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowKey key && hash == key.hash && Arrays.equals(fields, key.fields);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return Arrays.toString(fields);
    }
}
