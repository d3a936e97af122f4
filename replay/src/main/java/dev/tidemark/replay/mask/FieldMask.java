package dev.tidemark.replay.mask;

import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.List;

/** What becomes of a field of a table's rows. For one thread. */
interface FieldMask {
    /**
     * The field's value in the restored row.
     *
     * @param value in the archive's row
     * @param row that one
     */
    Value of(Value value, List<Value> row) throws IOException;
}
