package dev.tidemark.capture.prepare;

import dev.tidemark.capture.source.catalog.RecordText;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * Reads rows of tables as of a snapshot through functions of a prepared source, for a role that has
 * no right to the tables: the server's own text of every stored value, as {@link TableCopy} does,
 * which is faster.
 *
 * <p>A command of somebody else that waits for the table goes first: then the copy fails, and the
 * caller ends its sessions, since everybody who wants the table would wait behind that command.
 */
public final class TableCursor {
    /** As long as others wait at most before they are noticed. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Two rows are held at a time, each some times its size on its way from text to fields. */
    private static final long ROW_BYTES_MAX = Runtime.getRuntime().maxMemory() / 32;

    /** A base is tried again by the service, and a comparison is not. */
    private static final String AGAIN =
            "A service tries again by itself, from a new snapshot; run a command again.";

    private TableCursor() {}

    /**
     * Hands over the rows of a part, in no order.
     *
     * @param session a {@link SourceSnapshot#session()}
     * @return how many they were
     */
    public static long copy(Connection session, TablePart part, RowSink sink) throws IOException {
        Table table = part.table();
        try {
            open(session, part);
            long rows = 0;
            long looked = System.nanoTime();
            for (long more = next(session, table, sink);
                    more > 0;
                    more = next(session, table, sink)) {
                rows += more;
                if (System.nanoTime() - looked > LOOK.toNanos()) {
                    refuseToHoldUp(session, table);
                    looked = System.nanoTime();
                }
            }
            try (Statement statement = session.createStatement()) {
                statement.execute("CLOSE tidemark_rows");
            }
            return rows;
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "cannot read table %s: %s"
                            .formatted(table.displayName(), SourceErrors.message(e)),
                    AGAIN + " For larger rows raise TIDEMARK_HEAP.",
                    e);
        }
    }

    private static void open(Connection session, TablePart part) throws SQLException {
        try (PreparedStatement open =
                session.prepareStatement(
                        "SELECT tidemark.open_rows(?, ?, nullif(?::bigint, -1))")) {
            open.setLong(1, part.table().id());
            open.setLong(2, part.firstPage());
            open.setLong(3, part.endPage().orElse(-1));
            open.executeQuery().close();
        }
    }

    private static long next(Connection session, Table table, RowSink sink)
            throws SQLException, IOException {
        int columns = table.stored().size();
        long rows = 0;
        try (PreparedStatement query = session.prepareStatement("SELECT tidemark.next_rows(?)")) {
            query.setLong(1, ROW_BYTES_MAX);
            try (ResultSet lines = query.executeQuery()) {
                while (lines.next()) {
                    sink.row(RecordText.fields(lines.getString(1), columns));
                    rows++;
                }
            }
        }
        return rows;
    }

    private static void refuseToHoldUp(Connection session, Table table) throws SQLException {
        try (PreparedStatement query =
                session.prepareStatement(
                        """
                        SELECT EXISTS (SELECT FROM pg_locks l
                                        WHERE l.relation = ?::oid AND NOT l.granted
                                          AND l.database = (SELECT d.oid FROM pg_database d
                                                             WHERE d.datname = current_database()))""")) {
            query.setLong(1, table.id());
            try (ResultSet waits = query.executeQuery()) {
                waits.next();
                if (waits.getBoolean(1)) {
                    throw TidemarkException.failed(
                            "a command waits for table %s while its rows are read"
                                    .formatted(table.displayName()),
                            "It goes first. " + AGAIN);
                }
            }
        }
    }
}
