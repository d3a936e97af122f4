package dev.tidemark.archive.fold;

import dev.tidemark.archive.parquet.ChangesReader;
import dev.tidemark.archive.parquet.SortedChange;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of a row in a merged segment, from the first of its changes to the last.
 *
 * @param first its fields as they are told first; the key among them
 * @param start the row at the beginning; empty when it was born here
 * @param end the row at the end, with UNCHANGED where it is as at the beginning; empty when it is
 *     gone
 * @param changes how many of the file were passed by since the line before
 */
record RowLine(
        List<Value> first, Optional<List<Value>> start, Optional<List<Value>> end, int changes) {

    /** Before the first. */
    static final RowLine NONE = new RowLine(List.of(), Optional.empty(), Optional.empty(), 0);

    /** Reads lines from their changes. */
    static final class Reader implements Iterator<RowLine> {
        private final ChangesReader changes;
        private final int transactions;
        private @Nullable SortedChange next;
        private long passed;

        /**
         * @param changes line by line
         * @param transactions changes of later ones do not count
         */
        Reader(ChangesReader changes, int transactions) {
            this.changes = changes;
            this.transactions = transactions;
            this.next = read();
        }

        private @Nullable SortedChange read() {
            while (changes.hasNext()) {
                SortedChange change = changes.next();
                if (change.transaction() < transactions) {
                    return change;
                }
            }
            return null;
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public RowLine next() {
            SortedChange first = Objects.requireNonNull(next);
            SortedChange last = first;
            for (SortedChange change = first; ; change = next) {
                last = change;
                next = read();
                if (next == null || next.isFirst()) {
                    break;
                }
            }
            long before = passed;
            passed = changes.passed();
            return new RowLine(
                    first.fields(), start(first), end(last), Math.toIntExact(passed - before));
        }

        private static Optional<List<Value>> start(SortedChange first) {
            boolean isBirth =
                    first.operation()
                            .filter(one -> one == Operation.INSERT || one == Operation.REWRITE)
                            .isPresent();
            return isBirth ? Optional.empty() : Optional.of(first.fields());
        }

        private static Optional<List<Value>> end(SortedChange last) {
            if (last.operation().equals(Optional.of(Operation.DELETE))) {
                return Optional.empty();
            }
            if (!last.fields().contains(Value.Mark.UNKNOWN)) {
                return Optional.of(last.fields());
            }
            List<Value> fields = new ArrayList<>(last.fields());
            fields.replaceAll(field -> field == Value.Mark.UNKNOWN ? Value.Mark.UNCHANGED : field);
            return Optional.of(fields);
        }
    }
}
