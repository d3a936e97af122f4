package dev.tidemark.replay.load;

import java.sql.SQLException;
import java.util.Set;

/**
 * What a server's error means to a restore. Source of the codes: <a
 * href="https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL Error Codes</a>.
 */
public final class SqlStates {
    /** insufficient_privilege; undefined_object: an older server does not know the setting. */
    private static final Set<String> NOT_ALLOWED = Set.of("42501", "42704");

    /**
     * Connection lost, rolled back as for a deadlock, out of resources, operator's intervention,
     * system error.
     */
    private static final Set<String> TROUBLE = Set.of("08", "40", "53", "57", "58", "XX");

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    static final String QUERY_CANCELED = "57014";

    private SqlStates() {}

    /** Is it a setting that this user or this server does not have? */
    public static boolean isNotAllowed(SQLException e) {
        return NOT_ALLOWED.contains(state(e));
    }

    /** Did the server decline the statement itself, so that the session can go on? */
    public static boolean isDeclined(SQLException e) {
        String state = state(e);
        return state.length() == 5
                && !state.equals(LOCK_NOT_AVAILABLE)
                && !TROUBLE.contains(state.substring(0, 2));
    }

    /** Would somebody else's lock have to be waited for? */
    public static boolean isLocked(SQLException e) {
        return state(e).equals(LOCK_NOT_AVAILABLE);
    }

    /** Has the server no room left? */
    static boolean isDiskFull(SQLException e) {
        return is(e, "53100");
    }

    public static boolean is(SQLException e, String wanted) {
        return state(e).equals(wanted);
    }

    /** The first line of what the server says. */
    public static String reason(SQLException e) {
        String message = e.getMessage() == null ? "" : e.getMessage();
        return message.strip()
                .lines()
                .findFirst()
                .map(line -> line.replaceFirst("^(ERROR|FATAL): ", ""))
                .orElse("no reason given")
                .strip();
    }

    private static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }
}
