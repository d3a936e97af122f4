package dev.tidemark.replay.search;

import dev.tidemark.archive.merge.KeyMove;
import dev.tidemark.archive.parquet.SortedChange;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Makes changes with the rows before and after them of what a segment tells: in commit order, or
 * line by line. For one thread.
 */
final class SegmentRows {
    /** Takes them. */
    interface Sink {
        void take(ScannedChange change) throws IOException;
    }

    /**
     * What a reader needs beside the changes.
     *
     * @param isBefore is a transaction of the segment before the window? Its changes tell of rows,
     *     and are none that is asked for
     * @param isCarried is what rows are after these changes needed for others?
     */
    record Course(LastRows last, IntPredicate isBefore, boolean isCarried) {}

    private final Course course;
    private final Table table;
    private final int[] keyPlaces;
    private final int[] kept;
    private final Sink sink;
    private Optional<RowState> row = Optional.empty(); // of the line
    private List<Value> lineKey = List.of(); // the first one
    private final List<RowState> moved = new ArrayList<>(); // to another key than their line's

    /**
     * @param table in the version of the changes
     * @param kept places of the fields that are carried to later changes
     */
    SegmentRows(Course course, Table table, int[] kept, Sink sink) {
        this.course = course;
        this.table = table;
        List<Integer> stored = table.stored().stream().map(Column::id).toList();
        this.keyPlaces = table.key().stream().mapToInt(stored::indexOf).toArray();
        this.kept = kept;
        this.sink = sink;
    }

    /** The next change in commit order. */
    void take(Place place, Entry.Row told) throws IOException {
        KeyMove move =
                table.key().isEmpty()
                        ? new KeyMove(Optional.empty(), Optional.empty())
                        : KeyMove.of(table, told);
        Optional<RowState> before = before(told, move.was());
        List<Value> after =
                told.operation() == Operation.DELETE
                        ? List.of()
                        : before.map(was -> after(told.after(), was.fields())).orElse(told.after());
        emit(place, told.operation(), before, after);
        if (course.isCarried()) {
            move.was().ifPresent(key -> course.last().remove(table.id(), key));
            move.is().ifPresent(key -> put(key, next(place, before, after)));
        }
    }

    private void put(List<Value> key, RowState state) {
        course.last().put(key, state, kept);
    }

    private Optional<RowState> before(Entry.Row told, Optional<List<Value>> key) {
        boolean isNew =
                told.operation() == Operation.INSERT || told.operation() == Operation.REWRITE;
        if (isNew) {
            return Optional.empty();
        }
        List<Value> known = told.before().isEmpty() ? keyOnly(told.after()) : told.before();
        return Optional.of(known(key, known));
    }

    /** A row of which something is told, with what was known of it before. */
    private RowState known(Optional<List<Value>> key, List<Value> told) {
        if (key.isEmpty()) {
            return new RowState(Optional.empty(), table, told);
        }
        RowState last = course.last().of(table, key.get(), told.size());
        return new RowState(last.origin(), table, ScannedChange.overlaid(told, last.fields()));
    }

    private static List<Value> after(List<Value> told, List<Value> before) {
        return ScannedChange.overlaid(told, before);
    }

    private List<Value> keyOnly(List<Value> row) {
        List<Value> known = new ArrayList<>(Collections.nCopies(row.size(), Value.Mark.UNKNOWN));
        for (int place : keyPlaces) {
            known.set(place, row.get(place));
        }
        return known;
    }

    private List<Value> key(List<Value> row) {
        Value[] key = new Value[keyPlaces.length];
        Arrays.setAll(key, i -> row.get(keyPlaces[i]));
        return Arrays.asList(key);
    }

    private void emit(
            Place place, Operation operation, Optional<RowState> before, List<Value> after)
            throws IOException {
        boolean isTold = operation != Operation.REWRITE; // a row that is told again did not change
        if (isTold && !course.isBefore().test(place.transaction())) {
            sink.take(
                    new ScannedChange(
                            place,
                            table,
                            operation,
                            before.map(RowState::fields).orElse(List.of()),
                            after,
                            before.flatMap(RowState::origin)));
        }
    }

    /** What a row is after a change; before the window its key may still be that of its start. */
    private RowState next(Place place, Optional<RowState> before, List<Value> after) {
        Optional<List<Value>> origin = before.flatMap(RowState::origin);
        if (origin.isPresent() && course.isBefore().test(place.transaction())) {
            origin = Optional.of(key(after));
        }
        return new RowState(origin, table, after);
    }

    /** The next change of a file of lines. */
    void take(int part, SortedChange kept) throws IOException {
        if (kept.isFirst()) {
            endLine();
            lineKey = key(kept.fields());
        }
        Place place = new Place(part, kept.transaction(), kept.sequence());
        if (kept.operation().isEmpty()) {
            row = Optional.of(standing(kept.fields()));
            return;
        }
        switch (kept.operation().get()) {
            case INSERT, REWRITE -> {
                row = Optional.of(new RowState(Optional.empty(), table, kept.fields()));
                emit(place, kept.operation().get(), Optional.empty(), kept.fields());
            }
            case UPDATE -> {
                RowState before = row.orElseGet(() -> standing(keyOnly(kept.fields())));
                List<Value> after = after(kept.fields(), before.fields());
                emit(place, Operation.UPDATE, Optional.of(before), after);
                row = Optional.of(next(place, Optional.of(before), after));
            }
            case DELETE -> {
                emit(place, Operation.DELETE, Optional.of(standing(kept.fields())), List.of());
                row = Optional.empty();
            }
        }
    }

    /** What the line's row is; where the line begins, it was there before. */
    private RowState standing(List<Value> told) {
        if (row.isPresent()) {
            return new RowState(
                    row.get().origin(), table, ScannedChange.overlaid(told, row.get().fields()));
        }
        Optional<List<Value>> key =
                Optional.of(key(told))
                        .filter(fields -> !fields.isEmpty())
                        .filter(fields -> fields.stream().allMatch(Value::isKnown));
        RowState known = known(key, told);
        if (course.isCarried()) {
            key.ifPresent(was -> course.last().remove(table.id(), was));
        }
        return known;
    }

    /**
     * Lines are in no order of time: a row that came to another key waits until the row that had it
     * before was read.
     */
    private void endLine() {
        if (row.isPresent() && course.isCarried() && !table.key().isEmpty()) {
            List<Value> key = key(row.get().fields());
            if (key.equals(lineKey)) {
                put(key, row.get());
            } else {
                moved.add(row.get());
            }
        }
        row = Optional.empty();
    }

    /** A file of lines ends. */
    void endFile() {
        endLine();
        moved.forEach(state -> put(key(state.fields()), state));
        moved.clear();
    }
}
