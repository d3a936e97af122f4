package dev.tidemark.replay.query;

import dev.tidemark.schemas.TidemarkException;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Timer;
import java.util.TimerTask;

/**
 * How long a question goes on: until it is answered, its time is over, or somebody ends it. Another
 * thread may end it.
 */
final class Course implements AutoCloseable {
    private enum State {
        GOING,
        CANCELLED,
        TOO_LONG
    }

    private static final long LOOK_MILLIS = 100; // nobody waits longer for a Ctrl-C

    private final Duration time;
    private final Timer clock = new Timer("query-clock", true);
    private State state = State.GOING;
    private Optional<Statement> running = Optional.empty();

    private Course(Duration time) {
        this.time = time;
    }

    static Course start(Duration time) {
        Course course = new Course(time);
        Thread asking = Thread.currentThread(); // which an interrupt does not wake from DuckDB
        course.clock.schedule(task(() -> course.end(State.TOO_LONG)), time.toMillis());
        course.clock.schedule(
                task(() -> course.endIfInterrupted(asking)), LOOK_MILLIS, LOOK_MILLIS);
        return course;
    }

    private static TimerTask task(Runnable action) {
        return new TimerTask() {
            @Override
            public void run() {
                action.run();
            }
        };
    }

    /** DuckDB forgets a cancellation between planning a statement and executing it: once more. */
    private synchronized void endIfInterrupted(Thread asking) {
        if (asking.isInterrupted()) {
            end(State.CANCELLED);
        }
        if (state != State.GOING) {
            running.ifPresent(Course::cancel);
        }
    }

    /** Throws when it is to end. */
    synchronized void check() {
        if (state != State.GOING) {
            throw ended();
        }
    }

    /** The statement that is to be cancelled from here on when it ends. */
    synchronized void running(Statement statement) {
        check();
        running = Optional.of(statement);
    }

    /** There is none any more. */
    synchronized void done() {
        running = Optional.empty();
    }

    /** Somebody does not want the answer any more. */
    void cancel() {
        end(State.CANCELLED);
    }

    private synchronized void end(State how) {
        if (state == State.GOING) {
            state = how;
            running.ifPresent(Course::cancel);
        }
    }

    private static void cancel(Statement statement) {
        try {
            statement.cancel();
        } catch (SQLException e) {
            throw new IllegalStateException("DuckDB cannot cancel", e);
        }
    }

    /** Was it ended? */
    synchronized boolean isEnded() {
        return state != State.GOING;
    }

    /** Why. */
    synchronized TidemarkException ended() {
        return state == State.CANCELLED
                ? TidemarkException.refused(
                        "the question was cancelled", "Nothing was changed. Ask again.")
                : TidemarkException.refused(
                        "the question took longer than %s s"
                                .formatted(
                                        BigDecimal.valueOf(time.toMillis(), 3)
                                                .stripTrailingZeros()
                                                .toPlainString()),
                        "Give it more time with --timeout, or ask for less: name fewer tables, or bound a history with --since and"
                                + " --until.");
    }

    @Override
    public void close() {
        clock.cancel();
    }
}
