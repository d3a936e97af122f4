package dev.tidemark.replay.load;

import dev.tidemark.replay.load.DatabaseSwitch.Others;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Who uses a database that is to get another name. Capture of it is told apart: it comes back at
 * once when it is ended, and goes with its slot. For one thread.
 */
final class DatabaseUsers {
    /** A session that ends, or was ended, is gone within a second: looks 0.1 s apart. */
    static final int LOOKS_MAX = 10;

    static final long PAUSE_MILLIS = 100;

    /** Processes that stream from a slot of Tidemark; one for a look is of a command at work. */
    private static final String STREAMS =
            "(SELECT active_pid FROM pg_replication_slots WHERE database = a.datname AND active_pid IS NOT NULL"
                    + " AND slot_name ~ '^tidemark_' AND NOT temporary)";

    /** A stream, and what has the name of capture's other sessions and the stream's user. */
    private static final String IS_CAPTURE =
            "(a.pid IN "
                    + STREAMS
                    + " OR coalesce(a.application_name, '') = "
                    + Quoted.text(Database.CAPTURE_APPLICATION)
                    + " AND (NOT EXISTS "
                    + STREAMS
                    + " OR a.usesysid IN (SELECT s.usesysid FROM pg_stat_activity s WHERE s.pid IN "
                    + STREAMS
                    + ")))";

    private static final String CAPTURE =
            " FROM pg_stat_activity a WHERE datname = ? AND " + IS_CAPTURE;

    /** What belongs to no user is the server's own, and goes when it is asked to. */
    private static final String OTHERS =
            " FROM pg_stat_activity a WHERE datname = ? AND usesysid IS NOT NULL AND NOT "
                    + IS_CAPTURE;

    private final ServerDatabases databases;
    private final Others others;

    DatabaseUsers(ServerDatabases databases, Others others) {
        this.databases = databases;
        this.others = others;
    }

    /**
     * Waits for sessions of others to end, or ends them.
     *
     * @throws TidemarkException (refused) when they do not, or come back
     */
    void requireNone(String database) throws SQLException, InterruptedException {
        for (int look = 1; ; look++) {
            List<String> sessions = others(database);
            if (sessions.isEmpty()) {
                return;
            }
            if (look == LOOKS_MAX) {
                throw inUse(database, sessions);
            }
            if (others == Others.ENDED) {
                databases.texts("SELECT pg_terminate_backend(pid)" + OTHERS, database);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /** Sessions that are not capture's. */
    List<String> others(String database) throws SQLException {
        return databases.texts(
                "SELECT " + ServerDatabases.SESSION + OTHERS + " ORDER BY pid", database);
    }

    void endCapture(String database) throws SQLException {
        databases.texts("SELECT pg_terminate_backend(pid)" + CAPTURE, database);
    }

    /** Users of capture's sessions that the user may not end. */
    List<String> outOfReach(String database) throws SQLException {
        return databases.texts(
                "SELECT DISTINCT usename"
                        + CAPTURE
                        + " AND NOT (SELECT m.rolsuper OR NOT u.rolsuper"
                        + " AND (pg_has_role(u.oid, 'USAGE') OR pg_has_role('pg_signal_backend', 'USAGE'))"
                        + " FROM pg_roles m, pg_roles u WHERE m.rolname = current_user AND u.oid = a.usesysid) ORDER BY 1",
                database);
    }

    TidemarkException inUse(String database, List<String> sessions) {
        return TidemarkException.refused(
                "%s is in use: %s".formatted(database, String.join(", ", sessions)),
                others == Others.ENDED
                        ? "They come back as soon as they are ended. Stop the application, or its pool of connections, first. All names are as they were."
                        : "Stop the application, then run it again, or with --end-sessions. All names are as they were.");
    }

    /** The same of one of two databases, whichever it is, where the server has said so. */
    TidemarkException inUse(String one, String other) throws SQLException {
        databases.refusePrepared(one);
        databases.refusePrepared(other);
        List<String> sessions = new ArrayList<>(databases.sessions(one));
        if (!sessions.isEmpty()) {
            return inUse(one, sessions);
        }
        sessions.addAll(databases.sessions(other));
        return sessions.isEmpty()
                ? inUse(one, List.of("sessions that came and went"))
                : inUse(other, sessions);
    }
}
