package dev.tidemark.archive.fold;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import java.util.List;

/**
 * A database at the cut.
 *
 * @param catalog its schema
 * @param tables those that hold rows, each to be read once; different tables may be read by
 *     different threads
 * @param withoutRows those whose rows were left out, as it was asked for
 */
public record FoldedDatabase(Catalog catalog, List<TableFold> tables, List<Table> withoutRows) {
    public FoldedDatabase {
        tables = List.copyOf(tables);
        withoutRows = List.copyOf(withoutRows);
    }
}
