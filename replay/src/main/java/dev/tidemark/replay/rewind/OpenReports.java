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
 * @param hidden those of them of which this user may not see what they do
 */
record OpenReports(long owing, long hidden) {
    static final OpenReports NONE = new OpenReports(0, 0);

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

    private static final int LOOKS_MAX = 110; // × 0.1 s is as long as an idle session may take

    /** As it is now; what is read of the counts afterwards is not older. */
    static OpenReports look(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_stat_clear_snapshot()");
            try (ResultSet row = statement.executeQuery(OWING)) {
                row.next();
                return new OpenReports(row.getLong(1), row.getLong(2));
            }
        }
    }

    /** Waits until there are none, or waiting is of no use. */
    static OpenReports await(Connection connection) throws SQLException, InterruptedIOException {
        OpenReports open = look(connection);
        for (int looks = 1; open.owing > open.hidden && looks < LOOKS_MAX; looks++) {
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
        return hidden > 0
                ? "the tables that moved were read whole, since what %d sessions of others do is hidden from this user; GRANT pg_read_all_stats TO it saves that"
                        .formatted(hidden)
                : "the tables that moved were read whole, since sessions of others had not reported their changes";
    }
}
