package dev.tidemark.replay.search;

import dev.tidemark.replay.history.Actor;
import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A transaction in which somebody acted.
 *
 * @param known how that is known
 * @param reason why, as the application said
 * @param request its own name of what it was asked to do
 * @param did what changed
 */
public record ActorTransaction(
        Instant time,
        Position position,
        long xid,
        Actor.Known known,
        Optional<String> reason,
        Optional<String> request,
        List<Did> did) {
    /** How many changes of one kind to one table. */
    public record Did(String table, String operation, long changes) {}

    public ActorTransaction {
        did = List.copyOf(did);
    }
}
