package dev.tidemark.replay.difference;

import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.FoldedDatabase;
import dev.tidemark.archive.fold.KeyedRows;
import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Rows of some tables at a moment of the archive, each to be read once. For one thread. */
final class FoldedRows {
    private final Map<Long, TableRows> tables = new HashMap<>();

    private FoldedRows(FoldedDatabase folded) {
        folded.tables().forEach(rows -> tables.put(rows.table().id(), rows));
    }

    /**
     * Folds to the moment. That is done for no tables, too: it shows whether the archive is exact
     * there.
     *
     * @param whole ids of tables whose rows are all wanted
     * @param some of other tables, the rows that are
     * @throws TidemarkException (refused) when the archive does not know them
     */
    static FoldedRows of(
            Reading reading, ArchivedState state, Set<Long> whole, Map<Long, KeyedRows> some)
            throws IOException {
        Set<Long> wanted = new HashSet<>(whole);
        wanted.addAll(some.keySet());
        boolean isUncertain =
                state.catalog().tables().stream()
                        .anyMatch(table -> table.rewritten() && wanted.contains(table.id()));
        if (!isUncertain) {
            return new FoldedRows(
                    Fold.runRows(
                            reading.archive(),
                            state.plan(),
                            wanted,
                            some,
                            reading.share(),
                            reading.temporary(),
                            reading.progress()));
        }
        FoldedDatabase folded =
                Fold.runKnown(
                        reading.archive(),
                        state.plan(),
                        others(reading.archive(), state, wanted),
                        reading.share(),
                        reading.temporary(),
                        reading.progress());
        requireKnown(folded, state, wanted);
        return new FoldedRows(folded);
    }

    private static Set<Long> others(Archive archive, ArchivedState state, Set<Long> wanted)
            throws IOException {
        Catalog base = Fold.catalog(archive, state.plan().base().catalogThere());
        Set<Long> others = new HashSet<>();
        base.tables().forEach(table -> others.add(table.id()));
        state.catalog().tables().forEach(table -> others.add(table.id()));
        others.removeAll(wanted);
        return others;
    }

    private static void requireKnown(FoldedDatabase folded, ArchivedState state, Set<Long> wanted) {
        List<String> unknown =
                folded.withoutRows().stream()
                        .filter(table -> wanted.contains(table.id()))
                        .map(Table::displayName)
                        .sorted()
                        .toList();
        if (!unknown.isEmpty()) {
            throw TidemarkException.refused(
                    "rows of %s are not known at %s"
                            .formatted(String.join(", ", unknown), state.position()),
                    "Choose another moment: 'tidemark restore --dry-run' names those around. Or name the other tables by --table.");
        }
    }

    /** A table's rows. */
    TableRows of(long table) {
        return Objects.requireNonNull(tables.get(table));
    }
}
