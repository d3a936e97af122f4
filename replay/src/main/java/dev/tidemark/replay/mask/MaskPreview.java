package dev.tidemark.replay.mask;

import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Rows of a table as they are and as they would come back. What they are is what masks are to keep
 * from others: it is for the eyes of who asked for it, and no log's. Immutable.
 *
 * @param table {@code schema.name}
 * @param columns all that it stores
 * @param rows some of them
 */
public record MaskPreview(String table, List<PreviewedColumn> columns, List<PreviewedRow> rows) {
    /**
     * A column.
     *
     * @param decision as the mask file says it
     * @param isKey does it name a row?
     */
    public record PreviewedColumn(String name, String decision, boolean isKept, boolean isKey) {}

    /**
     * A row, field by field; empty is NULL.
     *
     * @param before as the archive has it
     * @param after as it would come back
     */
    public record PreviewedRow(List<Optional<String>> before, List<Optional<String>> after) {
        public PreviewedRow {
            before = List.copyOf(before);
            after = List.copyOf(after);
        }

        static PreviewedRow of(List<Value> before, List<Value> after) {
            return new PreviewedRow(texts(before), texts(after));
        }

        private static List<Optional<String>> texts(List<Value> row) {
            List<Optional<String>> texts = new ArrayList<>();
            row.forEach(
                    field ->
                            texts.add(
                                    field == Value.Mark.NULL
                                            ? Optional.empty()
                                            : Optional.of(field.toString())));
            return Collections.unmodifiableList(texts);
        }
    }

    public MaskPreview {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }
}
