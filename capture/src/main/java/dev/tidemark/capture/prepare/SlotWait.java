package dev.tidemark.capture.prepare;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The wait for a new slot, which the server makes when all transactions have ended that write at
 * that time. An interrupt does not end it, so another thread may; what was made by then stays.
 */
public final class SlotWait {
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<Statement> statement = Optional.empty();
    private boolean isCancelled;

    void isFor(Statement waiting) throws SQLException {
        lock.lock();
        try {
            if (isCancelled) {
                throw new SQLException(
                        "nobody waits for the slot any more", SourceErrors.CANCELLED);
            }
            statement = Optional.of(waiting);
        } finally {
            lock.unlock();
        }
    }

    void isOver() {
        lock.lock();
        try {
            statement = Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Asks the server to end it, or does not let it begin. */
    public void cancel() throws SQLException {
        lock.lock();
        try {
            isCancelled = true;
            if (statement.isPresent()) {
                statement.get().cancel(); // before the next command of that session begins
            }
        } finally {
            lock.unlock();
        }
    }
}
