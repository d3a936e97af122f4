package dev.tidemark.replay.difference;

import dev.tidemark.schemas.catalog.Table;
import java.util.Optional;

/**
 * A table at both moments.
 *
 * @param from at the first; empty when it was not there
 * @param to at the second; empty when it is not there
 */
record TablePair(Optional<Table> from, Optional<Table> to) {
    TablePair {
        if (from.isEmpty() && to.isEmpty()) {
            throw new IllegalArgumentException("no table");
        }
    }

    /** As it is at the second moment, or as it was when it is not there. */
    Table table() {
        return to.or(() -> from).orElseThrow();
    }

    /** For people. */
    String name() {
        return table().displayName();
    }

    boolean isOnBothSides() {
        return from.isPresent() && to.isPresent();
    }
}
