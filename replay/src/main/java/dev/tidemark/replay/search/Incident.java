package dev.tidemark.replay.search;

import dev.tidemark.replay.history.Actor;
import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Transactions of one actor that did the same to the same tables, shortly after each other.
 *
 * @param actor empty when nobody was named
 * @param known how the actor is known
 * @param what what each of them did
 * @param transactions how many
 * @param changes how many of theirs answer
 * @param from when the first was committed
 * @param to when the last was
 * @param before the position of the first: {@code restore --before} and {@code rewind --before} it
 *     is how everything was just before
 * @param xid of the first
 * @param last the position of the last
 */
public record Incident(
        Optional<String> actor,
        Actor.Known known,
        List<What> what,
        long transactions,
        long changes,
        Instant from,
        Instant to,
        Position before,
        long xid,
        Position last) {
    /**
     * What was done to a table.
     *
     * @param columns by which a change answers, where that was asked
     */
    public record What(String table, String operation, List<String> columns) {
        public What {
            columns = List.copyOf(columns);
        }
    }

    public Incident {
        what = List.copyOf(what);
    }

    /** The actor, for people. */
    public String who() {
        return new Actor(actor, known, Optional.empty(), Optional.empty()).toString();
    }
}
