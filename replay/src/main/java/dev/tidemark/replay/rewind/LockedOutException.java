package dev.tidemark.replay.rewind;

import dev.tidemark.schemas.TidemarkException;
import java.sql.SQLException;

/** Others held locks on tables for too long: the move is undone, and may be tried again. */
final class LockedOutException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final TidemarkException refusal;

    /**
     * @param refusal what to say to who does not try again
     */
    LockedOutException(TidemarkException refusal) {
        super(refusal);
        this.refusal = refusal;
    }

    /**
     * @param tables that were to be locked, in words
     */
    static LockedOutException of(MoveSession session, String tables, SQLException cause) {
        return new LockedOutException(
                TidemarkException.refused(
                        "%s is in use by others: cannot lock %s within 10 s"
                                .formatted(session.target(), tables),
                        "End their transactions: pg_stat_activity and pg_locks name them. Nothing was changed.",
                        cause));
    }

    TidemarkException refusal() {
        return refusal;
    }
}
