package dev.tidemark.replay.query;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingInt;

import dev.tidemark.replay.content.Domains;
import dev.tidemark.replay.content.RowHolders;
import dev.tidemark.replay.duckdb.DuckDbNames;
import dev.tidemark.schemas.Nearest;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The tables that SQL may name: those of the source as of the moment, under their own schemas, and
 * the archive's own. DuckDB does not tell names apart by case: where two differ in nothing else,
 * one gets a number, and so does a schema that has the name of one of DuckDB's or ours. Immutable.
 */
final class SourceTables {
    /** The database with the histories, in DuckDB's sense of the word. */
    static final String HISTORY = "history";

    static final String TRANSACTIONS = "transactions";

    private static final String OWN_SCHEMA = "main";
    private static final List<String> TAKEN =
            List.of(
                    HISTORY,
                    OWN_SCHEMA,
                    "memory",
                    "temp",
                    "system",
                    "information_schema",
                    "pg_catalog");
    private static final Set<String> NAMES = Set.of("tables", "columns", "schemata");
    private static final int NAMES_MAX = 5; // more would not be read

    private final List<SourceTable> tables;

    private SourceTables(List<SourceTable> tables) {
        this.tables = List.copyOf(tables);
    }

    /** Those of a catalog that hold rows, or whose partitions do. */
    static SourceTables of(Catalog catalog) {
        Domains domains = Domains.of(catalog);
        RowHolders holders = RowHolders.of(catalog);
        DuckDbNames schemas = new DuckDbNames();
        TAKEN.forEach(name -> schemas.free(name, 1));
        Map<String, String> schemaNames = new HashMap<>();
        Map<String, DuckDbNames> tableNames = new HashMap<>();
        List<SourceTable> tables = new ArrayList<>();
        for (Table table : inOrder(catalog)) {
            List<Table> rows = holders.of(table);
            if (!rows.isEmpty() && !table.isOnlyExtensions()) {
                String schema =
                        schemaNames.computeIfAbsent(table.schema(), name -> schemas.free(name, 1));
                String name =
                        tableNames
                                .computeIfAbsent(schema, any -> new DuckDbNames())
                                .free(table.name(), table.id());
                tables.add(SourceTable.of(table, schema, name, domains.types(table), rows));
            }
        }
        return new SourceTables(tables);
    }

    /** Of names that differ in case alone, that which needs no quotes in the source goes first. */
    private static List<Table> inOrder(Catalog catalog) {
        return catalog.tables().stream()
                .sorted(
                        comparing(
                                        (Table table) ->
                                                !table.displayName()
                                                        .equals(
                                                                table.displayName()
                                                                        .toLowerCase(Locale.ROOT)))
                                .thenComparing(Table::displayName))
                .toList();
    }

    List<SourceTable> all() {
        return tables;
    }

    /** Is no other table called so, in whatever schema? */
    boolean isOnly(SourceTable table) {
        return tables.stream().filter(one -> isSame(one.name(), table.name())).count() == 1;
    }

    /** What SQL may name. */
    List<String> names() {
        return Stream.concat(all(false), all(true)).toList();
    }

    /** What SQL may name of them, each once. */
    List<String> columnNames() {
        return Stream.concat(
                        tables.stream()
                                .flatMap(table -> table.columns().stream())
                                .map(SourceColumn::quotedIfNeeded),
                        HistoryColumns.NAMES.stream())
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * What a name means; empty when there is no such table.
     *
     * @throws TidemarkException (usage) when it is that of several tables
     */
    Optional<Reference> find(TableName name) {
        boolean isHistory = isSame(name.catalog(), HISTORY);
        if (!name.catalog().isEmpty()) {
            return isHistory
                    ? table(name.schema(), name.name())
                            .map(table -> new Reference.History(table, false))
                    : Optional.empty();
        }
        if (isSame(name.schema(), HISTORY)) {
            return anywhere(name).map(table -> new Reference.History(table, true));
        }
        if (isSame(name.schema(), "information_schema")) {
            return NAMES.contains(name.name().toLowerCase(Locale.ROOT))
                    ? Optional.of(new Reference.Names())
                    : Optional.empty();
        }
        if (!name.schema().isEmpty() && !isSame(name.schema(), OWN_SCHEMA)) {
            return table(name.schema(), name.name()).map(table -> new Reference.Rows(table, false));
        }
        return isSame(name.name(), TRANSACTIONS)
                ? Optional.of(new Reference.Transactions())
                : anywhere(name).map(table -> new Reference.Rows(table, true));
    }

    /** The same of a name that is perhaps no table's; of several tables' it is none's. */
    Optional<Reference> findOne(TableName name) {
        long count = tables.stream().filter(table -> isSame(table.name(), name.name())).count();
        return count > 1 ? Optional.empty() : find(name);
    }

    private Optional<SourceTable> table(String schema, String name) {
        return tables.stream()
                .filter(table -> isSame(table.schema(), schema) && isSame(table.name(), name))
                .findFirst();
    }

    private Optional<SourceTable> anywhere(TableName name) {
        List<SourceTable> found =
                tables.stream().filter(table -> isSame(table.name(), name.name())).toList();
        if (found.size() > 1) {
            throw TidemarkException.usage(
                    "'%s' is the name of several tables".formatted(name),
                    "Say which: %s."
                            .formatted(
                                    String.join(
                                            ", ",
                                            found.stream()
                                                    .map(SourceTable::displayName)
                                                    .limit(NAMES_MAX)
                                                    .map(one -> before(name) + one)
                                                    .toList())));
        }
        return found.stream().findFirst();
    }

    private static String before(TableName name) {
        return isSame(name.schema(), HISTORY) ? HISTORY + "." : "";
    }

    private static boolean isSame(String one, String other) {
        return one.equalsIgnoreCase(other);
    }

    /** That there is none, with the nearest names. */
    TidemarkException unknown(TableName name) {
        String wanted = name.toString().toLowerCase(Locale.ROOT);
        List<String> nearest =
                all(isSame(name.schema(), HISTORY) || isSame(name.catalog(), HISTORY))
                        .sorted(comparingInt(one -> distance(wanted, one)))
                        .limit(NAMES_MAX)
                        .toList();
        return TidemarkException.refused(
                "there is no table %s at that moment".formatted(name),
                "The nearest names there are %s. What was renamed or dropped since is there with --as-of an earlier moment."
                        .formatted(String.join(", ", nearest)));
    }

    private Stream<String> all(boolean isHistory) {
        return isHistory
                ? tables.stream().map(table -> HISTORY + "." + table.displayName())
                : Stream.concat(
                        tables.stream().map(SourceTable::displayName), Stream.of(TRANSACTIONS));
    }

    /** To the name, or to what comes after its last dot. */
    private static int distance(String wanted, String name) {
        String folded = name.toLowerCase(Locale.ROOT);
        return Math.min(Nearest.edits(wanted, folded), Nearest.edits(last(wanted), last(folded)));
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
