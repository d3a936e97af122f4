package dev.tidemark.schemas.log;

import dev.tidemark.schemas.change.Frame;

/**
 * Which records of a log count: those of the newest session. A capture that was paused and replaced
 * may still write when it wakes; its records are in the log and say nothing.
 *
 * <p>Every reader of a log from some offset on comes to the same answer, given the session in force
 * there. For one thread.
 */
public final class SessionFilter {
    private long current;

    /**
     * Starts in the middle of a log.
     *
     * @param current the session in force: the offset of its Session record, or {@link
     *     Frame#OPENING} at a log's beginning
     */
    public SessionFilter(long current) {
        this.current = current;
    }

    /** Takes the log's next record; does it count? */
    public boolean accepts(long offset, Frame frame) {
        if (frame.session() == Frame.OPENING) {
            current = offset;
        }
        return frame.session() == Frame.OPENING || frame.session() == current;
    }

    /** The newest session so far. */
    public long current() {
        return current;
    }
}
