package dev.tidemark.replay.load;

/** Hears how far a restore is. Called by several threads, often: it must be quick. */
public interface RestoreProgress {
    /**
     * Somewhere in a phase.
     *
     * @param done rows or statements, see the phase
     * @param total of them; an estimate for {@link RestorePhase#ROWS}, so {@code done} may pass it
     */
    void at(RestorePhase phase, long done, long total);
}
