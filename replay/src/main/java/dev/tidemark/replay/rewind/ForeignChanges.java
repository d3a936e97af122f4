package dev.tidemark.replay.rewind;

import dev.tidemark.replay.load.DatabaseRecord;
import dev.tidemark.replay.load.RecordedTable;
import dev.tidemark.replay.load.RowCounts;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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
    /**
     * A session reports what it did to rows when it ends, at the latest 10 s after it fell idle
     * (PGSTAT_IDLE_INTERVAL), and while it works once a second.
     */
    private static final String WORKED_LATELY =
            """
            SELECT EXISTS (SELECT FROM pg_stat_activity
                            WHERE datname = current_database() AND pid <> pg_backend_pid()
                              AND backend_type IN ('client backend', 'parallel worker')
                              AND (state <> 'idle' OR state_change > clock_timestamp() - interval '10.5 s'))
            """;

    private static final int LOOKS_MAX = 110; // × 0.1 s is as long as a report may take

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

    /** Waits until others have reported what they did. */
    static void awaitReports(Connection connection) throws SQLException {
        for (int look = 0; look < LOOKS_MAX; look++) {
            try (Statement statement = connection.createStatement()) {
                try (ResultSet row = statement.executeQuery(WORKED_LATELY)) {
                    row.next();
                    if (!row.getBoolean(1)) {
                        return;
                    }
                }
                statement.execute("SELECT pg_sleep(0.1)");
            }
        }
    }

    /**
     * Is every table of the shape that it was left with?
     *
     * @throws TidemarkException when one is not
     */
    void checkShapes(Connection connection) throws SQLException {
        Map<String, String> now = DatabaseRecord.shapesNow(connection);
        Set<String> names = new TreeSet<>(now.keySet());
        names.addAll(record.shapes().keySet());
        names.removeIf(name -> Objects.equals(now.get(name), record.shapes().get(name)));
        if (!names.isEmpty()) {
            throw TidemarkException.refused(
                    "%s was changed by others: the definition of %s is not as Tidemark left it"
                            .formatted(target, String.join(", ", names)),
                    "Take that back, or restore the moment with 'tidemark restore --replace --confirm'.");
        }
    }

    /** The tables whose rows are not as they were left; reads those of which that is not known. */
    List<Table> find(Connection connection, Set<Long> besides) throws SQLException {
        counts = record.countsNow(connection);
        boolean isCounting = record.isCounting(connection);
        List<Table> changed = new ArrayList<>();
        for (RecordedTable recorded : record.tables().values()) {
            RowCounts now = counts(recorded.id());
            boolean isAsCounted = isCounting && recorded.counts().filter(now::equals).isPresent();
            boolean isKnown = isAsCounted || now.equals(compared.get(recorded.id()));
            if (!isKnown && !besides.contains(recorded.id())) {
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
                        .formatted(
                                target,
                                String.join(
                                        ", ",
                                        changed.stream()
                                                .map(Table::displayName)
                                                .sorted()
                                                .toList())),
                "Add --overwrite-changes to bring these tables to the moment too: what was changed in them is lost.");
    }
}
