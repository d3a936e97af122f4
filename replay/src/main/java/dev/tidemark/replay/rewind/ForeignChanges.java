package dev.tidemark.replay.rewind;

import dev.tidemark.replay.load.DatabaseRecord;
import dev.tidemark.replay.load.RecordedTable;
import dev.tidemark.replay.load.RowCounts;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.database.Database;
import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What others did to a restored database since Tidemark left it. Tables of which the server counted
 * nothing since then are as they were; the rows of others are read and compared. For one thread.
 */
final class ForeignChanges {
    /** Reading so many rows takes less time than to wait for reports that others owe. */
    private static final long READ_ROWS_MAX = 500_000;

    private final Database target;
    private final DatabaseRecord record;
    private final Map<Long, Table> tables = new TreeMap<>();

    /** Tables whose rows were compared, with the counts at that time. */
    private final Map<Long, RowCounts> compared = new TreeMap<>();

    private Map<Long, RowCounts> counts = Map.of();

    ForeignChanges(Database target, DatabaseRecord record, List<Table> tables) {
        this.target = target;
        this.record = record;
        tables.forEach(table -> this.tables.put(table.id(), table));
    }

    /**
     * Is every table the one that was left, and of its shape?
     *
     * @throws TidemarkException when one is not
     */
    void checkShapes(Connection connection) throws SQLException {
        Map<String, DatabaseRecord.Shape> now = DatabaseRecord.shapesNow(connection);
        Map<String, DatabaseRecord.Shape> left = record.shapes();
        Set<String> names = new TreeSet<>(now.keySet());
        names.addAll(left.keySet());
        names.removeIf(name -> Objects.equals(now.get(name), left.get(name)));
        if (names.isEmpty()) {
            return;
        }
        Set<String> remade = new TreeSet<>(names);
        remade.removeIf(name -> !isSameDefinition(now.get(name), left.get(name)));
        if (remade.equals(names)) {
            throw TidemarkException.refused(
                    "%s was changed by others: %s was dropped and made anew"
                            .formatted(target, String.join(", ", names)),
                    "Restore the moment with 'tidemark restore --replace --confirm'.");
        }
        throw TidemarkException.refused(
                "%s was changed by others: the definition of %s is not as Tidemark left it"
                        .formatted(target, String.join(", ", names)),
                "Take that back, or restore the moment with 'tidemark restore --replace --confirm'.");
    }

    private static boolean isSameDefinition(
            DatabaseRecord.@org.jspecify.annotations.Nullable Shape one,
            DatabaseRecord.@org.jspecify.annotations.Nullable Shape other) {
        return one != null && other != null && one.definition().equals(other.definition());
    }

    /**
     * Tables of which the counts may not tell everything, of some: none once all sessions have
     * reported. So long is waited, unless it takes less time to read them.
     */
    Set<Long> uncounted(Connection connection, Set<Long> of)
            throws SQLException, InterruptedIOException {
        OpenReports open = OpenReports.look(connection);
        if (!open.isNone() && rows(of) > READ_ROWS_MAX) {
            open = OpenReports.await(connection);
        }
        return open.isNone() ? Set.of() : of;
    }

    /** Is it little work to read them? */
    boolean isQuicklyRead(Set<Long> some) {
        return rows(some) <= READ_ROWS_MAX;
    }

    private long rows(Set<Long> some) {
        return record.tables().values().stream()
                .filter(table -> some.contains(table.id()))
                .mapToLong(table -> table.checksum().rows())
                .sum();
    }

    /**
     * The tables whose rows are not as they were left; reads those of which that is not known.
     *
     * @param doubted are read in any case
     * @param besides are not looked at
     */
    List<Table> find(Connection connection, Set<Long> doubted, Set<Long> besides)
            throws SQLException {
        counts = record.countsNow(connection);
        boolean isCounting = record.isCounting(connection);
        List<Table> changed = new ArrayList<>();
        for (RecordedTable recorded : record.tables().values()) {
            RowCounts now = counts(recorded.id());
            boolean isAsCounted = isCounting && recorded.counts().filter(now::equals).isPresent();
            boolean isKnown = isAsCounted || now.equals(compared.get(recorded.id()));
            boolean isRead = !isKnown || doubted.contains(recorded.id());
            if (isRead && !besides.contains(recorded.id())) {
                Table table = table(recorded);
                if (RowsChecksum.ofTable(connection, table).equals(recorded.checksum())) {
                    compared.put(recorded.id(), now);
                } else {
                    changed.add(table);
                }
            }
        }
        return changed;
    }

    private Table table(RecordedTable recorded) {
        Table table = tables.get(recorded.id());
        if (table == null) {
            throw new IllegalStateException(recorded.name() + " is not in the archive's catalog");
        }
        return table;
    }

    /** What the server counted of a table when it was looked at last. */
    RowCounts counts(long table) {
        return Objects.requireNonNull(counts.get(table));
    }

    /** Tables whose recorded counts say nothing any more, though their rows are as recorded. */
    Set<Long> recounted() {
        return new HashSet<>(compared.keySet());
    }

    TidemarkException refusal(List<Table> changed) {
        return TidemarkException.refused(
                "%s was changed by others: rows of %s are not as Tidemark left them"
                        .formatted(target, names(changed)),
                "Add --overwrite-changes to bring these tables to the moment too: what was changed in them is lost.");
    }

    /** What to say when that was found again and again, after the tables were locked. */
    TidemarkException changing(List<Table> changed) {
        return TidemarkException.refused(
                "%s is being changed by others: rows of %s are not as Tidemark left them"
                        .formatted(target, names(changed)),
                "End the sessions that work in it: pg_stat_activity names them. Nothing was changed.");
    }

    private static String names(List<Table> tables) {
        return String.join(", ", tables.stream().map(Table::displayName).sorted().toList());
    }
}
