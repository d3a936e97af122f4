package dev.tidemark.replay.load;

import static java.util.Comparator.comparingInt;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.CatalogObject.ColumnGrants;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Something that has an owner, and mostly rights that can be granted.
 *
 * @param kind the object's, {@code table} for a table
 * @param name for people
 * @param alter what stands behind ALTER to give it another owner; empty when it follows another
 *     thing's
 * @param on what stands behind ON in GRANT; empty when nothing can be granted
 * @param revoked of what the server or an extension brings along, rights that it lost; {@code
 *     grants} are those that it got
 */
record Secured(
        String kind,
        String name,
        Optional<String> alter,
        Optional<String> on,
        String owner,
        List<String> grants,
        List<ColumnGrants> columnGrants,
        List<String> revoked) {
    /** What the rights to it are of that neither users nor a restore make. */
    static final String CHANGED_RIGHTS = "rights to ";

    /** Roles belong to nobody; the others are not restored, or have rules of their own. */
    private static final Set<String> NONE =
            Set.of("role", "subscription", "default privileges", "extension");

    private static final Set<String> RELATIONS =
            Set.of("table", "view", "materialized view", "foreign table");

    /**
     * All of a catalog, those first whose rights others need: schemas, and wrappers for servers.
     */
    static List<Secured> of(Catalog catalog) {
        List<Secured> all = new ArrayList<>();
        for (CatalogObject object : catalog.objects()) {
            if (!object.owner().isEmpty()
                    && (!object.definition().isEmpty() || isOfOthers(object.kind()))
                    && !NONE.contains(object.kind())) {
                all.add(of(object));
            }
        }
        catalog.tables().stream()
                .filter(table -> table.extension().isEmpty())
                .forEach(table -> all.add(of(table)));
        all.sort(comparingInt(Secured::place));
        return all;
    }

    private int place() {
        return switch (kind) {
            case "schema" -> 0;
            case "foreign data wrapper" -> 1;
            default -> 2;
        };
    }

    /** Does the server or an extension bring it along, whose rights were changed? */
    boolean isOfOthers() {
        return isOfOthers(kind);
    }

    private static boolean isOfOthers(String kind) {
        return kind.startsWith(CHANGED_RIGHTS);
    }

    boolean isRelation() {
        return RELATIONS.contains(kind);
    }

    boolean isEventTrigger() {
        return kind.equals("event trigger");
    }

    boolean isPublicSchema() {
        return kind.equals("schema") && name.equals("schema public");
    }

    private static Secured of(Table table) {
        String address = "TABLE " + Quoted.name(table.schema(), table.name());
        return new Secured(
                "table",
                "table " + table.displayName(),
                Optional.of(address),
                Optional.of(address),
                table.owner(),
                table.grants(),
                table.columns().stream()
                        .filter(column -> !column.grants().isEmpty())
                        .map(column -> new ColumnGrants(column.name(), column.grants(), List.of()))
                        .toList(),
                List.of());
    }

    private static Secured of(CatalogObject object) {
        boolean follows =
                object.sequence().isPresent() && object.sequence().get().table().isPresent();
        return new Secured(
                object.kind(),
                displayName(object),
                follows ? Optional.empty() : Optional.of(object.address()),
                on(object),
                object.owner(),
                object.grants(),
                object.columnGrants(),
                object.revoked());
    }

    private static String displayName(CatalogObject object) {
        String name =
                object.schema().isEmpty() || object.kind().equals("schema")
                        ? object.name()
                        : object.schema() + "." + object.name();
        return object.kind() + " " + name;
    }

    private static Optional<String> on(CatalogObject object) {
        String address = object.address();
        String name = address.substring(address.indexOf(' ') + 1);
        return switch (object.kind()) {
            case "schema",
                    "language",
                    "sequence",
                    "function",
                    "procedure",
                    "domain",
                    "foreign data wrapper" ->
                    Optional.of(address);
            case "enum", "composite", "range", "base type" -> Optional.of(address);
            case "view" -> Optional.of("TABLE " + name);
            case "materialized view", "foreign table" ->
                    Optional.of("TABLE " + Quoted.name(object.schema(), object.name()));
            case "server" -> Optional.of("FOREIGN " + address);
            case "aggregate" -> Optional.of("FUNCTION " + plainArguments(name));
            default -> isOfOthers(object.kind()) ? Optional.of(address) : Optional.empty();
        };
    }

    /**
     * GRANT names an aggregate as if it were a function: {@code f()} for {@code f(*)}, and the
     * arguments of an ordered-set aggregate in one list, in which the variadic one that both parts
     * name stands once.
     */
    static String plainArguments(String aggregate) {
        String by = "ORDER BY ";
        int open = aggregate.indexOf('(');
        int order = aggregate.lastIndexOf(by);
        if (aggregate.endsWith("(*)")) {
            return aggregate.substring(0, aggregate.length() - 2) + ")";
        }
        if (order < open) {
            return aggregate;
        }
        String direct = aggregate.substring(open + 1, order).strip();
        String ordered = aggregate.substring(order + by.length(), aggregate.length() - 1);
        String arguments =
                direct.isEmpty()
                        ? ordered
                        : direct.contains("VARIADIC ") ? direct : direct + ", " + ordered;
        return aggregate.substring(0, open + 1) + arguments + ")";
    }
}
