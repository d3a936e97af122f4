package dev.tidemark.replay.content;

import dev.tidemark.archive.fold.RowSink;
import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.util.List;

/** Rows of a table under another name. */
record NamedRows(TableRows rows, Table table) implements TableRows {
    @Override
    public long changes() {
        return rows.changes();
    }

    @Override
    public List<FileRef> files() {
        return rows.files();
    }

    @Override
    public void rows(RowSink sink) throws IOException {
        rows.rows(sink);
    }
}
