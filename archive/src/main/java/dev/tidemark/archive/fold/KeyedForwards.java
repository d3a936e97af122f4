package dev.tidemark.archive.fold;

import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.List;

/** Rows with keys to a later cut: each that changed goes, and gives the fields that did not. */
record KeyedForwards(Table table, KeyedOverlay overlay) implements RowsMove {
    @Override
    public List<Taken> taken() {
        return overlay.keysBefore().stream().map(Taken::once).toList();
    }

    @Override
    public void took(List<Value> row) throws IOException {
        overlay.lay(
                row,
                untouched -> {
                    throw new IllegalStateException("a row that did not change: " + untouched);
                });
    }

    @Override
    public void finish(RowSink put) throws IOException {
        overlay.finish(put);
    }
}
