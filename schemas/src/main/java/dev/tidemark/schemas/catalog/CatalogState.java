package dev.tidemark.schemas.catalog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A catalog that moves through schema changes in commit order. Every reader that starts from the
 * same catalog and applies the same changes gives tables the same versions. For one thread.
 */
public final class CatalogState {
    private final ServerSettings server;
    private final Map<Long, Table> tables = new TreeMap<>();
    private final Map<String, CatalogObject> objects = new TreeMap<>();
    private final Map<Long, SequenceSample> sequences = new TreeMap<>();

    /**
     * Starts from the catalog of a base of the source. That has no rows of tables that are an
     * extension's own, until they are configuration.
     */
    public CatalogState(Catalog catalog) {
        this(catalog, table -> table.isOnlyExtensions() ? table.withRewritten(true) : table);
    }

    /** Goes on from a state of before, which says itself what is not known. */
    public static CatalogState goingOn(Catalog catalog) {
        return new CatalogState(catalog, table -> table);
    }

    private CatalogState(Catalog catalog, UnaryOperator<Table> asKnown) {
        server = catalog.server();
        catalog.tables().forEach(table -> tables.put(table.id(), asKnown.apply(table)));
        catalog.objects().forEach(object -> objects.put(object.reference(), object));
    }

    /** The table as it is now; empty when it does not exist. */
    public Optional<Table> table(long id) {
        return Optional.ofNullable(tables.get(id));
    }

    /** Applies a change; the tables that differ since, with their new versions. */
    public List<Table> apply(CatalogChange change) {
        List<Table> changed = new ArrayList<>();
        for (Table next : change.tables()) {
            Optional<Table> before = table(next.id());
            boolean isUnseen =
                    change.reread() && before.isPresent() && !sameRows(before.get(), next);
            put(isUnseen ? next.withRewritten(true) : next).ifPresent(changed::add);
        }
        for (long id : change.rewritten()) {
            tables.computeIfPresent(id, (same, table) -> table.withRewritten(true));
        }
        for (long id : change.restated()) {
            tables.computeIfPresent(id, (same, table) -> table.withRewritten(false));
        }
        change.dropped().forEach(tables::remove);
        applyObjects(change);
        return changed;
    }

    /** The rows of a table are known from here on: a base of it was taken. */
    public void known(long id) {
        tables.computeIfPresent(id, (same, table) -> table.withRewritten(false));
    }

    /** Do rows of two states of a table have the same fields? */
    private static boolean sameRows(Table one, Table other) {
        return fields(one).equals(fields(other));
    }

    private static List<String> fields(Table table) {
        return table.stored().stream().map(column -> column.id() + " " + column.name()).toList();
    }

    /** The table with its new version; empty when it is what it was. */
    private Optional<Table> put(Table next) {
        Table before = tables.get(next.id());
        Table versioned = next.withVersion(before == null ? 1 : before.version());
        if (before != null && before.rewritten()) {
            versioned = versioned.withRewritten(true);
        }
        if (versioned.equals(before)) {
            return Optional.empty();
        }
        if (before != null) {
            versioned = versioned.withVersion(before.version() + 1);
        }
        tables.put(versioned.id(), versioned);
        return Optional.of(versioned);
    }

    private void applyObjects(CatalogChange change) {
        Set<String> told = new HashSet<>();
        change.tables().forEach(table -> told.add(table.reference()));
        change.objects().forEach(object -> told.add(object.reference()));
        change.dropped().forEach(id -> told.add("table:" + id));
        change.gone()
                .forEach(
                        reference -> {
                            told.add(reference);
                            objects.remove(reference);
                        });
        objects.values()
                .removeIf(
                        object ->
                                object.partOf().isPresent()
                                        && told.contains(object.partOf().get()));
        for (CatalogObject object : change.objects()) {
            objects.put(object.reference(), object);
            if (object.sequence().isPresent()) {
                sequences.remove(object.id()); // the state tells where it stands
            }
        }
    }

    /** Takes a sample of sequences; a later one replaces it. */
    public void sample(List<SequenceSample> samples) {
        samples.forEach(sample -> sequences.put(sample.id(), sample));
    }

    /** The catalog as it is now. */
    public Catalog catalog() {
        return new Catalog(
                server,
                List.copyOf(tables.values()),
                objects.values().stream().map(this::withSample).toList());
    }

    private CatalogObject withSample(CatalogObject object) {
        SequenceSample sample = sequences.get(object.id());
        return sample == null || object.sequence().isEmpty()
                ? object
                : object.withSequence(object.sequence().get().at(sample.last(), sample.called()));
    }
}
