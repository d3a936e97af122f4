package dev.tidemark.replay.content;

import dev.tidemark.archive.fold.FoldedDatabase;
import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import java.util.List;

/**
 * What a restore or an export writes.
 *
 * @param catalog the schema
 * @param tables those that hold rows, each to be read once; different tables may be read by
 *     different threads
 * @param withoutRows tables that come without their rows, as it was asked for
 */
public record Content(Catalog catalog, List<TableRows> tables, List<Table> withoutRows) {
    public Content {
        tables = List.copyOf(tables);
        withoutRows = List.copyOf(withoutRows);
    }

    /** All that was folded. */
    public static Content of(FoldedDatabase database) {
        return new Content(
                database.catalog(), List.copyOf(database.tables()), database.withoutRows());
    }
}
