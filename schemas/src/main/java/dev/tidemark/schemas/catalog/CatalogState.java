package dev.tidemark.schemas.catalog;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A catalog that moves through schema changes in commit order. Every reader that starts from the
 * same catalog and applies the same changes gives tables the same versions. For one thread.
 */
public final class CatalogState {
    private final ServerSettings server;
    private final Map<Long, Table> tables = new TreeMap<>();
    private List<CatalogObject> objects;
    private final Map<Long, SequenceSample> sequences = new TreeMap<>();

    public CatalogState(Catalog catalog) {
        server = catalog.server();
        objects = catalog.objects();
        catalog.tables().forEach(table -> tables.put(table.id(), table));
    }

    /** The table as it is now; empty when it does not exist. */
    public Optional<Table> table(long id) {
        return Optional.ofNullable(tables.get(id));
    }

    /** Applies a change; the tables that it touched, with their new versions. */
    public List<Table> apply(CatalogChange change) {
        List<Table> touched = new ArrayList<>();
        for (Table next : change.tables()) {
            Table before = tables.get(next.id());
            Table versioned = next.withVersion(before == null ? 1 : before.version() + 1);
            if (before != null && before.rewritten()) {
                versioned = versioned.withRewritten();
            }
            tables.put(versioned.id(), versioned);
            touched.add(versioned);
        }
        for (long id : change.rewritten()) {
            tables.computeIfPresent(id, (same, table) -> table.withRewritten());
        }
        change.dropped().forEach(tables::remove);
        return touched;
    }

    /** Takes a sample of sequences; a later one replaces it. */
    public void sample(List<SequenceSample> samples) {
        samples.forEach(sample -> sequences.put(sample.id(), sample));
    }

    /** The catalog as it is now, without objects that need a table that is gone. */
    public Catalog catalog() {
        return new Catalog(server, List.copyOf(tables.values()), standing());
    }

    private List<CatalogObject> standing() {
        List<CatalogObject> left = new ArrayList<>(objects);
        while (true) {
            Set<String> there = new HashSet<>();
            tables.values().forEach(table -> there.add(table.reference()));
            left.forEach(object -> there.add(object.reference()));
            int before = left.size();
            left.removeIf(
                    object ->
                            object.references().stream()
                                    .anyMatch(needed -> isOurs(needed) && !there.contains(needed)));
            if (left.size() == before) {
                break;
            }
        }
        left.replaceAll(this::withSample);
        objects = left;
        return left;
    }

    /** Only what the catalog itself may hold can be missing from it. */
    private static boolean isOurs(String reference) {
        return reference.startsWith("table:");
    }

    private CatalogObject withSample(CatalogObject object) {
        SequenceSample sample = sequences.get(object.id());
        if (sample == null || object.sequence().isEmpty()) {
            return object;
        }
        SequenceState state = object.sequence().get();
        return object.withSequence(
                new SequenceState(
                        sample.last(),
                        sample.called(),
                        state.table(),
                        state.column(),
                        state.identity()));
    }
}
