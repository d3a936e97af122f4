package dev.tidemark.replay.rows;

import dev.tidemark.replay.content.Domains;
import dev.tidemark.schemas.Nearest;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The columns of a table as conditions and references name them. Immutable. */
final class TableColumns {
    private static final int NAMED_MAX = 30; // in a hint; more would not be read
    private static final Pattern LABEL = Pattern.compile("(E?)'((?:[^']++|'')*+)'");

    private final Catalog catalog;
    private final Table table;
    private final Domains domains;

    TableColumns(Catalog catalog, Table table) {
        this.catalog = catalog;
        this.table = table;
        this.domains = Domains.of(catalog);
    }

    Table table() {
        return table;
    }

    /**
     * A column.
     *
     * @param name as the catalog has it
     * @throws TidemarkException (refused) when there is none, or it is not held
     */
    Operand operand(String name) {
        List<Column> stored = table.stored();
        for (int i = 0; i < stored.size(); i++) {
            if (stored.get(i).name().equals(name)) {
                return new Operand(i, name, kind(stored.get(i)));
            }
        }
        if (table.columns().stream().anyMatch(column -> column.name().equals(name))) {
            throw TidemarkException.refused(
                    "the column %s of %s is generated, and the archive does not hold it"
                            .formatted(name, table.displayName()),
                    "Use the columns that it is made from.");
        }
        String nearest =
                stored.stream()
                        .map(Column::name)
                        .sorted(Comparator.comparingInt(there -> Nearest.edits(name, there)))
                        .limit(NAMED_MAX)
                        .collect(Collectors.joining(", "));
        throw TidemarkException.refused(
                "there is no column '%s' in %s".formatted(name, table.displayName()),
                "There are, the nearest first: %s. A text stands in single quotes, and capitals in a name need double ones."
                        .formatted(nearest));
    }

    Column column(Operand operand) {
        return table.stored().get(operand.place());
    }

    private ColumnKind kind(Column column) {
        String type = domains.base(column.type());
        if (isNondeterministic(column)) {
            return ColumnKind.OTHER;
        }
        return enumOf(type).isEmpty() ? ColumnKind.of(type) : ColumnKind.ENUM;
    }

    /** The labels of a column's enum. */
    List<String> labels(Operand operand) {
        return enumOf(domains.base(column(operand).type())).stream()
                .flatMap(type -> LABEL.matcher(labels(type)).results())
                .map(TableColumns::unquoted)
                .toList();
    }

    private static String labels(CatalogObject type) {
        String statement = type.definition().getFirst();
        return statement.substring(statement.indexOf(" AS ENUM (") + " AS ENUM (".length());
    }

    private static String unquoted(MatchResult label) {
        String text = label.group(2).replace("''", "'");
        return label.group(1).isEmpty() ? text : text.replace("\\\\", "\\");
    }

    private List<CatalogObject> enumOf(String type) {
        return catalog.objects().stream()
                .filter(object -> object.kind().equals("enum") && !object.definition().isEmpty())
                .filter(object -> object.address().equals("TYPE " + type))
                .toList();
    }

    /** Is it made of fields, so that it is NULL in SQL also when these all are? */
    boolean isComposite(Operand operand) {
        String type = domains.base(column(operand).type());
        return catalog.objects().stream()
                        .filter(object -> object.kind().equals("composite"))
                        .anyMatch(object -> object.address().equals("TYPE " + type))
                || catalog.tables().stream()
                        .anyMatch(row -> row.displayName().equals(type) || row.name().equals(type));
    }

    /** Then texts that differ may be equal. */
    private boolean isNondeterministic(Column column) {
        List<String> said = new ArrayList<>(column.collation().stream().toList());
        catalog.objects().stream()
                .filter(object -> object.kind().equals("domain"))
                .filter(
                        object ->
                                domains.chain(column.type()).stream()
                                        .map("DOMAIN "::concat)
                                        .anyMatch(object.address()::equals))
                .forEach(object -> said.addAll(object.definition()));
        return catalog.objects().stream()
                .filter(object -> object.kind().equals("collation"))
                .filter(
                        object ->
                                object.definition().stream()
                                        .anyMatch(
                                                text ->
                                                        text.toLowerCase(java.util.Locale.ROOT)
                                                                .contains("deterministic = false")))
                .anyMatch(object -> said.stream().anyMatch(text -> text.contains(object.name())));
    }

    /** Is it the same everywhere which letters of ASCII are one in two cases? */
    boolean foldsAsEverywhere(Operand operand) {
        List<String> locales = new ArrayList<>();
        locales.add(catalog.server().ctype());
        locales.addAll(catalog.server().locale().stream().toList());
        return column(operand).collation().isEmpty()
                && locales.stream().noneMatch(locale -> locale.matches("(?i)(tr|az|lt).*"));
    }
}
