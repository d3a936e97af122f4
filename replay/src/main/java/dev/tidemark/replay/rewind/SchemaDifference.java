package dev.tidemark.replay.rewind;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What is different between two schemas of a database, apart from where sequences stand. */
final class SchemaDifference {
    private static final int NAMES_MAX = 5; // more would bury what else the message says

    private SchemaDifference() {}

    /** In words; empty when they are the same. */
    static Optional<String> between(Catalog one, Catalog other) {
        Map<String, Object> before = things(one);
        Map<String, Object> after = things(other);
        List<String> different = new ArrayList<>();
        before.forEach(
                (name, thing) -> {
                    if (!thing.equals(after.get(name))) {
                        different.add(name);
                    }
                });
        after.keySet().stream().filter(name -> !before.containsKey(name)).forEach(different::add);
        if (different.isEmpty()) {
            return Optional.empty();
        }
        int more = different.size() - NAMES_MAX;
        String names =
                String.join(", ", different.subList(0, Math.min(NAMES_MAX, different.size())))
                        + (more > 0 ? " and " + more + " more" : "");
        return Optional.of(names + (different.size() == 1 ? " differs" : " differ"));
    }

    private static Map<String, Object> things(Catalog catalog) {
        Map<String, Object> things = new TreeMap<>();
        for (Table table : catalog.tables()) {
            things.put("table " + table.displayName(), table.withVersion(1).withRewritten(false));
        }
        for (CatalogObject object : catalog.objects()) {
            String name = object.schema().isEmpty() ? "" : object.schema() + ".";
            things.merge(
                    object.kind() + " " + name + object.name(),
                    List.of(timeless(object)),
                    SchemaDifference::joined);
        }
        return things;
    }

    /** Names of functions and of parts of tables are not unique. */
    private static Object joined(Object one, Object other) {
        List<Object> both = new ArrayList<>((List<?>) one);
        both.addAll((List<?>) other);
        return both;
    }

    private static CatalogObject timeless(CatalogObject object) {
        return object.sequence()
                .map(state -> object.withSequence(state.at(0, false)))
                .orElse(object);
    }
}
