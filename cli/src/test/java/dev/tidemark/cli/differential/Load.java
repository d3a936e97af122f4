package dev.tidemark.cli.differential;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Sessions whose statements one thread interleaves, so that a seed goes the same way each time:
 * transactions overlap, and a statement that would wait for another session fails at once.
 */
final class Load implements AutoCloseable {
    static final int SESSIONS = 3;

    /** An action may find nothing to do; this many tries find one that does. */
    private static final int TRIES_MAX = 20;

    /** {@code init} refuses them. */
    private static final String WITHOUT_IDENTITY =
            """
            DO $$ DECLARE t regclass; BEGIN
                FOR t IN SELECT c.oid FROM pg_class c WHERE c.relkind = 'r' AND c.oid >= 16384 AND NOT c.relispartition
                            AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attgenerated <> '' AND NOT a.attisdropped)
                            AND (c.relreplident <> 'd' OR NOT EXISTS (SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indisprimary AND x.indimmediate))
                LOOP EXECUTE 'DROP TABLE IF EXISTS ' || t || ' CASCADE'; END LOOP;
            END $$""";

    private final Random random;
    private final List<Session> sessions = new ArrayList<>();
    private final Tally tally = new Tally();
    private final int version;

    private Load(Random random, int version) {
        this.random = random;
        this.version = version;
    }

    static Load open(Servers servers, String database, long seed, Consumer<String> script)
            throws SQLException {
        AtomicInteger counter = new AtomicInteger(100);
        List<Session> opened = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            var connection = servers.session(database);
            Scene scene = new Scene(connection, new Random(seed * 31 + i), counter);
            opened.add(new Session(i, connection, scene, script));
        }
        Load load = new Load(new Random(seed), opened.getFirst().scene().version());
        load.sessions.addAll(opened);
        return load;
    }

    Tally tally() {
        return tally;
    }

    /** What comes first: a schema and some rows, by one session. */
    void prelude(int steps, Set<String> without) throws SQLException {
        Session session = sessions.getFirst();
        for (int i = 0; i < steps; i++) {
            act(
                    session,
                    without,
                    switch (i * 3 / steps) {
                        case 0 -> Actions.CREATING;
                        case 1 -> Actions.ON_SCHEMA;
                        default -> Actions.ALL;
                    });
        }
        session.run(WITHOUT_IDENTITY);
    }

    /** Statements of all sessions. */
    void work(int steps, Set<String> without) throws SQLException {
        for (int i = 0; i < steps; i++) {
            step(without, Actions.ALL);
        }
    }

    /** Rows only change, until it is enough. */
    void workOnRows(BooleanSupplier isEnough, Set<String> without) throws SQLException {
        while (!isEnough.getAsBoolean()) {
            step(without, Actions.ON_ROWS);
        }
    }

    /**
     * Ends the transactions that changed the schema: until they end, their locks hinder readers.
     */
    void endSchemaChanges() throws SQLException {
        for (Session session : sessions) {
            if (session.isSchemaTouched()) {
                end(session, "COMMIT");
            }
        }
    }

    void endAll() throws SQLException {
        for (Session session : sessions) {
            if (session.isInTransaction()) {
                end(session, "COMMIT");
            }
        }
    }

    private void step(Set<String> without, List<Action> actions) throws SQLException {
        Session session = sessions.get(random.nextInt(sessions.size()));
        int chance = random.nextInt(100);
        if (!session.isInTransaction()) {
            if (chance < 55) {
                session.begin();
            }
            act(session, without, actions);
        } else if (chance < 22) {
            end(session, "COMMIT");
        } else if (chance < 27) {
            end(session, "ROLLBACK");
        } else if (chance < 35) {
            session.savepoint();
            act(session, without, actions);
            act(session, without, actions);
            session.rollbackToSavepoint();
        } else {
            act(session, without, actions);
        }
    }

    private void end(Session session, String command) {
        try {
            session.end(command);
            tally.done(command);
        } catch (SQLException e) {
            tally.failed(command, Session.reason(e));
        }
    }

    private void act(Session session, Set<String> without, List<Action> actions)
            throws SQLException {
        session.scene().leaveOut(without);
        for (int i = 0; i < TRIES_MAX; i++) {
            Action action = choose(actions);
            if (action.isAmong(without)
                    || action.versionMin() > version
                    || (action.isAlone() && !isQuiet())
                    || (!action.isOnRows()
                            && without.contains("concurrent schema changes")
                            && isSchemaTouchedBesides(session))) {
                continue;
            }
            if (session.attempt(action, tally) != Session.Outcome.NOTHING_TO_DO) {
                return;
            }
        }
    }

    private boolean isSchemaTouchedBesides(Session session) {
        return sessions.stream().anyMatch(other -> other != session && other.isSchemaTouched());
    }

    private boolean isQuiet() {
        return sessions.stream().noneMatch(Session::isInTransaction);
    }

    private Action choose(List<Action> actions) {
        int total = actions.stream().mapToInt(Action::weight).sum();
        int ticket = random.nextInt(total);
        for (Action action : actions) {
            ticket -= action.weight();
            if (ticket < 0) {
                return action;
            }
        }
        throw new IllegalStateException("a ticket beyond all weights");
    }

    @Override
    public void close() throws SQLException {
        for (Session session : sessions) {
            session.close();
        }
    }
}
