package dev.tidemark.cli.wiring;

import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.replay.load.RestorePhase;
import dev.tidemark.replay.load.RestoreProgress;
import dev.tidemark.schemas.catalog.Table;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Shows a restore's phases one after the other. Safe for use by many threads. */
final class RestoreProgressBar implements RestoreProgress, AutoCloseable {
    private final Progress progress;
    private final Clock clock;
    private final Instant began;
    private final Runnable begins;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<RestorePhase> phase = Optional.empty();
    private Optional<Progress.Task> task = Optional.empty();
    private long shown;

    /**
     * Shows a restore.
     *
     * @param began when the work began, for people
     * @param begins runs when the target was checked, before it is changed
     */
    RestoreProgressBar(Progress progress, Clock clock, Instant began, Runnable begins) {
        this.progress = progress;
        this.clock = clock;
        this.began = began;
        this.begins = begins;
    }

    /** The same where nobody else waits for the beginning. */
    RestoreProgressBar(Progress progress, Clock clock, Instant began) {
        this(progress, clock, began, () -> {});
    }

    @Override
    public void begins(List<String> warnings) {
        begins.run();
        warnings.forEach(warning -> progress.say("the target was checked: " + warning));
    }

    @Override
    public void at(RestorePhase now, long done, long total) {
        if (total == 0) {
            return; // a phase that has nothing to do is not shown
        }
        lock.lock();
        try {
            if (phase.isEmpty() || phase.get() != now) {
                close();
                phase = Optional.of(now);
                task = Optional.of(progress.start(now.toString(), total, unit(now)));
                shown = 0;
            }
            long more = done - shown;
            if (more > 0) {
                task.ifPresent(running -> running.advance(more));
                shown = done;
            }
        } finally {
            lock.unlock();
        }
    }

    private static Progress.Unit unit(RestorePhase phase) {
        return phase.countsRows() ? Progress.Unit.ROWS : Progress.Unit.STATEMENTS;
    }

    @Override
    public void readable(Table table) {
        progress.say(
                "%s can be read, %s after the start: its rows are equal to the archive, and its keys, indexes and checks are there"
                        .formatted(
                                table.displayName(),
                                Figures.duration(Duration.between(began, clock.instant()))));
    }

    @Override
    public void goingOn(int tables, int of) {
        progress.say(
                "going on: the rows of %d of %s are there already"
                        .formatted(tables, Figures.counted(of, "table")));
    }

    @Override
    public void close() {
        task.ifPresent(Progress.Task::close);
        task = Optional.empty();
    }
}
