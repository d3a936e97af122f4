package dev.tidemark.replay.load;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.sql.SQLException;

/** Says of what fails in a restore what it was, and what can be done about it. */
record Reasons(Database target, RestoreOptions options) {
    private static final String GO_ON =
            "The database is not complete and marked so. Remove the cause, then go on with --resume, or"
                    + " restore again with --replace --confirm.";

    private static final String BEGIN_ANEW =
            "What is in the database is not complete and marked so. Remove the cause, then begin anew with the same command; a"
                    + " restore needs --replace --confirm then.";

    private static final String ROOM_TO_GO_ON =
            "What was restored so far is still there and takes room, marked as not complete. Make room on that disk, then"
                    + " go on with --resume, which keeps what is there; or drop the database to have its room back.";

    /** A work whose failure says what it was. */
    Sessions.Work naming(String what, Sessions.Work work) {
        return session -> {
            try {
                work.run(session);
            } catch (SQLException e) {
                throw failed(what, e);
            } catch (IOException e) {
                throw e.getCause() instanceof SQLException said
                        ? failed(what, said)
                        : failed(what, TidemarkException.reason(e), "", e);
            } catch (TidemarkException e) {
                throw failed(what, String.valueOf(e.getMessage()), e.hint() + " ", e);
            }
        };
    }

    private TidemarkException failed(String what, SQLException e) {
        return SqlStates.isDiskFull(e) ? full(what, e) : failed(what, SqlStates.reason(e), "", e);
    }

    private TidemarkException full(String what, SQLException e) {
        return TidemarkException.failed(
                "cannot restore into %s: %s: the disk of its server is full: %s"
                        .formatted(target, what, SqlStates.reason(e)),
                options.isGoneOnWith() ? ROOM_TO_GO_ON : BEGIN_ANEW,
                e);
    }

    TidemarkException failed(String what, String reason, String hint, Throwable cause) {
        return TidemarkException.failed(
                "cannot restore into %s: %s: %s".formatted(target, what, reason),
                hint + (options.isGoneOnWith() ? GO_ON : BEGIN_ANEW),
                cause);
    }
}
