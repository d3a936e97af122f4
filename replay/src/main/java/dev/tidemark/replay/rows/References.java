package dev.tidemark.replay.rows;

import dev.tidemark.replay.content.Domains;
import dev.tidemark.replay.keys.DeclaredKeys;
import dev.tidemark.replay.keys.ForeignKey;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The references between the tables of a catalog: its foreign keys, and those that a user told of.
 * For one thread.
 */
final class References {
    /** Types besides those of {@link ColumnKind} of which equal values have equal texts. */
    private static final Set<String> EQUAL_BY_TEXT =
            Set.of("oid", "name", "inet", "cidr", "macaddr", "macaddr8", "\"char\"");

    private final TableSearch tables;
    private final Domains domains;

    References(TableSearch tables) {
        this.tables = tables;
        this.domains = Domains.of(tables.catalog());
    }

    /**
     * All declared ones.
     *
     * @throws TidemarkException (refused) when it is not known of one which rows it names
     */
    List<Reference> declared() {
        DeclaredKeys keys = DeclaredKeys.of(tables.catalog());
        if (!keys.others().isEmpty()) {
            throw TidemarkException.refused(
                    "foreign keys over periods cannot be followed: " + keys.others(),
                    "Choose rows without --related.");
        }
        List<Reference> references = new ArrayList<>();
        for (ForeignKey key : keys.foreign()) {
            Table parent = tables.table(key.parent().schema(), key.parent().name()).orElseThrow();
            references.addAll(
                    between(
                            new Said(key.name(), true, Map.of()),
                            new Side(tables.table(key.child()), key.columns()),
                            new Side(parent, key.parentColumns())));
        }
        return references;
    }

    /**
     * One that a user told of.
     *
     * @throws TidemarkException (refused) when there is no such table or column, or no two values
     *     of their types are ever the same
     */
    List<Reference> virtual(VirtualReference reference) {
        TableSearch.Place from = tables.place(reference.from());
        TableSearch.Place to = tables.place(reference.to());
        return between(
                new Said(reference.toString(), false, reference.when()),
                new Side(from.table(), List.of(from.column())),
                new Side(to.table(), List.of(to.column())));
    }

    /** What is said of a reference besides its columns. */
    private record Said(String name, boolean isDeclared, Map<String, List<String>> when) {}

    /** Columns of a table, which may be partitioned. */
    private record Side(Table table, List<String> columns) {}

    private List<Reference> between(Said said, Side child, Side parent) {
        List<Reference> references = new ArrayList<>();
        for (Table from : tables.holders(child.table())) {
            for (Table to : tables.holders(parent.table())) {
                references.add(
                        reference(
                                said,
                                new Side(from, child.columns()),
                                new Side(to, parent.columns())));
            }
        }
        return references;
    }

    private Reference reference(Said said, Side child, Side parent) {
        TableColumns from = new TableColumns(tables.catalog(), child.table());
        TableColumns to = new TableColumns(tables.catalog(), parent.table());
        List<Endpoint.Field> naming = new ArrayList<>();
        List<Endpoint.Field> named = new ArrayList<>();
        for (int i = 0; i < child.columns().size(); i++) {
            Operand one = from.operand(child.columns().get(i));
            Operand other = to.operand(parent.columns().get(i));
            boolean isSameType = type(from, one).equals(type(to, other));
            if (!isComparable(said, one, other, isSameType ? type(to, other) : "")) {
                throw TidemarkException.refused(
                        "%s cannot be followed: %s is %s and %s is %s"
                                .formatted(
                                        said.name(),
                                        one.column(),
                                        from.column(one).type(),
                                        other.column(),
                                        to.column(other).type()),
                        said.isDeclared()
                                ? "When two values of these types are equal is not known without the server. Choose rows without"
                                        + " --related."
                                : "Two values of these types are never the same.");
            }
            naming.add(new Endpoint.Field(one, as(one.kind(), other.kind())));
            named.add(new Endpoint.Field(other, as(other.kind(), one.kind())));
        }
        return new Reference(
                said.name(),
                new Endpoint(child.table().id(), naming, when(said, from)),
                new Endpoint(parent.table().id(), named, List.of()),
                said.isDeclared());
    }

    private String type(TableColumns columns, Operand operand) {
        return domains.base(columns.column(operand).type());
    }

    /** A text that names a row by a number is common where no constraint declares it. */
    private static boolean isComparable(Said said, Operand one, Operand other, String sameType) {
        ColumnKind.Family family = one.kind().family();
        if (family == ColumnKind.Family.NONE || other.kind().family() == ColumnKind.Family.NONE) {
            return EQUAL_BY_TEXT.contains(sameType);
        }
        boolean isText =
                family == ColumnKind.Family.TEXT || other.kind().family() == ColumnKind.Family.TEXT;
        return family == other.kind().family() || (isText && !said.isDeclared());
    }

    /** A text is compared as what it is compared with. */
    private static ColumnKind as(ColumnKind own, ColumnKind other) {
        boolean isOneOfTexts = own == ColumnKind.CHARACTER && other == ColumnKind.TEXT;
        return own.family() == ColumnKind.Family.TEXT && !isOneOfTexts ? other : own;
    }

    private static List<Condition> when(Said said, TableColumns columns) {
        List<Condition> conditions = new ArrayList<>();
        said.when()
                .forEach(
                        (name, texts) -> {
                            Operand operand = columns.operand(ConditionParser.folded(name));
                            conditions.add(
                                    new Condition.Or(
                                            texts.stream()
                                                    .map(
                                                            text ->
                                                                    equal(
                                                                            said, columns, operand,
                                                                            text))
                                                    .toList()));
                        });
        return conditions;
    }

    private static Condition equal(Said said, TableColumns columns, Operand operand, String text) {
        boolean isKnown =
                operand.kind() != ColumnKind.ENUM || columns.labels(operand).contains(text);
        return operand.kind()
                .value(text)
                .filter(value -> isKnown)
                .<Condition>map(
                        value -> new Condition.Compare(operand, Condition.Comparison.EQUAL, value))
                .orElseThrow(
                        () ->
                                TidemarkException.refused(
                                        "%s: the column %s (%s) is never '%s'"
                                                .formatted(
                                                        said.name(),
                                                        operand.column(),
                                                        columns.column(operand).type(),
                                                        text),
                                        "Correct what stands behind when."));
    }
}
