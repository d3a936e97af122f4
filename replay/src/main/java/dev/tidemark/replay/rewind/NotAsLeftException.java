package dev.tidemark.replay.rewind;

import dev.tidemark.schemas.TidemarkException;
import java.util.Set;

/**
 * Rows turned out to be others than the record says, when the move was under way: it is undone, and
 * tried again with what is known now.
 */
final class NotAsLeftException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Set<Long> tables;
    private final TidemarkException refusal;

    /**
     * @param tables whose rows they are
     * @param refusal what to say if it happens again and again
     */
    NotAsLeftException(Set<Long> tables, TidemarkException refusal) {
        super(refusal);
        this.tables = Set.copyOf(tables);
        this.refusal = refusal;
    }

    Set<Long> tables() {
        return tables;
    }

    TidemarkException refusal() {
        return refusal;
    }
}
