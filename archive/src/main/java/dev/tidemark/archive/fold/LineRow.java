package dev.tidemark.archive.fold;

import dev.tidemark.archive.merge.SpilledRows;
import dev.tidemark.schemas.change.Value;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A row that lines led to. Fields that are UNCHANGED are those of the row that it was before. For
 * one thread.
 */
final class LineRow {
    private List<Value> fields;
    private @Nullable LineRow before;
    private @Nullable Supplier<List<Value>> spilled; // the fields, when they are not here

    LineRow(List<Value> fields) {
        this.fields = fields;
    }

    /** It has other fields from here on. */
    LineRow becomes(List<Value> next) {
        fields = merged(fields, next);
        return this;
    }

    /** It was another row before, maybe not a whole one. */
    void comesFrom(LineRow row) {
        before = row;
    }

    /** It was a row of the base. */
    void comesFrom(List<Value> row) {
        fields = merged(row, fields); // a whole one needs none
    }

    /** Nothing more becomes of it: while it waits, it takes no memory. */
    void spill(SpilledRows rows) {
        spilled = rows.add(whole());
        fields = List.of();
    }

    boolean isWhole() {
        return !fields.contains(Value.Mark.UNCHANGED);
    }

    /** All of its fields. */
    List<Value> whole() {
        if (spilled != null) {
            return spilled.get();
        }
        if (before != null && !isWhole()) {
            fields = merged(before.whole(), fields);
        }
        if (!isWhole()) {
            throw new IllegalStateException("a row's unchanged fields are not in the base");
        }
        before = null;
        return fields;
    }

    /** About how much memory it takes. */
    long bytes() {
        return RowKey.bytes(fields.toArray(Value[]::new));
    }

    /** The later fields, and the earlier ones where those are unchanged. */
    static List<Value> merged(List<Value> earlier, List<Value> later) {
        if (!later.contains(Value.Mark.UNCHANGED)) {
            return later;
        }
        Value[] fields = later.toArray(Value[]::new);
        for (int i = 0; i < fields.length; i++) {
            if (fields[i] == Value.Mark.UNCHANGED) {
                fields[i] = earlier.get(i);
            }
        }
        return Arrays.asList(fields);
    }
}
