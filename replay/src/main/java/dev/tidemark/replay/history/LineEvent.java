package dev.tidemark.replay.history;

import dev.tidemark.archive.merge.KeyMove;
import dev.tidemark.archive.parquet.Committed;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Value;
import java.util.List;
import java.util.Optional;

/** What belongs to a row's life line, in one stretch of the archive. */
sealed interface LineEvent {
    LinePlace place();

    Committed transaction();

    /** Who acts in the transaction. */
    Actor actor();

    /**
     * A change of the row.
     *
     * @param table in the version that the change is of
     * @param keyBefore the line's key before it
     * @param keyAfter the line's key after it; not that of the change when it takes the row's key
     *     away, and the line stays with the key
     */
    record Row(
            LinePlace place,
            Committed transaction,
            Actor actor,
            Table table,
            Entry.Row change,
            List<Value> keyBefore,
            List<Value> keyAfter)
            implements LineEvent {
        /** The key that the row has since, if the line did not go with it. */
        Optional<List<Value>> movedTo() {
            KeyMove move = KeyMove.of(table, change);
            return move.was().filter(keyBefore::equals).isPresent()
                    ? move.is().filter(is -> !is.equals(keyAfter))
                    : Optional.empty();
        }
    }

    /** All rows of the table go, if there are any. */
    record Truncated(LinePlace place, Committed transaction, Actor actor) implements LineEvent {}

    /** The table changes. */
    record Altered(LinePlace place, Committed transaction, Actor actor, CatalogChange change)
            implements LineEvent {}
}
