package dev.tidemark.replay.load;

import dev.tidemark.schemas.catalog.Table;
import java.util.List;

/** Hears how far a restore is. Called by several threads, often: it must be quick. */
public interface RestoreProgress {
    /**
     * Somewhere in a phase.
     *
     * @param done rows or statements, see the phase
     * @param total of them; an estimate for {@link RestorePhase#ROWS}, so {@code done} may pass it
     */
    void at(RestorePhase phase, long done, long total);

    /**
     * The target was checked, and is changed from here on.
     *
     * @param warnings what a restore can live with there
     */
    default void begins(List<String> warnings) {}

    /**
     * A table that was wanted first can be read: its rows are committed and equal to the archive,
     * its keys, indexes and checks are there.
     */
    default void readable(Table table) {}

    /**
     * What a run that broke off had done is not done again.
     *
     * @param tables whose rows are there
     * @param of all that hold rows
     */
    default void goingOn(int tables, int of) {}
}
