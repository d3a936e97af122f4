package dev.tidemark.capture.prepare;

import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.List;

/** Takes the rows of a table, one after another, on the thread that copies it. */
@FunctionalInterface
public interface RowSink {
    /**
     * One row.
     *
     * @param row text or NULL for each stored column, by id ascending; the sink's from now on
     */
    void row(List<Value> row) throws IOException;
}
