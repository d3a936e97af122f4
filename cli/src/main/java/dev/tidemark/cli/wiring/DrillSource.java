package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.capture.prepare.TableCursor;
import dev.tidemark.capture.prepare.TablePart;
import dev.tidemark.capture.prepare.TableParts;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.replay.drill.Detail;
import dev.tidemark.replay.drill.RowSearch;
import dev.tidemark.replay.drill.TableDifference;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.replay.load.RowsTally;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The source at one position, which a drill compares with: as the role of capture, which has no
 * right to any table, through the functions that 'tidemark init' gave it. Each table is locked only
 * while it is read, and against nothing but what would change it as a whole; who waits for such a
 * lock goes first. Closing it ends the snapshot, and its slot. For one thread.
 */
final class DrillSource implements AutoCloseable {
    /** A table is truncated every some seconds perhaps, and the look takes tenths of one. */
    private static final int ATTEMPTS_MAX = 5;

    private final Database source;
    private final HeldSnapshot held;
    private final List<TablePart> tableParts;
    private final Map<String, RowsChecksum> checksums = new ConcurrentHashMap<>();
    private final Map<String, String> notCompared = new ConcurrentHashMap<>();

    private DrillSource(Database source, HeldSnapshot held, List<TablePart> tableParts) {
        this.source = source;
        this.held = held;
        this.tableParts = tableParts;
    }

    /**
     * Takes the snapshot; no row is read yet.
     *
     * @param holdMax so long the source keeps it
     */
    static DrillSource take(Database source, Archive archive, Duration holdMax)
            throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            HeldSnapshot held =
                    HeldSnapshot.hold(
                            TemporarySnapshot.take(source, archive, "tidemark_drill_"), holdMax);
            boolean isTaken = false;
            try (Connection session = held.snapshot().session()) {
                DrillSource taken =
                        new DrillSource(source, held, TableParts.ofAllPrepared(session));
                isTaken = true;
                return taken;
            } catch (TidemarkException e) {
                held.require();
                if (attempt == ATTEMPTS_MAX || !TableParts.isPassing(e)) {
                    throw e; // one that was truncated since the snapshot looks empty to it
                }
            } catch (SQLException e) {
                throw TemporarySnapshot.closed("drill", e);
            } finally {
                if (!isTaken) {
                    held.close();
                }
            }
        }
    }

    /** The rows are those of all transactions that ended at or before it. */
    Position position() {
        return held.snapshot().position();
    }

    /**
     * Reads every table once.
     *
     * @param jobs sessions that read side by side
     */
    void read(int jobs, Progress progress) throws IOException, InterruptedException {
        long rows = tableParts.stream().mapToLong(TablePart::estimatedRows).sum();
        try (Progress.Task task = progress.start("source", rows, Progress.Unit.ROWS)) {
            ParallelCopy.run(
                    tableParts,
                    jobs,
                    held.snapshot()::session,
                    (session, part, number) -> {
                        read(session, part);
                        task.advance(part.estimatedRows());
                    });
        }
    }

    private void read(Connection session, TablePart part) throws IOException {
        String name = part.table().displayName();
        RowsTally tally = new RowsTally();
        try {
            keep(session, part.table());
            TableCursor.copy(session, part, row -> tally(tally, row));
            checksums.merge(name, tally.checksum(), RowsChecksum::plus);
        } catch (TidemarkException e) {
            held.require();
            goOnAfter(session, e);
            notCompared.put(name, String.valueOf(e.getMessage()));
        }
    }

    private void tally(RowsTally tally, List<Value> row) throws IOException {
        held.require();
        tally.row(row);
    }

    private void keep(Connection session, Table table) {
        held.require();
        held.snapshot().renew(session); // gives back the lock of the table before
        if (TableParts.ofPrepared(session, List.of(table.id())).isEmpty()) {
            throw TidemarkException.failed(
                    "the table was dropped since", "Run the drill again if it is to be compared.");
        }
    }

    /** One table is in somebody's hands; a session that is gone is another matter. */
    private static void goOnAfter(Connection session, TidemarkException failure) {
        try {
            session.rollback();
        } catch (SQLException e) {
            failure.addSuppressed(e);
            throw failure;
        }
    }

    /** Of the tables that were read, by name. */
    Map<String, RowsChecksum> checksums() {
        Map<String, RowsChecksum> all = new TreeMap<>(checksums);
        all.keySet().removeAll(notCompared.keySet());
        return all;
    }

    /** Why tables could not be read, by name. */
    Map<String, String> notCompared() {
        return new TreeMap<>(notCompared);
    }

    /**
     * Finds the rows in which a table differs.
     *
     * @throws TidemarkException when the role has no right to it, or it changed since
     */
    TableDifference rows(String name, Connection restored, Detail detail, int rowsMax) {
        Table table =
                tableParts.stream()
                        .map(TablePart::table)
                        .filter(one -> one.displayName().equals(name))
                        .findFirst()
                        .orElseThrow();
        held.require();
        try (Connection session = held.snapshot().session()) {
            limit(session);
            requireRight(session, table);
            keep(session, table);
            return new RowSearch(session, restored, detail, rowsMax).find(table);
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "cannot compare the rows of %s: %s"
                            .formatted(name, TidemarkException.reason(e)),
                    "Look at the logs of both servers.",
                    e);
        }
    }

    /** What is asked here may take long, and the session has the snapshot. */
    private void limit(Connection session) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute(
                    "SET statement_timeout = " + Math.max(1, held.left().toMillis())); // 0: none
        }
    }

    private void requireRight(Connection session, Table table) throws SQLException {
        try (PreparedStatement query =
                session.prepareStatement(
                        """
                        SELECT has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege(c.relnamespace, 'USAGE')
                               AND NOT row_security_active(c.oid)
                          FROM pg_class c WHERE c.oid = ?::oid""")) {
            query.setLong(1, table.id());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next() || !row.getBoolean(1)) {
                    throw TidemarkException.refused(
                            "the rows of %s that differ cannot be looked for: %s may not read it in the source"
                                    .formatted(table.displayName(), source.url().user()),
                            "GRANT pg_read_all_data TO %s (and BYPASSRLS where it has row level security), and run the drill again."
                                    .formatted(source.url().user()));
                }
            }
        }
    }

    @Override
    public void close() {
        held.close();
    }
}
