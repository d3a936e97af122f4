package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Stretch;
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
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Keeps a restored database up to date from the archive: each step is one move forwards, by one
 * transaction. An interrupt ends it between two of them, or undoes the one at work.
 *
 * @param temporary a folder for files while they are read
 * @param delay how far it stays behind the clock, by the commit times
 * @param options of the first step; later ones trust the server's counts as they are
 */
public record FollowJob(
        Archive archive,
        Path temporary,
        Database database,
        Duration delay,
        RewindOptions options,
        Clock clock) {
    /** How often to look for what is new; a segment comes every five seconds or more. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    /**
     * Follows until it is interrupted or has come to a moment.
     *
     * @param until a moment to stop at; never when empty
     * @param steps hears of each step that changed where the database is
     * @return where it is at the end
     * @throws TidemarkException (refused) just before a change of the schema, or when others
     *     changed the database
     */
    public RestoreRecord run(Optional<Target> until, Consumer<RewindReport> steps)
            throws IOException {
        RestoreRecord at = Rewind.where(archive, database);
        RewindOptions now = options;
        try {
            while (!Thread.interrupted()) {
                Optional<RestorePlan> end = until.flatMap(this::planned);
                Optional<RestorePlan> plan = end.isPresent() ? end : next(at);
                if (end.isPresent() && end.get().cut().position().isBefore(at.position())) {
                    throw TidemarkException.refused(
                            "%s is at %s already, past %s"
                                    .formatted(database, at.position(), end.get().cut().position()),
                            "Following goes forwards only. Bring it back with 'tidemark rewind'.");
                }
                if (plan.isPresent() && plan.get().cut().position().isAfter(at.position())) {
                    RewindReport report = step(plan.get(), now);
                    now =
                            new RewindOptions(
                                    now.foreign(), now.check(), RewindOptions.Reports.AS_THEY_ARE);
                    at = report.to();
                    steps.accept(report);
                }
                if (end.isPresent()) {
                    return at;
                }
                LockSupport.parkNanos(LOOK.toNanos());
                archive.refresh();
            }
        } catch (InterruptedIOException | ClosedByInterruptException e) {
            Thread.interrupted();
        }
        return Rewind.where(archive, database);
    }

    private RewindReport step(RestorePlan plan, RewindOptions how) throws IOException {
        RewindJob job =
                new RewindJob(
                        archive, temporary, database, how, new LogProgress(clock, line -> {}));
        return switch (job.step(plan)) {
            case Rewind.Moved moved -> moved.report();
            case Rewind.Blocked blocked -> throw upTo(blocked, job);
        };
    }

    /** Goes as far as there is a way. */
    private TidemarkException upTo(Rewind.Blocked blocked, RewindJob job) throws IOException {
        if (blocked.first().isPresent()) {
            Position first = blocked.first().get().position();
            Target before = new Target(new Moment.AtPosition(first), true);
            if (job.step(new Planner(archive, temporary).plan(before)) instanceof Rewind.Moved) {
                return blocked.refusal()
                        .hinting("The database is just before that change, and can be used.");
            }
        }
        return blocked.refusal();
    }

    /** A moment that is not archived yet is waited for. */
    private Optional<RestorePlan> planned(Target target) {
        try {
            return Optional.of(new Planner(archive, temporary).plan(target));
        } catch (TidemarkException e) {
            if (e.kind() == TidemarkException.Kind.REFUSED
                    && String.valueOf(e.getMessage()).endsWith("is not archived yet")) {
                return Optional.empty();
            }
            throw e;
        } catch (InterruptedIOException | ClosedByInterruptException e) {
            Thread.currentThread().interrupt(); // the loop ends by it
            return Optional.empty();
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "reading the archive broke off: " + TidemarkException.reason(e),
                    "Check that the archive can be reached.",
                    e);
        }
    }

    /** As far as the archive and the delay let it go. */
    private Optional<RestorePlan> next(RestoreRecord at) {
        Stretch stretch = archive.state().stretches().getLast();
        if (!stretch.to().isAfter(at.position()) && stretch.origin().number() == at.stretch()) {
            return Optional.empty();
        }
        Instant time = clock.instant().minus(delay);
        if (!delay.isZero() && time.isBefore(at.commitTime())) {
            return Optional.empty(); // it is not that old yet
        }
        boolean isAllOfIt = delay.isZero() || !stretch.end().span().latestCommit().isAfter(time);
        Moment moment = isAllOfIt ? new Moment.Latest() : new Moment.AtTime(time);
        return planned(new Target(moment, false));
    }

    /** How far a database is behind the clock. */
    public Duration lag(RestoreRecord at) {
        long seconds = Math.max(0, Duration.between(at.commitTime(), clock.instant()).toSeconds());
        return Duration.of(seconds, TimeUnit.SECONDS.toChronoUnit());
    }
}
