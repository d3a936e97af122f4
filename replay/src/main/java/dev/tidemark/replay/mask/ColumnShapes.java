package dev.tidemark.replay.mask;

import dev.tidemark.replay.content.Domains;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What masks have to know of columns, by the catalog. Immutable. */
final class ColumnShapes {
    private static final Pattern LABEL = Pattern.compile("'((?:[^']++|'')*+)'");

    private final Domains domains;
    private final Map<String, List<String>> labels = new HashMap<>();
    private final Set<String> unique = new HashSet<>();

    ColumnShapes(Catalog catalog, Deciding deciding) {
        domains = Domains.of(catalog);
        for (CatalogObject object : catalog.objects()) {
            if (object.kind().equals("enum")) {
                labels.put(
                        object.address().substring("TYPE ".length()),
                        LABEL.matcher(object.definition().getFirst())
                                .results()
                                .map(label -> label.group(1).replace("''", "'"))
                                .toList());
            }
        }
        findUnique(catalog, deciding);
    }

    private void findUnique(Catalog catalog, Deciding deciding) {
        UniqueColumns columns = new UniqueColumns(catalog);
        for (Table table : catalog.tables()) {
            for (Column column : table.stored()) {
                if (columns.contains(table.reference(), column.name())) {
                    unique.add(place(deciding.of(table), column.name()));
                }
            }
        }
        // What refers to a unique column has to become the same.
        for (CatalogObject object : catalog.objects()) {
            ForeignKey.of(object)
                    .ifPresent(
                            key ->
                                    deciding.byReference(key.table())
                                            .map(deciding::of)
                                            .ifPresent(
                                                    table ->
                                                            key.from()
                                                                    .forEach(
                                                                            column ->
                                                                                    unique.add(
                                                                                            place(
                                                                                                    table,
                                                                                                    column)))));
        }
    }

    private static String place(Table table, String column) {
        return table.reference() + " " + column;
    }

    ColumnMask of(Table table, Column column, Mask mask) {
        return new ColumnMask(
                mask, type(column.type()), unique.contains(place(table, column.name())));
    }

    ColumnType type(String type) {
        String base = domains.base(type);
        return Optional.ofNullable(labels.get(base))
                .map(ColumnType::ofEnum)
                .orElseGet(() -> ColumnType.of(base));
    }
}
