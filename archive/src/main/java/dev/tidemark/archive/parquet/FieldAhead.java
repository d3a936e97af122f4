package dev.tidemark.archive.parquet;

import dev.tidemark.schemas.change.Value;
import java.util.Arrays;
import java.util.BitSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * A column of a table's key in a row group that was read ahead, to say by it which rows may be
 * wanted. For one thread.
 */
final class FieldAhead implements FieldColumn {
    private final IntFunction<Value> fields;
    private final BitSet mayBe;
    private int at;

    private FieldAhead(IntFunction<Value> fields, BitSet mayBe) {
        this.fields = fields;
        this.mayBe = mayBe;
    }

    /**
     * Of texts.
     *
     * @param wanted fields of which one is to be there
     */
    static FieldAhead of(TextPages column, int rows, Set<Value> wanted) {
        Value[] all = new Value[rows];
        BitSet mayBe = new BitSet(rows);
        for (int row = 0; row < rows; row++) {
            all[row] = column.next();
            // One that is not there is not known, or stands among the untyped ones.
            mayBe.set(row, all[row] instanceof Value.Mark || wanted.contains(all[row]));
        }
        return new FieldAhead(row -> all[row], mayBe);
    }

    /** The same of numbers, whose texts are made of those rows only that are asked for. */
    static FieldAhead of(NumberPages column, FieldType type, int rows, Set<Value> wanted) {
        long[] sought =
                wanted.stream().map(type::number).flatMapToLong(OptionalLong::stream).toArray();
        Arrays.sort(sought);
        long[] all = new long[rows];
        BitSet missing = new BitSet(rows);
        BitSet mayBe = new BitSet(rows);
        for (int row = 0; row < rows; row++) {
            column.pages().next();
            if (column.pages().isThere()) {
                all[row] = column.value();
                mayBe.set(row, Arrays.binarySearch(sought, all[row]) >= 0);
            } else {
                missing.set(row);
                mayBe.set(row);
            }
        }
        return new FieldAhead(
                row -> missing.get(row) ? Value.Mark.NULL : type.text(all[row]), mayBe);
    }

    /** The rows of which the field may be a wanted one. */
    BitSet mayBe() {
        return mayBe;
    }

    @Override
    public Value next() {
        return fields.apply(at++);
    }

    @Override
    public void skip(long rows) {
        at += Math.toIntExact(rows);
    }
}
