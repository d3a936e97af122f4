package dev.tidemark.cli.wiring;

import dev.tidemark.archive.fold.Untold;
import dev.tidemark.archive.fold.UntoldChanges;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.replay.rewind.Rewind;
import dev.tidemark.replay.rewind.RewindOptions;
import dev.tidemark.replay.rewind.RewindReport;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * From an archive to a restored database that is at another moment.
 *
 * @param temporary a folder for files while they are read
 */
public record RewindJob(
        Archive archive,
        Path temporary,
        Database database,
        RewindOptions options,
        Progress progress) {
    /**
     * Moves it.
     *
     * @throws TidemarkException (refused) with nothing changed
     */
    public RewindReport run(Target moment) throws IOException {
        Rewind.where(archive, database); // before the long work
        return switch (step(new Planner(archive, temporary).plan(moment))) {
            case Rewind.Moved moved -> moved.report();
            case Rewind.Blocked blocked -> throw blocked.refusal();
            case Rewind.LockedOut out -> throw out.refusal();
        };
    }

    /** The same to a plan's cut, or not if something is in the way. */
    Rewind.Outcome step(RestorePlan plan) throws IOException {
        Untold untold = UntoldChanges.at(archive, plan, temporary);
        untold.requireTables();
        return switch (moved(plan)) {
            case Rewind.Moved moved ->
                    new Rewind.Moved(moved.report().withNotes(untold.uncertain()));
            case Rewind.Blocked blocked -> blocked;
            case Rewind.LockedOut out -> out;
        };
    }

    private Rewind.Outcome moved(RestorePlan plan) throws IOException {
        AtomicLong seen = new AtomicLong();
        try (Progress.Task task = progress.start("changes", Progress.UNKNOWN, Progress.Unit.ROWS)) {
            return new Rewind(
                            archive,
                            temporary,
                            database,
                            options,
                            read -> task.advance(Math.max(0, read - seen.getAndSet(read))))
                    .run(plan);
        }
    }
}
