package dev.tidemark.archive.fold;

import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Rows without keys: some of each equal row go, or more come. */
final class BagMove implements RowsMove {
    private final Table table;
    private final Map<RowKey, Long> less = new HashMap<>();
    private final Map<RowKey, Long> more = new HashMap<>();

    private BagMove(Table table) {
        this.table = table;
    }

    static BagMove forwards(Table table, BagOverlay changes) {
        BagMove move = new BagMove(table);
        changes.differences().forEach(move::add);
        return move;
    }

    static BagMove backwards(Table table, BagOverlay changes) {
        BagMove move = new BagMove(table);
        changes.differences().forEach((row, count) -> move.add(row, -count));
        return move;
    }

    private void add(RowKey row, long count) {
        (count < 0 ? less : more).put(row, Math.abs(count));
    }

    @Override
    public Table table() {
        return table;
    }

    @Override
    public List<Taken> taken() {
        return less.entrySet().stream()
                .map(entry -> new Taken(entry.getKey().fields(), entry.getValue()))
                .toList();
    }

    @Override
    public void took(List<Value> row) {
        Long left = less.computeIfPresent(RowKey.of(row), (key, count) -> count - 1);
        if (left == null || left < 0) {
            throw new IllegalStateException("a row that is none of those: " + row);
        }
    }

    @Override
    public void finish(RowSink put) throws IOException {
        for (Map.Entry<RowKey, Long> entry : less.entrySet()) {
            if (entry.getValue() > 0) {
                throw new IllegalStateException(
                        "%d rows are not there: %s".formatted(entry.getValue(), entry.getKey()));
            }
        }
        for (Map.Entry<RowKey, Long> entry : more.entrySet()) {
            for (long n = 0; n < entry.getValue(); n++) {
                put.row(entry.getKey().fields());
            }
        }
    }
}
