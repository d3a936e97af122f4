package dev.tidemark.capture.prepare;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.json.CanonicalJson;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Splits tables into parts that can be read side by side, and keeps them as they are meanwhile.
 *
 * <p>A snapshot protects rows, not tables: TRUNCATE and rewrites after it make a table look empty,
 * and VACUUM FULL moves rows between parts. So the tables are locked against those, by the
 * connection until its transaction ends, and one that was changed between the snapshot and the lock
 * is refused. Where tables are so many that their locks would be half of what the server has for
 * everybody, the smaller ones are not locked but {@link #keep kept} while they are read.
 */
public final class TableParts {
    /** 512 MiB at the usual page size: some seconds of work, so that parts end evenly. */
    static final long PAGES_MAX = 65_536;

    /** Tables locked in one statement, which bounds its text. */
    private static final int LOCK_BATCH = 500;

    private TableParts() {}

    /**
     * The parts of all tables that hold rows.
     *
     * @param session that of a snapshot; keep it open while the parts are read
     */
    public static List<TablePart> of(Connection session, List<Table> tables) {
        return of(session, tables, PAGES_MAX);
    }

    /** Like {@link #of(Connection, List)}, with parts of so many pages. */
    public static List<TablePart> of(Connection session, List<Table> tables, long pagesMax) {
        try {
            return of(session, tables, pagesMax, locksMax(session));
        } catch (SQLException e) {
            throw unlockable(e);
        }
    }

    /** The same with so many tables locked at most. */
    public static List<TablePart> of(
            Connection session, List<Table> tables, long pagesMax, int locksMax) {
        List<Table> holders = tables.stream().filter(Table::holdsRows).toList();
        try {
            Set<Long> kept = largest(session, holders, locksMax);
            lock(session, holders.stream().filter(table -> kept.contains(table.id())).toList());
            Map<Long, Size> sizes = sizes(session, holders);
            List<TablePart> parts = new ArrayList<>();
            for (Table table : holders) {
                Size size = sizes.get(table.id());
                if (size == null || !size.unchanged()) {
                    throw changed(table.displayName());
                }
                parts.addAll(split(table, size, pagesMax, kept.contains(table.id())));
            }
            return parts;
        } catch (SQLException e) {
            throw unlockable(e);
        }
    }

    /**
     * Locks a table until the end of the session's transaction, which has the snapshot.
     *
     * @throws TidemarkException when it is not what the snapshot shows any more
     */
    static void keep(Connection session, Table table) {
        try {
            lock(session, List.of(table));
            Size size = sizes(session, List.of(table)).get(table.id());
            if (size == null || !size.unchanged()) {
                throw changed(table.displayName());
            }
        } catch (SQLException e) {
            throw unlockable(e);
        }
    }

    private static TidemarkException unlockable(SQLException e) {
        return TidemarkException.failed(
                "cannot lock the tables that are to be read: " + SourceErrors.message(e),
                SourceErrors.state(e).equals(SourceErrors.NO_MEMORY)
                        ? SourceErrors.LOCKS_HINT
                        : "Tables change meanwhile: run the command again when no migration runs.",
                e);
    }

    /** Half of the locks that all sessions together are sure to have. */
    private static int locksMax(Connection session) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                """
                                SELECT current_setting('max_locks_per_transaction')::int / 2
                                     * (current_setting('max_connections')::int
                                        + current_setting('max_prepared_transactions')::int)""")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Reading them takes longest, and so does reading them again. */
    private static Set<Long> largest(Connection session, List<Table> tables, int locksMax)
            throws SQLException {
        Set<Long> largest = new HashSet<>();
        try (PreparedStatement query =
                session.prepareStatement(
                        "SELECT id FROM unnest(?) AS t(id) ORDER BY pg_relation_size(id::oid) DESC LIMIT ?")) {
            query.setArray(1, ids(session, tables));
            query.setInt(2, locksMax);
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    largest.add(row.getLong(1));
                }
            }
        }
        return largest;
    }

    private static Array ids(Connection session, List<Table> tables) throws SQLException {
        return session.createArrayOf("bigint", tables.stream().map(Table::id).toArray());
    }

    /**
     * The parts of some tables of a prepared source, for a role that has no right to them: they are
     * read by {@link TableCursor}. Those that are gone are passed over.
     *
     * @param session that of a snapshot; keep it open while the parts are read
     * @param ids of tables
     */
    public static List<TablePart> ofPrepared(Connection session, List<Long> ids) {
        return ofPrepared(session, ids, PAGES_MAX);
    }

    /**
     * The same of all tables that hold rows.
     *
     * @param session as above
     */
    public static List<TablePart> ofAllPrepared(Connection session) {
        List<Long> ids = new ArrayList<>();
        try (Statement statement = session.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT oid::bigint FROM pg_class WHERE relkind = 'r' ORDER BY 1")) {
            while (row.next()) {
                ids.add(row.getLong(1));
            }
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "cannot list the tables: " + SourceErrors.message(e),
                    "Look at the source's log.",
                    e);
        }
        return ofPrepared(session, ids); // which passes those over that hold none
    }

    /** Like {@link #ofPrepared(Connection, List)}, with parts of so many pages. */
    public static List<TablePart> ofPrepared(Connection session, List<Long> ids, long pagesMax) {
        List<TablePart> parts = new ArrayList<>();
        try (PreparedStatement query =
                session.prepareStatement("SELECT * FROM tidemark.lock_tables(?)")) {
            query.setArray(1, session.createArrayOf("bigint", ids.toArray()));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    Table table =
                            CanonicalJson.read(
                                    row.getString("state").getBytes(UTF_8),
                                    Table.class,
                                    "a table from its JSON");
                    Size size = size(row);
                    if (!size.unchanged()) {
                        throw changed(table.displayName());
                    }
                    parts.addAll(split(table, size, pagesMax, true));
                }
            }
            return parts;
        } catch (SQLException e) {
            boolean isOld =
                    Set.of(SourceErrors.NO_FUNCTION, SourceErrors.NO_PRIVILEGE)
                            .contains(SourceErrors.state(e));
            throw TidemarkException.failed(
                    "cannot lock %s: %s"
                            .formatted(
                                    SourceErrors.lockedTable(e)
                                            .map(table -> "table %s to read it".formatted(table))
                                            .orElse("tables to read them"),
                                    SourceErrors.message(e)),
                    isOld
                            ? "An older 'tidemark init' prepared the source: run 'tidemark init' again."
                            : "Commands that change tables go first.",
                    e);
        }
    }

    private static TidemarkException changed(String table) {
        return TidemarkException.failed(
                "table "
                        + table
                        + " was truncated, rewritten or replaced since the snapshot was taken",
                "Run the command again: it starts from a new snapshot.",
                new ChangedMeanwhile());
    }

    /** Tells what a new snapshot helps against from what it does not. */
    private static final class ChangedMeanwhile extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** Did a table change, or somebody hold it, so that it may be otherwise a moment later? */
    public static boolean isPassing(TidemarkException failure) {
        return failure.getCause() instanceof ChangedMeanwhile
                || (failure.getCause() instanceof SQLException e
                        && Set.of(SourceErrors.LOCK_TIMEOUT, SourceErrors.CANCELLED)
                                .contains(SourceErrors.state(e)));
    }

    private static void lock(Connection session, List<Table> tables) throws SQLException {
        try (Statement statement = session.createStatement()) {
            for (int from = 0; from < tables.size(); from += LOCK_BATCH) {
                List<Table> batch =
                        tables.subList(from, Math.min(tables.size(), from + LOCK_BATCH));
                statement.execute(
                        batch.stream()
                                .map(table -> "ONLY " + TableCopy.quoted(table))
                                .collect(
                                        Collectors.joining(
                                                ", ", "LOCK TABLE ", " IN ACCESS SHARE MODE")));
            }
        }
    }

    private record Size(boolean unchanged, long pages, long pageBytes, double rows) {}

    private static Map<Long, Size> sizes(Connection session, List<Table> tables)
            throws SQLException {
        Map<Long, Size> sizes = new HashMap<>();
        try (PreparedStatement query = session.prepareStatement(PreparationSql.tableSizes("?"))) {
            query.setArray(1, ids(session, tables));
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    sizes.put(row.getLong("id"), size(row));
                }
            }
        }
        return sizes;
    }

    private static Size size(ResultSet row) throws SQLException {
        return new Size(
                row.getBoolean("is_unchanged"),
                row.getLong("pages"),
                row.getLong("page_bytes"),
                row.getDouble("rows"));
    }

    private static List<TablePart> split(Table table, Size size, long pagesMax, boolean isKept) {
        List<TablePart> parts = new ArrayList<>();
        long first = 0;
        while (size.pages() - first > pagesMax) {
            OptionalLong end = OptionalLong.of(first + pagesMax);
            long rows = rows(size, pagesMax);
            long bytes = pagesMax * size.pageBytes();
            parts.add(new TablePart(table, first, end, rows, bytes, isKept));
            first += pagesMax;
        }
        long pages = size.pages() - first;
        long bytes = pages * size.pageBytes();
        parts.add(
                new TablePart(
                        table, first, OptionalLong.empty(), rows(size, pages), bytes, isKept));
        return parts;
    }

    /** A table that was never analysed has the estimate -1. */
    private static long rows(Size size, long pages) {
        double share = size.pages() == 0 ? 1 : (double) pages / size.pages();
        return Math.round(Math.max(0, size.rows()) * share);
    }
}
