package dev.tidemark.replay.load;

import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions of the target that work side by side, each with a thread of its own. The caller only
 * waits, so that an interrupt reaches it at once: it then cuts all sessions off, which makes the
 * server undo what is not committed. After a failure or an interrupt nothing more can be run.
 */
final class Sessions implements AutoCloseable {
    /** Something to do in one session. */
    interface Work {
        /** Leaves the session outside of a transaction, or throws. */
        void run(Connection connection) throws SQLException, IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private final Database target;
    private final int sessionsMax;
    private final List<String> settings;
    private final ExecutorService threads;
    private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();
    private final Queue<Connection> open = new ConcurrentLinkedQueue<>();
    private volatile boolean stopped;

    /**
     * Sessions that are opened when they are needed.
     *
     * @param settings statements that each session begins with, if it may
     */
    Sessions(Database target, int sessionsMax, List<String> settings) {
        this.target = whole(target);
        this.sessionsMax = sessionsMax;
        this.settings = List.copyOf(settings);
        this.threads =
                Executors.newFixedThreadPool(
                        sessionsMax, Thread.ofPlatform().daemon().name("restore-", 1).factory());
    }

    /** The driver would otherwise split a statement at a semicolon in a rule or a function. */
    private static Database whole(Database target) {
        DatabaseUrl url = target.url();
        Map<String, String> options = new TreeMap<>(url.options());
        options.put("preferQueryMode", "simple");
        return new Database(
                target.role(),
                new DatabaseUrl(url.host(), url.port(), url.database(), url.user(), options),
                target.password());
    }

    /**
     * Does all of it, in any order, as much at once as there are sessions.
     *
     * @throws ExecutionException with the first failure; the rest was broken off
     */
    void run(List<? extends Work> works) throws ExecutionException, InterruptedException {
        Queue<Work> waiting = new ConcurrentLinkedQueue<>(works);
        ExecutorCompletionService<Boolean> running = new ExecutorCompletionService<>(threads);
        int started = Math.min(sessionsMax, works.size());
        for (int i = 0; i < started; i++) {
            running.submit(() -> workOff(waiting));
        }
        try {
            for (int i = 0; i < started; i++) {
                running.take().get();
            }
        } catch (ExecutionException | InterruptedException e) {
            waiting.clear();
            stop();
            throw e;
        }
    }

    private boolean workOff(Queue<Work> waiting) throws SQLException, IOException {
        Connection session = session();
        for (Work work = waiting.poll(); work != null; work = waiting.poll()) {
            work.run(session);
        }
        idle.add(session);
        return true;
    }

    /**
     * Lends sessions to a work that needs more than its own. It gives them back, outside of a
     * transaction, or fails.
     */
    List<Connection> lend(int sessions) throws SQLException {
        List<Connection> lent = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            lent.add(session());
        }
        return lent;
    }

    /** Takes back what was lent. */
    void takeBack(List<Connection> lent) {
        idle.addAll(lent);
    }

    private Connection session() throws SQLException {
        Connection used = idle.poll();
        if (used != null) {
            return used;
        }
        Connection fresh = target.connect();
        open.add(fresh);
        if (stopped) {
            abort(fresh);
        }
        prepare(fresh);
        return fresh;
    }

    private void prepare(Connection connection) throws SQLException {
        for (String setting : settings) {
            settle(connection, setting);
        }
    }

    /** Sets something, if the server knows it and the user may. */
    static void settle(Connection connection, String setting) throws SQLException {
        try {
            execute(connection, setting);
        } catch (SQLException e) {
            if (!SqlStates.isNotAllowed(e)) {
                throw e;
            }
        }
    }

    static void execute(Connection connection, String text) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(text);
        }
    }

    private void stop() {
        stopped = true;
        threads.shutdownNow();
        open.forEach(Sessions::abort);
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.debug("a session was closed already: {}", SqlStates.reason(e));
        }
    }

    /** Cuts all sessions off and waits for the threads. */
    @Override
    public void close() {
        stop();
        threads.close();
    }
}
