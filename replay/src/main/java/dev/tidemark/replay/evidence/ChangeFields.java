package dev.tidemark.replay.evidence;

import dev.tidemark.replay.evidence.AnswerRows.Column;
import dev.tidemark.replay.history.Actor;
import dev.tidemark.replay.history.TransactionContext;
import java.util.List;

/** What rows say of the transaction that changed something, and of who acts in it. */
final class ChangeFields {
    private static final Column ACTOR = new Column("actor", RowMaker.TEXT);

    static final List<Column> COLUMNS =
            List.of(
                    new Column("time", RowMaker.TIME),
                    ACTOR,
                    Column.whatIs(ACTOR),
                    new Column("actor_called", RowMaker.TEXT),
                    new Column("reason", RowMaker.TEXT),
                    new Column("session_user", RowMaker.TEXT),
                    new Column("xid", RowMaker.NUMBER),
                    new Column("position", RowMaker.TEXT),
                    new Column("operation", RowMaker.TEXT));

    private ChangeFields() {}

    /** Those of an actor: name, how it is known, how they were called then, and what was said. */
    static RowMaker actor(RowMaker row, Actor actor) {
        return row.value(actor.name(), is(actor))
                .text(actor.displayName())
                .text(actor.said().flatMap(TransactionContext::reason))
                .text(actor.said().flatMap(TransactionContext::sessionUser));
    }

    private static String is(Actor actor) {
        return switch (actor.known()) {
            case UNKNOWN -> RowMaker.UNKNOWN;
            case SAID -> "said by the application";
            case CLAIMED -> "claimed by the row";
        };
    }

    /** Who acts, in a line. */
    static String line(Actor actor) {
        String name = actor.label();
        String user =
                actor.said()
                        .flatMap(TransactionContext::sessionUser)
                        .map(one -> "; the session had logged in as " + one)
                        .orElse("");
        return switch (actor.known()) {
            case UNKNOWN -> "unknown: nothing says who it was" + user;
            case SAID -> name + ", said by the application in the transaction" + user;
            case CLAIMED -> name + ", claimed by the row itself" + user;
        };
    }
}
