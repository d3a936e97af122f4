package dev.tidemark.replay.history;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.merge.TableInSegment.Placed;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.CatalogState;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A table in the versions that it has within one segment, and where its key became another one. For
 * one thread.
 */
final class Shapes {
    private final List<Integer> key;
    private final Map<Integer, Table> versions = new HashMap<>();
    private Optional<Table> first;
    private Optional<Table> last;
    private final List<Placed> keyChanges = new ArrayList<>();
    private Optional<Table> otherKey = Optional.empty();

    private Shapes(List<Integer> key, Optional<Table> start) {
        this.key = key;
        this.first = start;
        this.last = start;
    }

    /** Of a segment that does not change the table. */
    static Shapes same(List<Integer> key, Optional<Table> table) {
        Shapes shapes = new Shapes(key, table);
        table.ifPresent(one -> shapes.versions.put(one.version(), one));
        return shapes;
    }

    /**
     * Of one that changes it.
     *
     * @param before as of the segment's beginning; moves on to its end
     * @param whole what the segment says of the table
     */
    static Shapes read(List<Integer> key, CatalogState before, long table, List<Placed> whole) {
        Shapes shapes = same(key, before.table(table));
        for (Placed placed : whole) {
            if (placed.change().entry() instanceof Entry.Schema schema) {
                Optional<Table> was = before.table(table);
                before.apply(CatalogChange.read(schema.content()));
                Optional<Table> is = before.table(table);
                shapes.add(placed, was, is);
            }
        }
        return shapes;
    }

    private void add(Placed placed, Optional<Table> was, Optional<Table> is) {
        is.ifPresent(table -> versions.put(table.version(), table));
        last = is;
        boolean isOther =
                was.isPresent() && is.isPresent() && !was.get().key().equals(is.get().key());
        if (isOther) {
            keyChanges.add(placed);
            otherKey = was;
        }
    }

    /** The catalog of one table at the end of a base or segment, to go on from. */
    static CatalogState after(Archive archive, Manifest manifest, Predicate<Table> isWanted)
            throws IOException {
        Catalog all = archive.catalog(manifest.catalogThere());
        Catalog one =
                new Catalog(
                        all.server(), all.tables().stream().filter(isWanted).toList(), List.of());
        return manifest.kind() == Manifest.Kind.BASE
                ? new CatalogState(one)
                : CatalogState.goingOn(one);
    }

    /** The table in a version; empty where it has another key. */
    Optional<Table> of(int version) {
        return Optional.ofNullable(versions.get(version)).filter(table -> table.key().equals(key));
    }

    /** Does a change lie after the last change of the key's columns? */
    boolean isAfterKeyChange(Placed placed) {
        return keyChange().filter(change -> placed.compareTo(change) < 0).isEmpty();
    }

    /** The first change of the key's columns of which something holds. */
    Optional<Placed> keyChange(Predicate<Placed> isWanted) {
        return keyChanges.stream().filter(isWanted).findFirst();
    }

    /** Is there a version in which it has the key? */
    boolean hasKey() {
        return versions.values().stream().anyMatch(table -> table.key().equals(key));
    }

    Optional<Table> first() {
        return first;
    }

    Optional<Table> last() {
        return last;
    }

    /** Where the table got its key's columns; empty when that was before. */
    Optional<Placed> keyChange() {
        return keyChanges.reversed().stream().findFirst();
    }

    /** The table just before that, when it had another key, or none. */
    Optional<Table> otherKey() {
        return otherKey;
    }
}
