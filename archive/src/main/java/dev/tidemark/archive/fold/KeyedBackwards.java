package dev.tidemark.archive.fold;

import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rows with keys to an earlier cut: those that changed since go as they are, and come back as they
 * were. A row whose first change does not tell all of it is looked up.
 */
final class KeyedBackwards implements RowsMove {
    private final Table table;
    private final KeyedOverlay overlay;
    private final Map<RowKey, List<Value>> before;
    private final Set<RowKey> present;

    /**
     * @param overlay the changes from the earlier cut to the later
     * @param before rows as they were at the earlier, as far as changes tell all of them
     */
    KeyedBackwards(Table table, KeyedOverlay overlay, Map<RowKey, List<Value>> before) {
        this.table = table;
        this.overlay = overlay;
        this.before = before;
        this.present = new HashSet<>(overlay.keysAfter());
    }

    @Override
    public Table table() {
        return table;
    }

    @Override
    public List<Taken> taken() {
        return present.stream().map(Taken::once).toList();
    }

    @Override
    public Optional<KeyedRows> lookingUp() {
        Set<List<Value>> keys = new HashSet<>();
        for (RowKey key : overlay.keysBefore()) {
            if (!before.containsKey(key)) {
                keys.add(key.fields());
            }
        }
        return keys.isEmpty() ? Optional.empty() : Optional.of(new KeyedRows(table.key(), keys));
    }

    @Override
    public void lookUp(TableRows there) throws IOException {
        Set<RowKey> wanted = overlay.keysBefore();
        int[] places = overlay.keyPlaces();
        there.rows(
                row -> {
                    RowKey key = RowKey.of(row, places);
                    if (wanted.contains(key)) {
                        before.put(key, row);
                    }
                });
    }

    @Override
    public void took(List<Value> row) {
        RowKey key = RowKey.of(row, overlay.keyPlaces());
        if (!present.remove(key)) {
            throw new IllegalStateException("a row " + key + " twice");
        }
    }

    @Override
    public void finish(RowSink put) throws IOException {
        if (!present.isEmpty()) {
            throw new IllegalStateException(
                    present.size()
                            + " rows are not there, for example the one with the key "
                            + present.iterator().next());
        }
        for (RowKey key : overlay.keysBefore()) {
            List<Value> row = before.get(key);
            if (row == null) {
                throw new IllegalStateException("nothing tells what the row " + key + " was");
            }
            put.row(row);
        }
    }
}
