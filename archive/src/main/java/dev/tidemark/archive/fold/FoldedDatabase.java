package dev.tidemark.archive.fold;

import dev.tidemark.schemas.catalog.Catalog;
import java.util.List;

/**
 * A database at the cut.
 *
 * @param catalog its schema
 * @param tables those that hold rows, each to be read once; different tables may be read by
 *     different threads
 */
public record FoldedDatabase(Catalog catalog, List<TableFold> tables) {
    public FoldedDatabase {
        tables = List.copyOf(tables);
    }
}
