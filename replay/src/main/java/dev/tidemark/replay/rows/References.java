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
import java.util.function.Supplier;

/**
 * The references between the tables of a catalog: its foreign keys, and those that a user told of.
 * For one thread.
 */
final class References {
    /** Types besides those of {@link ColumnKind} of which equal values have equal texts. */
    private static final Set<String> EQUAL_BY_TEXT =
            Set.of("oid", "name", "inet", "cidr", "macaddr", "macaddr8", "\"char\"");

    private static final String WITHOUT_IT =
            "Choose rows without --related, or go so few steps with --depth that one of its tables is not reached.";

    private final TableSearch tables;
    private final Domains domains;

    References(TableSearch tables) {
        this.tables = tables;
        this.domains = Domains.of(tables.catalog());
    }

    /** All declared ones; of none it is known yet whether it can be followed. */
    List<Link> declared() {
        DeclaredKeys keys = DeclaredKeys.of(tables.catalog());
        List<Link> links = new ArrayList<>();
        for (ForeignKey key : keys.foreign()) {
            Table child = tables.table(key.child());
            Said said = new Said(name(key.name(), child), true, Map.of());
            for (Pair pair : pairs(child, parent(key.parent()))) {
                Side from = new Side(pair.child(), key.columns());
                Side to = new Side(pair.parent(), key.parentColumns());
                links.add(pair.link(() -> reference(said, from, to)));
            }
        }
        for (DeclaredKeys.OtherKey key : keys.others()) {
            Table child = tables.table(key.child());
            for (Pair pair : pairs(child, parent(key.parent()))) {
                links.add(
                        pair.link(
                                () -> {
                                    throw unfollowed(
                                            name(key.name(), child), "it is one over periods");
                                }));
            }
        }
        return links;
    }

    private static String name(String key, Table table) {
        return "the foreign key %s of %s".formatted(key, table.displayName());
    }

    private Table parent(ForeignKey.TableName name) {
        return tables.table(name.schema(), name.name()).orElseThrow();
    }

    private static TidemarkException unfollowed(String name, String why) {
        return TidemarkException.refused(
                "%s cannot be followed: %s".formatted(name, why), WITHOUT_IT);
    }

    /**
     * One that a user told of.
     *
     * @throws TidemarkException (refused) when there is no such table or column, or no two values
     *     of their types are ever the same
     */
    List<Link> virtual(VirtualReference reference) {
        TableSearch.Place from = tables.place(reference.from());
        TableSearch.Place to = tables.place(reference.to());
        Said said = new Said(reference.toString(), false, reference.when());
        List<Link> links = new ArrayList<>();
        for (Pair pair : pairs(from.table(), to.table())) {
            Reference resolved =
                    reference(
                            said,
                            new Side(pair.child(), List.of(from.column())),
                            new Side(pair.parent(), List.of(to.column())));
            links.add(pair.link(() -> resolved));
        }
        return links;
    }

    /** What is said of a reference besides its columns. */
    private record Said(String name, boolean isDeclared, Map<String, List<String>> when) {}

    /** Columns of a table that holds rows. */
    private record Side(Table table, List<String> columns) {}

    /** Tables that hold rows of two. */
    private record Pair(Table child, Table parent) {
        Link link(Supplier<Reference> reference) {
            return new Link(child.id(), parent.id(), reference);
        }
    }

    private List<Pair> pairs(Table child, Table parent) {
        return tables.holders(child).stream()
                .flatMap(from -> tables.holders(parent).stream().map(to -> new Pair(from, to)))
                .toList();
    }

    private Reference reference(Said said, Side child, Side parent) {
        TableColumns from = new TableColumns(tables.catalog(), child.table());
        TableColumns to = new TableColumns(tables.catalog(), parent.table());
        List<Endpoint.Field> naming = new ArrayList<>();
        List<Endpoint.Field> named = new ArrayList<>();
        for (int i = 0; i < child.columns().size(); i++) {
            Operand one = operand(said, from, child.columns().get(i));
            Operand other = operand(said, to, parent.columns().get(i));
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
                        hint(said, one, other));
            }
            naming.add(new Endpoint.Field(one, as(one.kind(), other.kind())));
            named.add(new Endpoint.Field(other, as(other.kind(), one.kind())));
        }
        return new Reference(
                new Endpoint(child.table().id(), naming, when(said, from)),
                new Endpoint(parent.table().id(), named, List.of()));
    }

    private static Operand operand(Said said, TableColumns columns, String name) {
        boolean isHeld =
                columns.table().stored().stream().anyMatch(column -> column.name().equals(name));
        if (said.isDeclared() && !isHeld) {
            throw unfollowed(
                    said.name(),
                    "the column %s is generated, and the archive does not hold it".formatted(name));
        }
        return columns.operand(name);
    }

    private static String hint(Said said, Operand one, Operand other) {
        boolean isUnknown =
                one.kind().family() == ColumnKind.Family.NONE
                        || other.kind().family() == ColumnKind.Family.NONE;
        if (!said.isDeclared() && !isUnknown) {
            return "Two values of these types are never the same.";
        }
        String why = "When two values of these types are equal is not known without the server.";
        return said.isDeclared() ? why + " " + WITHOUT_IT : why;
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
