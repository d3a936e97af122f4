package dev.tidemark.replay.rows;

import dev.tidemark.archive.fold.RowSink;
import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.parquet.BaseReader;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Some rows of a local file, in its order. For one thread at a time.
 *
 * @param rows a base's file, which stays
 * @param chosen places of rows in it, ascending
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ChosenRows(Table table, Path rows, long[] chosen) implements TableRows {
    @Override
    public long changes() {
        return 0;
    }

    @Override
    public List<FileRef> files() {
        return List.of(); // all was read
    }

    @Override
    public void rows(RowSink sink) throws IOException {
        if (chosen.length == 0) {
            return;
        }
        try (BaseReader reader = BaseReader.open(rows, table.stored().size())) {
            int next = 0;
            for (long place = 0; next < chosen.length && reader.hasNext(); place++) {
                List<Value> row = reader.next();
                if (place == chosen[next]) {
                    sink.row(row);
                    next++;
                }
            }
            if (next < chosen.length) {
                throw new IOException(
                        "%s ends before row %d of %s"
                                .formatted(rows, chosen[next], table.displayName()));
            }
        }
    }
}
