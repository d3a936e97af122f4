package dev.tidemark.replay.mask;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Which table a mask file names for which: partitions follow their parent. Immutable. */
final class Deciding {
    private final Map<Long, Table> byId = new HashMap<>();
    private final Map<String, Table> byName = new TreeMap<>();

    Deciding(Catalog catalog) {
        catalog.tables()
                .forEach(
                        table -> {
                            byId.put(table.id(), table);
                            byName.put(table.displayName(), table);
                        });
    }

    /** The table whose decision counts for another: itself, or the top of its partitions. */
    Table of(Table table) {
        Table at = table;
        for (Optional<Table> up = parent(at); up.isPresent(); up = parent(at)) {
            at = up.get();
        }
        return at;
    }

    private Optional<Table> parent(Table table) {
        return table.parents().stream()
                .flatMap(id -> Optional.ofNullable(byId.get(id)).stream())
                .filter(parent -> parent.kind().equals("p"))
                .findFirst();
    }

    /** By {@code table:id}. */
    Optional<Table> byReference(String reference) {
        return byId.values().stream()
                .filter(table -> table.reference().equals(reference))
                .findFirst();
    }

    Optional<Table> byName(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** Those whose decision counts, by name. */
    List<Table> all() {
        return byId.values().stream()
                .map(this::of)
                .distinct()
                .sorted(Comparator.comparing(Table::displayName))
                .toList();
    }

    /** Those that hold the rows of one whose decision counts, by name. */
    List<Table> holding(Table deciding) {
        return byName.values().stream()
                .filter(Table::holdsRows)
                .filter(table -> of(table).id() == deciding.id())
                .toList();
    }
}
