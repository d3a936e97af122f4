package dev.tidemark.replay.rewind;

import java.io.InterruptedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Do others' sessions still owe the server the report of what they did to rows? Until they have
 * given it, its counts of a table may miss changes that were committed. For one thread.
 *
 * @param owing sessions that may owe one
 * @param endless those of them for which waiting is of no use
 * @param reason why tables have to be read when there are some
 */
record OpenReports(long owing, long endless, String reason) {
    /** The first version in which a session that is idle reports in time. */
    private static final int IN_TIME = 15;

    /**
     * A session reports between two transactions, if it has not within the last second; when it
     * ends; and at the latest 10 s after it fell idle (PGSTAT_IDLE_INTERVAL). One that is at work
     * may owe what an earlier transaction did. The states of all sessions are kept for a
     * transaction, as the counts are.
     */
    private static final String OWING =
            """
            SELECT count(*), count(*) FILTER (WHERE state IS NULL)
              FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()
               AND coalesce(backend_type, '') NOT IN ('autovacuum worker', 'walsender')
               AND (coalesce(state, '') <> 'idle' OR state_change > clock_timestamp() - interval '10.5 s')
            """;

    /**
     * Before 15 one that falls idle within half a second after a report keeps the next for as long
     * as it is idle. All that ended before have reported; but the server's answer may be as old as
     * half a second (PGSTAT_STAT_INTERVAL).
     */
    private static final String CONNECTED =
            """
            SELECT count(*)
              FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()
               AND coalesce(backend_type, '') NOT IN ('autovacuum worker', 'walsender')
            """;

    private static final int LOOKS_MAX = 110; // × 0.1 s is as long as an idle session may take

    /** As it is now; what is read of the counts afterwards is not older. */
    static OpenReports look(Connection connection) throws SQLException {
        boolean isInTime = connection.getMetaData().getDatabaseMajorVersion() >= IN_TIME;
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_stat_clear_snapshot()");
            OpenReports open = isInTime ? owing(statement) : connected(statement);
            if (!isInTime) {
                statement.execute("SELECT pg_sleep(0.6), pg_stat_clear_snapshot()");
            }
            return open;
        }
    }

    private static OpenReports owing(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(OWING)) {
            row.next();
            long hidden = row.getLong(2);
            return new OpenReports(
                    row.getLong(1),
                    hidden,
                    hidden > 0
                            ? "what %d sessions of others do is hidden from this user; GRANT pg_read_all_stats TO it saves that"
                                    .formatted(hidden)
                            : "sessions of others had not reported their changes");
        }
    }

    private static OpenReports connected(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(CONNECTED)) {
            row.next();
            long connected = row.getLong(1);
            return new OpenReports(
                    connected,
                    connected,
                    "sessions of others (%d) are connected, which before PostgreSQL 15 may not have reported their changes; what they changed in other tables may show later, and to end them before saves that"
                            .formatted(connected));
        }
    }

    /** Waits until there are none, or waiting is of no use. */
    static OpenReports await(Connection connection) throws SQLException, InterruptedIOException {
        OpenReports open = look(connection);
        for (int looks = 1; open.owing > open.endless && looks < LOOKS_MAX; looks++) {
            MoveSession.checkGoesOn();
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_sleep(0.1)");
            }
            open = look(connection);
        }
        return open;
    }

    boolean isNone() {
        return owing == 0;
    }

    /** Why tables had to be read. */
    String note() {
        return "the tables that moved were read whole, since " + reason;
    }
}
