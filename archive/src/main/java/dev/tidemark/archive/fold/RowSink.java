package dev.tidemark.archive.fold;

import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.List;

/** Takes a table's rows, one after the other. */
public interface RowSink {
    /**
     * A row.
     *
     * @param row its fields in the order of the table's stored columns, all known
     */
    void row(List<Value> row) throws IOException;
}
