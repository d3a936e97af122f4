package dev.tidemark.replay.rows;

import dev.tidemark.replay.keys.SqlWords;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The tables of a catalog by their names, and those that hold the rows of each. Immutable. */
final class TableSearch {
    private static final int NAMED_MAX = 30; // in a hint; more would not be read

    private final Catalog catalog;
    private final Map<Long, Table> byId = new HashMap<>();

    TableSearch(Catalog catalog) {
        this.catalog = catalog;
        catalog.tables().forEach(table -> byId.put(table.id(), table));
    }

    Catalog catalog() {
        return catalog;
    }

    /** A column of a table. */
    record Place(Table table, String column) {}

    Table table(long id) {
        return Optional.ofNullable(byId.get(id)).orElseThrow();
    }

    /** By the name of the catalog. */
    Optional<Table> table(String schema, String name) {
        return catalog.tables().stream()
                .filter(table -> table.schema().equals(schema) && table.name().equals(name))
                .findFirst();
    }

    /**
     * By a name as SQL writes it.
     *
     * @throws TidemarkException (refused) when there is none, or several
     */
    Table named(String text) {
        return named(text, parts(text));
    }

    /** The same with a column behind it, which is not looked for. */
    Place place(String text) {
        List<String> parts = parts(text);
        if (parts.size() < 2) {
            throw TidemarkException.refused(
                    "'%s' names no column of a table".formatted(text),
                    "Write table.column or schema.table.column.");
        }
        return new Place(named(text, parts.subList(0, parts.size() - 1)), parts.getLast());
    }

    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        for (SqlWords.Word word : new SqlWords(text).words()) {
            if (!word.isName() && !word.text().equals(".")) {
                return List.of();
            }
            if (word.isName()) {
                parts.add(word.isQuoted() ? word.text() : ConditionParser.folded(word.text()));
            }
        }
        return parts;
    }

    private Table named(String text, List<String> parts) {
        List<Table> found =
                catalog.tables().stream()
                        .filter(table -> table.holdsRows() || table.kind().equals("p"))
                        .filter(table -> isNamed(table, parts))
                        .toList();
        if (found.size() == 1) {
            return found.getFirst();
        }
        throw TidemarkException.refused(
                found.isEmpty()
                        ? "there is no table with rows of the name in '%s'".formatted(text)
                        : "'%s' may be of several tables: %s".formatted(text, names(found)),
                "There are %s. Capitals in a name need double quotes."
                        .formatted(
                                names(
                                        catalog.tables().stream()
                                                .filter(Table::holdsRows)
                                                .toList())));
    }

    private static String names(List<Table> tables) {
        return tables.stream()
                .map(Table::displayName)
                .sorted()
                .limit(NAMED_MAX)
                .collect(Collectors.joining(", "));
    }

    private static boolean isNamed(Table table, List<String> parts) {
        return switch (parts.size()) {
            case 1 -> table.name().equals(parts.getFirst());
            case 2 ->
                    table.schema().equals(parts.getFirst()) && table.name().equals(parts.getLast());
            default -> false;
        };
    }

    /** The table itself, or all partitions of it that hold rows. */
    List<Table> holders(Table table) {
        return table.kind().equals("p")
                ? catalog.tables().stream()
                        .filter(Table::holdsRows)
                        .filter(leaf -> isUnder(leaf, table.id()))
                        .toList()
                : List.of(table).stream().filter(Table::holdsRows).toList();
    }

    /**
     * The same with tables that inherit from it: a query of it gives their rows too, where a
     * foreign key to it does not see them.
     */
    List<Table> holdersWithChildren(Table table) {
        return catalog.tables().stream()
                .filter(Table::holdsRows)
                .filter(one -> one.id() == table.id() || isUnder(one, table.id()))
                .toList();
    }

    private boolean isUnder(Table leaf, long root) {
        Deque<Long> above = new ArrayDeque<>(leaf.parents());
        while (!above.isEmpty()) {
            long id = above.pop();
            if (id == root) {
                return true;
            }
            above.addAll(byId.containsKey(id) ? table(id).parents() : List.of());
        }
        return false;
    }
}
