package dev.tidemark.replay.difference;

import dev.tidemark.archive.fold.RowSink;
import dev.tidemark.archive.merge.KeyOrder;
import dev.tidemark.archive.merge.RowPairs;
import dev.tidemark.archive.merge.RowPairs.Side;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Compares all rows of a table at two moments, by its key or as wholes, in bounded memory. For one
 * thread; used once.
 */
final class WholeComparison {
    /** Something that has rows of a table. */
    interface Rows {
        /** None. */
        Rows NONE = sink -> {};

        void to(RowSink sink) throws IOException;
    }

    /** Takes the rows that differ. */
    interface Sink {
        void row(RowDifference row) throws IOException;
    }

    private final String table;
    private final MatchedColumns columns;
    private final Reading reading;

    WholeComparison(String table, MatchedColumns columns, Reading reading) {
        this.table = table;
        this.columns = columns;
        this.reading = reading;
    }

    /** Reads both, and tells what differs by the key's order. */
    void run(Rows from, Rows to, Sink sink) throws IOException {
        try (RowPairs pairs = new RowPairs(reading.temporary(), reading.share())) {
            from.to(row -> add(pairs, Side.ONE, columns.ofFrom(row)));
            to.to(row -> add(pairs, Side.OTHER, columns.ofTo(row)));
            if (columns.key().isEmpty()) {
                pairs.pairs(
                        (one, other, oneTimes, otherTimes) ->
                                counted(one.or(() -> other), otherTimes - oneTimes, sink));
            } else {
                pairs.pairs(
                        (one, other, oneTimes, otherTimes) -> {
                            requireOne(Math.max(oneTimes, otherTimes));
                            if (!one.equals(other)) {
                                sink.row(RowDifference.of(columns, one, other));
                            }
                        });
            }
        }
    }

    private void add(RowPairs pairs, Side side, List<Value> row) throws IOException {
        Optional<KeyOrder> order = columns.order();
        if (order.isPresent()) {
            pairs.add(side, order.get(), columns.keyOf(row), row);
        } else {
            pairs.add(side, row);
        }
    }

    private void counted(Optional<List<Value>> row, long more, Sink sink) throws IOException {
        if (more < 0) {
            sink.row(RowDifference.of(columns, row, Optional.empty()).times(-more));
        } else if (more > 0) {
            sink.row(RowDifference.of(columns, Optional.empty(), row).times(more));
        }
    }

    private void requireOne(long rows) {
        if (rows > 1) {
            throw TidemarkException.failed(
                    "table %s has %d rows of one key".formatted(table, rows),
                    "Run 'tidemark verify'. If it finds nothing, please report this.");
        }
    }
}
