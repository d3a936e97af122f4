package dev.tidemark.replay.mask;

import dev.tidemark.schemas.Nearest;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Holds a mask file against a catalog. For one thread, once. */
final class MaskPlanner {
    private final MaskFile file;
    private final Catalog catalog;
    private final Set<String> withoutRows;
    private final Deciding deciding;
    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Map<Table, List<Column>> undecided = new LinkedHashMap<>();
    private final Set<String> dropped = new HashSet<>();

    /**
     * Of tables whose decision counts and that come back with rows, by their id; in the catalog's
     * order.
     */
    private final Map<Long, Map<String, ColumnMask>> decided = new LinkedHashMap<>();

    MaskPlanner(MaskFile file, Catalog catalog, Set<String> withoutRows) {
        this.file = file;
        this.catalog = catalog;
        this.withoutRows = withoutRows;
        this.deciding = new Deciding(catalog);
    }

    MaskPlan plan() {
        new TreeMap<>(file.tables()).forEach(this::checkNames);
        ColumnShapes shapes = new ColumnShapes(catalog, deciding);
        ColumnChecks checks = new ColumnChecks(catalog, deciding, problems, notes);
        for (Table table : deciding.all()) {
            List<Table> holding = deciding.holding(table);
            boolean comesBack =
                    holding.stream().anyMatch(each -> !withoutRows.contains(each.displayName()));
            if (comesBack) {
                decide(table, holding, shapes);
            }
        }
        decided.forEach((id, columns) -> checks.check(tableOf(id), columns));
        new ReferenceChecks(catalog, deciding, problems)
                .check(decided, table -> isDropped(deciding.of(table)));
        throwIfAny();
        return new MaskPlan(file.locale(), byTable(), dropped, notes);
    }

    private Table tableOf(long id) {
        return catalog.tables().stream()
                .filter(table -> table.id() == id)
                .findFirst()
                .orElseThrow();
    }

    private boolean isDropped(Table table) {
        return file.tables().get(table.displayName()) instanceof TableMask.DropRows;
    }

    /** What it names must be there: a mistyped name would leave something as it is. */
    private void checkNames(String name, TableMask mask) {
        Optional<Table> named = deciding.byName(name);
        if (named.isEmpty()) {
            List<String> known = deciding.all().stream().map(Table::displayName).toList();
            problems.add(name + ": there is no such table" + meant(name, known));
            return;
        }
        Table table = named.get();
        Table top = deciding.of(table);
        if (top.id() != table.id()) {
            problems.add(
                    "%s: it is a partition of %s, whose decisions it follows"
                            .formatted(name, top.displayName()));
        }
        if (mask instanceof TableMask.Columns columns) {
            columns.columns().keySet().stream()
                    .sorted()
                    .forEach(column -> checkName(table, column));
        }
    }

    private void checkName(Table table, String name) {
        Optional<Column> column =
                table.columns().stream().filter(each -> each.name().equals(name)).findFirst();
        if (column.isEmpty()) {
            List<String> known = table.stored().stream().map(Column::name).toList();
            problems.add(
                    "%s.%s: there is no such column".formatted(table.displayName(), name)
                            + meant(name, known));
        } else if (column.get().isGenerated()) {
            problems.add(
                    "%s.%s: it is computed from other columns, and needs no decision"
                            .formatted(table.displayName(), name));
        }
    }

    private static String meant(String name, List<String> known) {
        return Nearest.to(name, known).map("; did you mean '%s'?"::formatted).orElse("");
    }

    private void decide(Table table, List<Table> holding, ColumnShapes shapes) {
        Optional<TableMask> mask = Optional.ofNullable(file.tables().get(table.displayName()));
        if (mask.isPresent() && mask.get() instanceof TableMask.DropRows) {
            holding.forEach(each -> dropped.add(each.displayName()));
            return;
        }
        Map<String, ColumnMask> columns = new LinkedHashMap<>();
        List<Column> open = new ArrayList<>();
        for (Column column : table.stored()) {
            mask.flatMap(there -> of(there, column))
                    .ifPresentOrElse(
                            what -> columns.put(column.name(), shapes.of(table, column, what)),
                            () -> open.add(column));
        }
        decided.put(table.id(), columns);
        if (!open.isEmpty()) {
            undecided.put(table, open);
        }
    }

    private static Optional<Mask> of(TableMask mask, Column column) {
        return switch (mask) {
            case TableMask.KeepAll all -> Optional.of(new Mask.Keep());
            case TableMask.DropRows none -> Optional.empty();
            case TableMask.Columns columns -> columns.of(column.name());
        };
    }

    private Map<Long, List<ColumnMask>> byTable() {
        Map<Long, List<ColumnMask>> byTable = new HashMap<>();
        for (Table table : catalog.tables()) {
            Map<String, ColumnMask> columns =
                    decided.getOrDefault(deciding.of(table).id(), Map.of());
            List<String> names = table.stored().stream().map(Column::name).toList();
            if (table.holdsRows() && columns.keySet().containsAll(names)) {
                byTable.put(table.id(), names.stream().map(columns::get).toList());
            }
        }
        return byTable;
    }

    private void throwIfAny() {
        if (!undecided.isEmpty()) {
            int count = undecided.values().stream().mapToInt(List::size).sum();
            problems.add(
                    "%d columns have no decision: %s"
                            .formatted(
                                    count,
                                    undecided.entrySet().stream()
                                            .map(one -> names(one.getKey(), one.getValue()))
                                            .collect(Collectors.joining("; "))));
        }
        if (!problems.isEmpty()) {
            throw TidemarkException.refused(
                    "the mask file %s does not fit what is to be restored:%s"
                            .formatted(
                                    file.name(),
                                    problems.stream()
                                            .map("\n  "::concat)
                                            .collect(Collectors.joining())),
                    hint());
        }
    }

    private static String names(Table table, List<Column> columns) {
        return table.displayName()
                + columns.stream().map(Column::name).collect(Collectors.joining(", ", " (", ")"));
    }

    private String hint() {
        return undecided.isEmpty()
                ? "Nothing was written. Correct the file; docs/masks.md describes it."
                : "Nothing was written. Decide about each, for example by these lines under 'tables:', where what"
                        + " begins with # is for you to decide:\n"
                        + new MaskTemplate(catalog).lines(undecided);
    }
}
