package dev.tidemark.replay.load;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.CatalogObject.Stage;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.database.Database;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What of a part is in a database already. What the part only needs, such as a type or a function,
 * is used as it is there; what was asked for must not be there.
 *
 * @param catalog the part without what is used as it is there
 * @param used for people: those of them that are other than in the source
 */
record NeedsThere(Catalog catalog, List<String> used) {
    /** These share one space of names in a schema. */
    private static final Set<String> RELATIONS =
            Set.of(
                    "view",
                    "materialized view",
                    "foreign table",
                    "sequence",
                    "index",
                    "primary key",
                    "unique",
                    "exclusion");

    private static final int NAMES_MAX = 10; // more would bury what else a message says

    /**
     * Compares.
     *
     * @param implied references of objects that the part needs, and nobody asked for
     * @param there the database's catalog
     * @throws TidemarkException (refused) naming what was asked for and is there
     */
    static NeedsThere of(Database target, Catalog part, Set<String> implied, Catalog there) {
        Map<String, CatalogObject> byIdentity = new HashMap<>();
        there.objects().forEach(object -> byIdentity.put(identity(object), object));
        Set<String> names = names(there);
        Set<String> inTheWay = new TreeSet<>();
        part.tables().stream()
                .map(Table::displayName)
                .filter(names::contains)
                .map(name -> "table " + name)
                .forEach(inTheWay::add);
        Set<String> found = new HashSet<>();
        List<String> used = new ArrayList<>();
        for (CatalogObject object : part.objects()) {
            CatalogObject same = byIdentity.get(identity(object));
            boolean isRelation =
                    RELATIONS.contains(object.kind()) && names.contains(displayName(object));
            boolean isUsed = implied.contains(object.reference()) || isShared(object);
            if (same != null && isUsed) {
                found.add(object.reference());
                if (!same.definition().equals(object.definition())) {
                    used.add(
                            "%s is another one in %s than in the source, and used as it is there"
                                    .formatted(object.kind() + " " + displayName(object), target));
                }
            } else if (isRelation || (same != null && !isOfTable(object, part))) {
                inTheWay.add(object.kind() + " " + displayName(object));
            }
        }
        if (!inTheWay.isEmpty()) {
            throw refusal(target, List.copyOf(inTheWay));
        }
        return new NeedsThere(without(part, found), used);
    }

    private static Set<String> names(Catalog there) {
        Set<String> names = new HashSet<>();
        there.tables().forEach(table -> names.add(table.displayName()));
        there.objects().stream()
                .filter(object -> RELATIONS.contains(object.kind()))
                .forEach(object -> names.add(displayName(object)));
        return names;
    }

    /** The address names the table too, so that equal ones are of equal tables. */
    private static String identity(CatalogObject object) {
        return object.kind()
                + " "
                + (object.address().isEmpty()
                        ? object.schema() + "." + object.name()
                        : object.address());
    }

    /** To ask for a schema is to ask for what is in it. */
    private static boolean isShared(CatalogObject object) {
        return object.kind().equals("schema")
                || object.kind().equals("extension")
                || object.kind().equals("role");
    }

    /** A table that is there is named itself. */
    private static boolean isOfTable(CatalogObject object, Catalog part) {
        return object.partOf()
                .filter(
                        of ->
                                part.tables().stream()
                                        .anyMatch(table -> table.reference().equals(of)))
                .isPresent();
    }

    private static String displayName(CatalogObject object) {
        return object.schema().isEmpty() || object.kind().equals("schema")
                ? object.name()
                : object.schema() + "." + object.name();
    }

    private static TidemarkException refusal(Database target, List<String> inTheWay) {
        int more = inTheWay.size() - NAMES_MAX;
        return TidemarkException.refused(
                "%s has some of it already: %s%s"
                        .formatted(
                                target,
                                String.join(
                                        ", ",
                                        inTheWay.subList(0, Math.min(NAMES_MAX, inTheWay.size()))),
                                more > 0 ? " and " + more + " more" : ""),
                "Bring tables back under other names with --rename, only the rows with --data-only,"
                        + " or choose another database.");
    }

    private static Catalog without(Catalog part, Set<String> found) {
        List<CatalogObject> objects = new ArrayList<>();
        part.objects().stream()
                .filter(object -> !found.contains(object.reference()))
                .filter(object -> object.partOf().filter(found::contains).isEmpty())
                .forEach(objects::add);
        boolean hasPublic =
                objects.stream()
                        .anyMatch(of -> of.kind().equals("schema") && of.name().equals("public"));
        if (!hasPublic) {
            objects.add(untouchedPublic());
        }
        return new Catalog(part.server(), part.tables(), objects);
    }

    /** A catalog without a schema public would say that it must be dropped. */
    private static CatalogObject untouchedPublic() {
        return new CatalogObject(
                "schema",
                -1,
                "public",
                "public",
                List.of(),
                Stage.BEFORE_ROWS,
                List.of(),
                "",
                List.of(),
                Optional.empty(),
                "",
                Optional.empty(),
                Optional.empty());
    }
}
