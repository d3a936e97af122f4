package dev.tidemark.replay.history;

import dev.tidemark.archive.parquet.TransactionRecord;
import java.util.List;
import java.util.Optional;

/**
 * One transaction: all that changed together, in order.
 *
 * @param transaction which
 * @param context what the application said of it; empty when it said nothing
 * @param actors who acts in it: the one whom the application named, else all whom its rows name;
 *     none when that is not known
 * @param changes at most as many as were asked for
 * @param total how many it has
 */
public record TransactionView(
        TransactionRecord transaction,
        Optional<TransactionContext> context,
        List<Actor> actors,
        List<RowVersion> changes,
        long total) {
    public TransactionView {
        actors = List.copyOf(actors);
        changes = List.copyOf(changes);
    }
}
