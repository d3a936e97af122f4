package dev.tidemark.archive.merge;

import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.SortedChange;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The changes of a table's lines as the source told them, from what {@link Completion} kept. For
 * one thread.
 */
final class Recorded {
    private final long table;
    private final int version;
    private List<Value> row = List.of(); // as of the line's last one

    Recorded(long table, int version) {
        this.table = table;
        this.version = version;
    }

    /** Takes one that nothing is asked of, but what the row is after it. */
    void pass(SortedChange kept) {
        row = kept.fields();
    }

    /** The change that one tells of; empty when it only says what the row was before the next. */
    Optional<Change> next(SortedChange kept) {
        List<Value> before = kept.isFirst() ? List.of() : row;
        row = kept.fields();
        if (kept.operation().isEmpty()) {
            return Optional.empty();
        }
        Operation operation = kept.operation().get();
        boolean isDelete = operation == Operation.DELETE;
        Entry.Row told =
                new Entry.Row(
                        table,
                        operation,
                        kept.image(),
                        told(kept, isDelete ? row : before),
                        isDelete ? List.of() : unmarked(kept));
        return Optional.of(new Change(kept.transaction(), version, told));
    }

    private static List<Value> told(SortedChange kept, List<Value> before) {
        return switch (kept.image()) {
            case NONE -> List.of();
            case FULL -> before;
            case KEY -> {
                List<Value> key =
                        new ArrayList<>(
                                Collections.nCopies(kept.fields().size(), Value.Mark.UNKNOWN));
                kept.told().forEach(place -> key.set(place, before.get(place)));
                yield key;
            }
        };
    }

    private static List<Value> unmarked(SortedChange kept) {
        List<Value> after = new ArrayList<>(kept.fields());
        kept.unchanged().forEach(place -> after.set(place, Value.Mark.UNCHANGED));
        return after;
    }
}
