package dev.tidemark.schemas.catalog;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingLong;

import java.util.List;

/**
 * A database's whole schema as of one moment.
 *
 * @param tables by id ascending
 * @param objects everything else, by kind, then id
 */
public record Catalog(ServerSettings server, List<Table> tables, List<CatalogObject> objects) {
    public Catalog {
        tables = tables.stream().sorted(comparingLong(Table::id)).toList();
        objects =
                objects.stream()
                        .sorted(comparing(CatalogObject::kind).thenComparingLong(CatalogObject::id))
                        .toList();
    }
}
