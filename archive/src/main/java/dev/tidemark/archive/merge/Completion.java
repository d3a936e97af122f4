package dev.tidemark.archive.merge;

import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.SortedChange;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Turns the changes of lines into what is kept of them: each with all fields of the row that are
 * known, from the change before it. {@link Recorded} is the way back. For one thread.
 */
final class Completion {
    /** Takes what is kept. */
    interface Sink {
        void add(SortedChange change) throws IOException;
    }

    private final Sink sink;
    private final int fields;

    /**
     * What the row is after the changes so far, as far as that is known; empty before and after.
     */
    private Optional<List<Value>> row = Optional.empty();

    private boolean isFirst;
    private long sequence;

    /**
     * @param fields of a row
     */
    Completion(int fields, Sink sink) {
        this.fields = fields;
        this.sink = sink;
    }

    /** What comes next is another line's. */
    void begin() {
        row = Optional.empty();
        isFirst = true;
    }

    /**
     * The line's next change.
     *
     * @param place in its transaction
     */
    void add(Change change, long place) throws IOException {
        Entry.Row told = (Entry.Row) change.entry();
        sequence = place;
        List<Value> before = before(told);
        switch (told.operation()) {
            case INSERT, REWRITE -> row = Optional.of(after(told, before));
            case DELETE -> {
                keep(change, told, before);
                row = Optional.empty();
                return;
            }
            case UPDATE -> {
                boolean isTold = !told.before().isEmpty();
                if (isTold && !row.equals(Optional.of(before))) {
                    keep(
                            new SortedChange(
                                    change.transaction(),
                                    sequence,
                                    isFirst,
                                    Optional.empty(),
                                    BeforeImage.NONE,
                                    List.of(),
                                    List.of(),
                                    before));
                }
                row = Optional.of(after(told, before));
            }
        }
        keep(change, told, row.orElseThrow());
    }

    /** The row before a change: what the source told, and else what is known from before. */
    private List<Value> before(Entry.Row told) {
        List<Value> known = row.orElse(Collections.nCopies(fields, Value.Mark.UNKNOWN));
        if (told.before().isEmpty()) {
            return known;
        }
        List<Value> before = new ArrayList<>(told.before());
        for (int i = 0; i < before.size(); i++) {
            if (!before.get(i).isKnown()) {
                before.set(i, known.get(i));
            }
        }
        return before;
    }

    private static List<Value> after(Entry.Row told, List<Value> before) {
        List<Value> after = new ArrayList<>(told.after());
        for (int i = 0; i < after.size(); i++) {
            if (!after.get(i).isKnown()) {
                after.set(i, before.get(i));
            }
        }
        return after;
    }

    private void keep(Change change, Entry.Row told, List<Value> kept) throws IOException {
        keep(
                new SortedChange(
                        change.transaction(),
                        sequence,
                        isFirst,
                        Optional.of(told.operation()),
                        told.image(),
                        told.image() == BeforeImage.KEY ? places(told.before(), true) : List.of(),
                        told.operation() == Operation.DELETE
                                ? List.of()
                                : places(told.after(), false),
                        kept));
    }

    private void keep(SortedChange change) throws IOException {
        sink.add(change);
        isFirst = false;
    }

    private static List<Integer> places(List<Value> fields, boolean isKnown) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).isKnown() == isKnown) {
                places.add(i);
            }
        }
        return places;
    }
}
