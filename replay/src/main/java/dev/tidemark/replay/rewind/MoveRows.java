package dev.tidemark.replay.rewind;

import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.FoldedDatabase;
import dev.tidemark.archive.fold.KeyedRows;
import dev.tidemark.archive.fold.RowsMove;
import dev.tidemark.archive.fold.TableRows;
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

/**
 * What is to be done to the rows of each table that differs between two cuts. For one thread; used
 * once.
 *
 * @param differing of tables whose changes lead from one to the other, by id
 * @param wholes of the others: why all of their rows are to be loaded
 * @param there rows at the cut where it goes, of those that need them
 */
record MoveRows(
        Map<Long, RowsMove> differing, Map<Long, String> wholes, Map<Long, TableRows> there) {
    MoveRows {
        differing = Map.copyOf(differing);
        wholes = Map.copyOf(wholes);
        there = Map.copyOf(there);
    }

    /**
     * Reads it from the archive.
     *
     * @param wholes tables of which all rows are to be loaded, and why
     * @throws TidemarkException (refused) when rows there are not known
     */
    static MoveRows read(Reading reading, Course course, Map<Long, String> wholes)
            throws IOException {
        Map<Long, RowsMove> differing = new HashMap<>();
        for (Table table : course.net().tables()) {
            if (!wholes.containsKey(table.id())) {
                differing.put(table.id(), course.move(table));
            }
        }
        Map<Long, KeyedRows> lookedUp = new HashMap<>();
        differing.forEach((id, move) -> move.lookingUp().ifPresent(of -> lookedUp.put(id, of)));
        Map<Long, TableRows> there = new HashMap<>();
        if (isUncertain(course)) {
            Set<Long> wanted = new HashSet<>(wholes.keySet());
            wanted.addAll(lookedUp.keySet());
            there.putAll(folded(reading, course, wanted));
        } else {
            if (!wholes.isEmpty()) {
                there.putAll(folded(reading, course, wholes.keySet()));
            }
            there.putAll(rows(reading, course, lookedUp));
        }
        for (long id : lookedUp.keySet()) {
            RowsMove move = Objects.requireNonNull(differing.get(id));
            move.lookUp(Objects.requireNonNull(there.get(id)));
        }
        return new MoveRows(differing, wholes, there);
    }

    private static boolean isUncertain(Course course) {
        return course.net().isDoubtful()
                || course.catalog().tables().stream()
                        .anyMatch(table -> table.rewritten() && table.holdsRows());
    }

    /** Tables that changes do not lead to the moment are read from the archive as of then. */
    private static Map<Long, TableRows> folded(Reading reading, Course course, Set<Long> wanted)
            throws IOException {
        Catalog base = Fold.catalog(reading.archive(), course.plan().base().catalogThere());
        Set<Long> leftAlone = new HashSet<>();
        base.tables().forEach(table -> leftAlone.add(table.id()));
        course.catalog().tables().forEach(table -> leftAlone.add(table.id()));
        leftAlone.removeAll(wanted);
        FoldedDatabase folded =
                Fold.runKnown(
                        reading.archive(),
                        course.plan(),
                        leftAlone,
                        Fold.memory(),
                        reading.temporary(),
                        reading.progress());
        requireKnown(folded, course);
        return byTable(folded);
    }

    /** Some rows of tables as of then. */
    private static Map<Long, TableRows> rows(
            Reading reading, Course course, Map<Long, KeyedRows> wanted) throws IOException {
        if (wanted.isEmpty()) {
            return Map.of();
        }
        return byTable(
                Fold.runRows(
                        reading.archive(),
                        course.plan(),
                        wanted.keySet(),
                        wanted,
                        reading.temporary(),
                        reading.progress()));
    }

    private static Map<Long, TableRows> byTable(FoldedDatabase folded) {
        Map<Long, TableRows> tables = new HashMap<>();
        folded.tables().forEach(rows -> tables.put(rows.table().id(), rows));
        return tables;
    }

    private static void requireKnown(FoldedDatabase folded, Course course) {
        List<String> unknown =
                folded.withoutRows().stream().map(Table::displayName).sorted().toList();
        if (!unknown.isEmpty()) {
            throw TidemarkException.refused(
                    "rows of %s are not known at %s"
                            .formatted(String.join(", ", unknown), course.plan().cut().position()),
                    "Choose another moment: 'tidemark restore --dry-run' names those around.");
        }
    }

    /** The tables whose rows change. */
    Set<Long> tables() {
        Set<Long> tables = new HashSet<>(differing.keySet());
        tables.addAll(wholes.keySet());
        return tables;
    }

    /** All rows of a table there. */
    TableRows there(long table) {
        return Objects.requireNonNull(there.get(table));
    }
}
