package dev.tidemark.capture.prepare;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.sql.SQLException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** Says what the source answered, in the form that users meet. */
final class SourceErrors {
    static final String NO_PRIVILEGE = "42501";
    static final String LOCK_TIMEOUT = "55P03";
    static final String NO_FUNCTION = "42883";
    static final String RAISED = "P0001";
    static final String DUPLICATE = "42710";
    static final String IN_USE = "55006";
    static final String UNKNOWN = "42704";
    static final String STILL_NEEDED = "2BP01";
    static final String CANCELLED = "57014";
    static final String TOO_MANY = "53400";
    static final String NO_MEMORY = "53200"; // mostly for locks

    static final String LOCKS_HINT =
            "The server has no room for more locks: raise max_locks_per_transaction and restart it.";

    /** As {@code bases.sql} writes it; what the server says around it is in its own language. */
    private static final Pattern LOCKS =
            Pattern.compile("LOCK TABLE ONLY (.+) IN ACCESS SHARE MODE");

    private SourceErrors() {}

    /**
     * The error for what failed.
     *
     * @param what for example {@code cannot prepare}, before the database's name
     */
    static TidemarkException of(String what, Database database, SQLException e) {
        String message = what + " " + database + ": " + message(e);
        return switch (state(e)) {
            case RAISED ->
                    TidemarkException.refused(
                            message, hint(e).orElse("Look at the source's log."), e);
            case NO_PRIVILEGE ->
                    TidemarkException.refused(
                            message, "Connect as a superuser of the source's server.", e);
            case NO_MEMORY -> TidemarkException.failed(message, LOCKS_HINT, e);
            case LOCK_TIMEOUT ->
                    TidemarkException.refused(
                            message,
                            "Another session holds a lock on a table for long: run the command again, or end that"
                                    + " session's transaction.",
                            e);
            default -> TidemarkException.failed(message, "Look at the source's log.", e);
        };
    }

    static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }

    /** The first line of what the server said. */
    static String message(SQLException e) {
        String text =
                serverMessage(e)
                        .flatMap(server -> Optional.ofNullable(server.getMessage()))
                        .orElse(TidemarkException.reason(e));
        return text.lines().findFirst().orElse(text);
    }

    /** Which table a function of the source wanted to lock when it failed, as SQL has its name. */
    static Optional<String> lockedTable(SQLException e) {
        return serverMessage(e)
                .flatMap(server -> Optional.ofNullable(server.getWhere()))
                .map(LOCKS::matcher)
                .filter(Matcher::find)
                .map(statement -> statement.group(1));
    }

    private static Optional<String> hint(SQLException e) {
        return serverMessage(e)
                .flatMap(server -> Optional.ofNullable(server.getHint()))
                .map(hint -> hint.endsWith(".") ? hint : hint + ".");
    }

    private static Optional<ServerErrorMessage> serverMessage(SQLException e) {
        return e instanceof PSQLException ours
                ? Optional.ofNullable(ours.getServerErrorMessage())
                : Optional.empty();
    }
}
