package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.cli.output.LogProgress;
import dev.tidemark.replay.load.RestoreRecord;
import dev.tidemark.replay.rewind.Rewind;
import dev.tidemark.replay.rewind.RewindOptions;
import dev.tidemark.replay.rewind.RewindReport;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Keeps a restored database up to date: each step is one move forwards, by one transaction. An
 * interrupt ends it between two of them, or undoes the one at work.
 *
 * @param source from which it comes
 * @param temporary a folder for files while they are read
 * @param delay how far it stays behind the clock, by the commit times
 * @param options of the first step; later ones trust the server's counts as they are
 */
public record FollowJob(
        FollowSource source,
        Path temporary,
        Database database,
        Duration delay,
        RewindOptions options,
        Clock clock) {
    /** How often to look for what is new; a segment comes every five seconds or more. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Hears what happens. */
    public interface Listener {
        /** Where the database is when it begins. */
        void begins(RestoreRecord at);

        /** A step changed where the database is. */
        void moved(RewindReport step);

        /** Why nothing happens for now; again and again. */
        void waits(String why);
    }

    /**
     * Where it ended.
     *
     * @param isThere did it come to the moment where it was to stop?
     */
    public record End(RestoreRecord at, boolean isThere) {}

    /**
     * Follows until it is interrupted or has come to a moment.
     *
     * @param until a moment to stop at; never when empty
     * @throws TidemarkException (refused) just before a change of the schema, at the end of what
     *     the archive holds without a gap, or when others changed the database
     */
    public End run(Optional<Target> until, Listener listener) throws IOException {
        RestoreRecord at = Rewind.where(source.archive(), database);
        listener.begins(at);
        Optional<FollowGoal> goal =
                until.map(target -> new FollowGoal(temporary, database, target));
        RewindOptions how = options;
        boolean isAwaiting = false;
        try {
            while (!Thread.interrupted()) {
                source.refresh(listener);
                Archive archive = source.archive();
                FollowCourse course = new FollowCourse(archive, temporary, delay, clock);
                Optional<RestorePlan> end =
                        goal.isPresent() ? goal.get().plan(archive, at) : Optional.empty();
                if (end.isPresent() && course.isAt(at, end.get())) {
                    return new End(at, true);
                }
                if (goal.isPresent() && end.isEmpty() && !isAwaiting) {
                    isAwaiting = true;
                    listener.waits(goal.get() + " is not archived yet");
                }
                Optional<RestorePlan> next = course.next(at, end);
                Optional<RewindReport> step =
                        next.isPresent() ? step(next.get(), how, listener) : Optional.empty();
                if (step.isPresent()) {
                    at = step.get().to();
                    how = options.following();
                    listener.moved(step.get());
                } else {
                    LockSupport.parkNanos(LOOK.toNanos());
                }
            }
        } catch (InterruptedIOException | ClosedByInterruptException e) {
            Thread.interrupted();
        }
        return new End(Rewind.where(source.archive(), database), false);
    }

    private Optional<RewindReport> step(RestorePlan plan, RewindOptions how, Listener listener)
            throws IOException {
        RewindJob job =
                new RewindJob(
                        source.archive(),
                        temporary,
                        database,
                        how,
                        new LogProgress(clock, line -> {}));
        return switch (job.step(plan)) {
            case Rewind.Moved moved -> Optional.of(moved.report());
            case Rewind.LockedOut out -> again(out, listener);
            case Rewind.Blocked blocked -> upTo(blocked, job, listener);
        };
    }

    /** Who reads a standby for some minutes in one transaction does not end the following. */
    private static Optional<RewindReport> again(Rewind.LockedOut out, Listener listener) {
        listener.waits(out.refusal().getMessage() + "; it is tried again");
        return Optional.empty();
    }

    /** Goes as far as there is a way. */
    private Optional<RewindReport> upTo(Rewind.Blocked blocked, RewindJob job, Listener listener)
            throws IOException {
        if (blocked.first().isEmpty()) {
            throw blocked.refusal();
        }
        Moment first = new Moment.AtPosition(blocked.first().get().position());
        RestorePlan before = new Planner(source.archive(), temporary).plan(new Target(first, true));
        return switch (job.step(before)) {
            case Rewind.LockedOut out -> again(out, listener);
            case Rewind.Blocked still -> throw still.refusal();
            case Rewind.Moved moved -> {
                listener.moved(moved.report());
                throw blocked.refusal()
                        .hinting("The database is just before that change, and can be used.");
            }
        };
    }

    /** How far a database is behind the clock, in whole seconds. */
    public Duration lag(RestoreRecord at) {
        long seconds = Math.max(0, Duration.between(at.commitTime(), clock.instant()).toSeconds());
        return Duration.ofSeconds(seconds);
    }
}
