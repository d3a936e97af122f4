package dev.tidemark.replay.drill;

import dev.tidemark.replay.load.TargetDatabase;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one drill at a time have a scratch database, by an advisory lock of its server, in another
 * database than that, which is dropped. A drill has it from before its first look until the scratch
 * database is gone; it ends with its session. For one thread.
 */
final class DrillLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DrillLock.class);

    /** The first key of a lock's two, "tide" and one; the other is of the database's name. */
    private static final int DRILLS = 1953064038;

    private static final String KEY = "(hashtext(?) & 2147483647)"; // as pg_locks shows it, no sign

    private static final String HOLDER =
            "SELECT pid::text FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = "
                    + DRILLS
                    + " AND objsubid = 2 AND objid = "
                    + KEY
                    + "::oid AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

    /** The drill may take longer than the server lets a session do nothing. */
    private static final String WAITS =
            "SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout'";

    private final Connection session;

    private DrillLock(Connection session) {
        this.session = session;
    }

    /**
     * Takes it; nothing is changed on the server.
     *
     * @throws TidemarkException (refused) when another drill has it, naming its process
     */
    static DrillLock take(Database database) {
        try {
            Connection session = TargetDatabase.maintenance(database).connect();
            try {
                try (Statement statement = session.createStatement()) {
                    statement.execute(WAITS);
                }
                take(database, session);
                return new DrillLock(session);
            } catch (SQLException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "cannot look whether another drill has the scratch database %s: %s"
                            .formatted(database.url(), TidemarkException.reason(e)),
                    "The user must be able to connect to the database postgres of that server.",
                    e);
        }
    }

    private static void take(Database database, Connection session) throws SQLException {
        String name = database.url().database();
        String taken = "SELECT pg_try_advisory_lock(" + DRILLS + ", " + KEY + ")::text";
        if (!answer(session, taken, name).equals("true")) {
            throw TidemarkException.refused(
                    "%s is the scratch database of a drill that is at work: process %s of the server"
                            .formatted(database, answer(session, HOLDER, name)),
                    "Wait until it has ended, or name another database with --into. Nothing was changed.");
        }
    }

    private static String answer(Connection session, String question, String name)
            throws SQLException {
        try (PreparedStatement query = session.prepareStatement(question)) {
            query.setString(1, name);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? String.valueOf(row.getString(1)) : "that has just ended";
            }
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (SQLException e) {
            LOG.debug(
                    "the session of the lock was closed already: {}", TidemarkException.reason(e));
        }
    }
}
