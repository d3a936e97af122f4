package dev.tidemark.replay.load;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.sql.SQLException;

/** Says of what fails in a restore what it was, and what can be done about it. */
record Reasons(Database target) {
    /** A work whose failure says what it was. */
    Sessions.Work naming(String what, Sessions.Work work) {
        return session -> {
            try {
                work.run(session);
            } catch (SQLException e) {
                throw failed(what, SqlStates.reason(e), "", e);
            } catch (IOException e) {
                throw failed(what, TidemarkException.reason(e), "", e);
            } catch (TidemarkException e) {
                throw failed(what, String.valueOf(e.getMessage()), e.hint() + " ", e);
            }
        };
    }

    TidemarkException failed(String what, String reason, String hint, Throwable cause) {
        return TidemarkException.failed(
                "cannot restore into %s: %s: %s".formatted(target, what, reason),
                hint
                        + "The database is not complete and marked so. Remove the cause, then go on with --resume, or"
                        + " restore again with --replace --confirm.",
                cause);
    }
}
