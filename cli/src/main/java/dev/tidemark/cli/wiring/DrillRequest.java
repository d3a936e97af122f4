package dev.tidemark.cli.wiring;

import dev.tidemark.archive.plan.Target;
import dev.tidemark.replay.drill.Detail;
import dev.tidemark.replay.drill.ScratchDatabase;
import dev.tidemark.schemas.database.Database;
import java.time.Duration;
import java.util.Optional;

/**
 * What a drill is to prove, and where.
 *
 * @param into the scratch database; empty for an embedded server
 * @param afterwards whether that stays
 * @param jobs sessions that restore side by side
 * @param rowsMax so many rows of each table that differs are told; with 0 the source is let go as
 *     soon as it is read
 * @param holdMax so long a snapshot of the source may be held
 * @param waitMax how long the archive may take to the source's position; empty for as long as it
 *     takes while the services work
 * @param isScheduled does a service beside it work in the same temporary folder?
 */
public record DrillRequest(
        Choice choice,
        Optional<Database> into,
        ScratchDatabase.Afterwards afterwards,
        int jobs,
        Detail detail,
        int rowsMax,
        Duration holdMax,
        Optional<Duration> waitMax,
        boolean isScheduled) {
    /** Which moment. */
    public sealed interface Choice {
        /**
         * The present, to be compared with the source.
         *
         * @param seed of a moment by chance, where the source need not be up and is not
         */
        record Present(Source source, long seed) implements Choice {}

        /** One by chance. */
        record Chance(long seed) implements Choice {}

        /** This one. */
        record Given(Target target) implements Choice {}
    }

    /** What happens where the source cannot be compared with. */
    public enum Source {
        /** The drill is refused. */
        REQUIRED,
        /** A moment by chance is restored instead. */
        WHERE_UP
    }
}
