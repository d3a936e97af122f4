package dev.tidemark.archive.fold;

import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.List;

/** Rows with keys to a later cut: each that changed goes, and gives the fields that did not. */
record KeyedForwards(Table table, KeyedOverlay overlay) implements RowsMove {
    @Override
    public List<List<Value>> taken() {
        return overlay.keysBefore().stream().map(RowKey::fields).toList();
    }

    @Override
    public boolean isLookingUp() {
        return false;
    }

    @Override
    public void lookUp(TableRows there) {
        throw new IllegalStateException("nothing is to be looked up");
    }

    @Override
    public void took(List<Value> row, RowSink put) throws IOException {
        overlay.lay(row, put);
    }

    @Override
    public void finish(RowSink put) throws IOException {
        overlay.finish(put);
    }
}
