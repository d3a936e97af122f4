package dev.tidemark.replay.difference;

import dev.tidemark.archive.fold.RowSink;
import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.parquet.BaseReader;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * Rows of a table that a patch inserts or deletes, in a local file; they can be read again.
 *
 * @param isWanted which of them count
 */
record PatchRows(Table table, Path file, Predicate<List<Value>> isWanted) implements TableRows {
    /** Those that pass another test, too. */
    PatchRows only(Predicate<List<Value>> test) {
        return new PatchRows(table, file, isWanted.and(test));
    }

    /** Is there any of them? */
    boolean areAny() throws IOException {
        try (BaseReader rows = BaseReader.open(file, table.stored().size())) {
            while (rows.hasNext()) {
                if (isWanted.test(rows.next())) {
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public long changes() {
        return 0;
    }

    @Override
    public List<FileRef> files() {
        return List.of();
    }

    @Override
    public void rows(RowSink sink) throws IOException {
        try (BaseReader rows = BaseReader.open(file, table.stored().size())) {
            while (rows.hasNext()) {
                List<Value> row = rows.next();
                if (isWanted.test(row)) {
                    sink.row(row);
                }
            }
        }
    }
}
