package dev.tidemark.replay.history;

import static java.util.Comparator.comparingInt;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.merge.SegmentChanges;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.schemas.Nearest;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Finds a table by any name that it has or had. Only for a name of before all schema changes of the
 * archive are read. For one thread.
 */
public final class TableNames {
    private static final int NAMES_MAX = 5; // more would not be read

    private final Archive archive;
    private final Path temporary;

    /**
     * @param temporary a folder for files while they are read
     */
    public TableNames(Archive archive, Path temporary) {
        this.archive = archive;
        this.temporary = temporary;
    }

    /**
     * A table that was found by a name.
     *
     * @param displayName the one by which it was found, with its schema
     * @param table in its newest shape
     * @param system the cluster in which its number means it
     */
    public record Named(String displayName, Table table, String system) {
        /**
         * Is a table in some shape meant? In its own cluster what it is, under any name, and any
         * other that has the name: one that was there before it, or came after. In another cluster
         * what has the name.
         */
        public boolean isIn(String cluster, Table other) {
            boolean isSame =
                    cluster.equals(system)
                            ? other.id() == table.id()
                            : other.displayName().equals(table.displayName());
            return isSame || other.displayName().equals(displayName);
        }

        /**
         * The one that is meant. In its own cluster it is itself also where it is there no more, or
         * not yet. In another one it is what has the asked name, else the table's own; empty when
         * nothing has.
         *
         * @param there the tables of a cluster
         */
        Optional<Table> in(String cluster, List<Table> there) {
            return cluster.equals(system)
                    ? first(there, one -> one.id() == table.id()).or(() -> Optional.of(table))
                    : first(there, one -> one.displayName().equals(displayName))
                            .or(() -> first(there, this::hasItsName));
        }

        private boolean hasItsName(Table other) {
            return other.displayName().equals(table.displayName());
        }

        private static Optional<Table> first(List<Table> tables, Predicate<Table> is) {
            return tables.stream().filter(is).findFirst();
        }
    }

    /** A table as it was once, and the cluster that it was in. */
    private record Once(Table table, String system) {}

    /**
     * A table in its newest shape: as the archive's end has it, or as it was last, when it is gone.
     *
     * @param name {@code schema.table}, or the table alone where that is clear
     * @throws TidemarkException (refused) when the archive knows none, (usage) when it knows
     *     several
     */
    public Named named(String name) throws IOException {
        List<Stretch> stretches = archive.state().stretches();
        List<Table> newest = archive.catalog(stretches.getLast().catalog()).tables();
        String system = system(stretches.getLast());
        Optional<Table> found = one(name, newest);
        if (found.isPresent()) {
            return new Named(found.get().displayName(), found.get(), system);
        }
        List<Once> older = older(stretches);
        Once old = latest(name, older).orElseThrow(() -> unknown(name, newest, older));
        Optional<Table> now =
                newest.stream()
                        .filter(table -> old.system().equals(system))
                        .filter(table -> table.id() == old.table().id())
                        .findFirst();
        return new Named(old.table().displayName(), now.orElse(old.table()), old.system());
    }

    private String system(Stretch stretch) {
        return stretch.systemId().orElse(archive.identity().systemId());
    }

    private static boolean isNamed(Table table, String name) {
        return table.displayName().equals(name) || table.name().equals(name);
    }

    private static Optional<Table> one(String name, List<Table> tables) {
        List<Table> found = tables.stream().filter(table -> isNamed(table, name)).toList();
        if (found.size() > 1) {
            throw TidemarkException.usage(
                    "'" + name + "' is the name of several tables",
                    "Say which: " + names(found) + ".");
        }
        return found.stream().findFirst();
    }

    private static Optional<Once> latest(String name, List<Once> older) {
        List<Once> found = older.stream().filter(one -> isNamed(one.table(), name)).toList();
        Set<String> names =
                new TreeSet<>(found.stream().map(one -> one.table().displayName()).toList());
        if (names.size() > 1) {
            throw TidemarkException.usage(
                    "'" + name + "' was the name of several tables",
                    "Say which: " + String.join(", ", names) + ".");
        }
        return found.reversed().stream().findFirst();
    }

    /** All shapes of all tables that the archive tells of, in the order in which it does. */
    private List<Once> older(List<Stretch> stretches) throws IOException {
        List<Once> older = new ArrayList<>();
        for (Stretch stretch : stretches) {
            String system = system(stretch);
            Consumer<Table> told = table -> older.add(new Once(table, system));
            archive.catalog(stretch.base().catalogThere()).tables().forEach(told);
            for (Manifest segment : stretch.segments()) {
                try (SegmentChanges changes =
                        SegmentChanges.open(
                                archive, segment, SegmentChanges.Wanted.NO_ROWS, temporary)) {
                    while (changes.hasNext()) {
                        Change change = changes.next();
                        if (change.entry() instanceof Entry.Schema schema) {
                            CatalogChange.read(schema.content()).tables().forEach(told);
                        }
                    }
                }
            }
        }
        return older;
    }

    private static TidemarkException unknown(String name, List<Table> newest, List<Once> older) {
        Set<String> known = new TreeSet<>();
        newest.forEach(table -> known.add(table.displayName()));
        older.forEach(one -> known.add(one.table().displayName()));
        List<String> nearest =
                known.stream()
                        .sorted(comparingInt(one -> distance(name, one)))
                        .limit(NAMES_MAX)
                        .toList();
        return TidemarkException.refused(
                "the archive knows no table '" + name + "', and never did",
                nearest.isEmpty()
                        ? "It knows no table at all."
                        : "The nearest names are " + String.join(", ", nearest) + ".");
    }

    /** To the name, or to what comes after its schema. */
    private static int distance(String wanted, String name) {
        String plain = wanted.toLowerCase(Locale.ROOT);
        String folded = name.toLowerCase(Locale.ROOT);
        String last = folded.substring(folded.indexOf('.') + 1);
        return Math.min(Nearest.edits(plain, folded), Nearest.edits(plain, last));
    }

    private static String names(List<Table> tables) {
        return String.join(", ", tables.stream().map(Table::displayName).sorted().toList());
    }
}
