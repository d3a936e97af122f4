package dev.tidemark.schemas.change;

import java.util.List;

/**
 * One record of the change log: consecutive entries of at most one transaction.
 *
 * @param session the offset of the {@link Entry.Session} record it belongs to; {@link #OPENING} for
 *     that record itself
 * @param end the position of the last complete transaction before this frame, so that resuming
 *     needs one record
 * @param entries at least one
 */
public record Frame(long session, Position end, List<Entry> entries) {
    /** The session of a record that opens one: its offset is not known to its writer yet. */
    public static final long OPENING = -1;

    public Frame {
        entries = List.copyOf(entries);
        if (entries.isEmpty()) {
            throw new IllegalArgumentException("a frame without entries");
        }
    }
}
