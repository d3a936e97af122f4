package dev.tidemark.replay.load;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one restore at a time fill a database, by advisory locks of its server, which end with the
 * session that has them. A run has one from before its first look until after its last statement.
 * Each session of its work shares another one: those of a run that was killed may still be at work,
 * since a server notices only after a statement that nobody waits for it. For one thread.
 */
final class RestoreLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RestoreLock.class);

    /** Both keys of an advisory lock, "tide" and a number of ours. */
    private static final String RUN = "1953064037, 1";

    private static final String WORK = "1953064037, 2";

    /** For each session that works. It waits for nobody: only a run that begins locks it alone. */
    static final String SHARE = "SELECT pg_advisory_lock_shared(" + WORK + ")";

    /** A session that was cut off ends in a moment, if it is not amid a long statement. */
    private static final String WAIT_MAX = "SET lock_timeout = '2s'";

    private final Connection session;

    private RestoreLock(Connection session) {
        this.session = session;
    }

    /**
     * Takes it; nothing is changed in the database.
     *
     * @throws TidemarkException (refused) when another restore has it, or left sessions that are
     *     still at work, naming their processes
     */
    static RestoreLock take(Database target) {
        try {
            Connection session = target.connect();
            try {
                // The run may take longer than the server lets a session do nothing.
                Sessions.settle(session, "SET idle_session_timeout = 0");
                take(target, session);
                return new RestoreLock(session);
            } catch (SQLException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (SQLException e) {
            throw TargetCheck.unreadable(target, e);
        }
    }

    private static void take(Database target, Connection session) throws SQLException {
        if (!isTrue(session, "SELECT pg_try_advisory_lock(" + RUN + ")")) {
            throw taken(target, holders(session, RUN));
        }
        Sessions.execute(session, WAIT_MAX);
        try {
            Sessions.execute(session, "SELECT pg_advisory_lock(" + WORK + ")");
        } catch (SQLException e) {
            if (!SqlStates.isLocked(e)) {
                throw e;
            }
            throw TidemarkException.refused(
                    "%s still has sessions at work of a restore that was cut off: process %s of the server"
                            .formatted(target, named(holders(session, WORK))),
                    "They end when their statement does. Wait for that, or end them with pg_terminate_backend, then run the"
                            + " same command again. Nothing was changed by this run.");
        }
        Sessions.execute(session, "SELECT pg_advisory_unlock(" + WORK + ")");
    }

    /**
     * Looks before the long work; only {@link #take} is sure.
     *
     * @throws TidemarkException (refused) when another restore is at work in a database
     */
    static void refuseIfTaken(Database target, Connection session) throws SQLException {
        List<String> holders = holders(session, RUN);
        if (!holders.isEmpty()) {
            throw taken(target, holders);
        }
    }

    private static TidemarkException taken(Database target, List<String> holders) {
        return TidemarkException.refused(
                "%s is being filled by another restore: process %s of the server"
                        .formatted(target, named(holders)),
                "Wait until it has ended, or stop it. If nobody runs one any more, end that process with"
                        + " pg_terminate_backend. Nothing was changed by this run.");
    }

    private static String named(List<String> holders) {
        return holders.isEmpty() ? "that has just ended" : String.join(", ", holders);
    }

    private static List<String> holders(Connection session, String key) throws SQLException {
        List<String> pids = new ArrayList<>();
        String query =
                """
                SELECT pid FROM pg_locks
                 WHERE locktype = 'advisory' AND granted AND (classid, objid, objsubid) = (%s, 2)
                   AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                   AND pid <> pg_backend_pid()
                 ORDER BY pid
                """
                        .formatted(key);
        try (Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                pids.add(rows.getString(1));
            }
        }
        return pids;
    }

    private static boolean isTrue(Connection session, String query) throws SQLException {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getBoolean(1);
        }
    }

    /** The server may notice a moment later. */
    @Override
    public void close() {
        try {
            session.close();
        } catch (SQLException e) {
            LOG.debug("the session of the lock was closed already: {}", SqlStates.reason(e));
        }
    }
}
