package dev.tidemark.cli.wiring;

import dev.tidemark.cli.output.Progress;
import dev.tidemark.replay.load.RestorePhase;
import dev.tidemark.replay.load.RestoreProgress;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Shows a restore's phases one after the other. Safe for use by many threads. */
final class RestoreProgressBar implements RestoreProgress, AutoCloseable {
    private final Progress progress;
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<RestorePhase> phase = Optional.empty();
    private Optional<Progress.Task> task = Optional.empty();
    private long shown;

    RestoreProgressBar(Progress progress) {
        this.progress = progress;
    }

    @Override
    public void at(RestorePhase now, long done, long total) {
        if (!now.countsRows()) {
            return; // statements, of which one may take minutes: a bar would say nothing
        }
        lock.lock();
        try {
            if (phase.isEmpty() || phase.get() != now) {
                close();
                phase = Optional.of(now);
                task = Optional.of(progress.start(now.toString(), total, Progress.Unit.ROWS));
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

    @Override
    public void close() {
        task.ifPresent(Progress.Task::close);
        task = Optional.empty();
    }
}
