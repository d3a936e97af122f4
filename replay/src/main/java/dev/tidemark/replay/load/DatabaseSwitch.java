package dev.tidemark.replay.load;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives a restored database the name of the one that it was made beside ({@link BesideDatabase}),
 * and that one another name, in one short transaction. Nothing is dropped, and the same goes back
 * again. A capture of the database that goes must have passed on all that was committed in it. For
 * one thread.
 */
public final class DatabaseSwitch {
    /** Which of the two takes the name. */
    public enum Direction {
        /** The restored one. */
        TO_RESTORED,
        /** The one that had it before. */
        BACK
    }

    /** What is done to sessions of others, with which no database can be renamed. */
    public enum Others {
        REFUSED,
        ENDED
    }

    /**
     * What was done.
     *
     * @param place the database by whose name the other one can be reached now
     * @param former what the one is called that had the name before
     * @param slots replication slots of Tidemark that were dropped: a capture goes on from a new
     *     base
     * @param captured up to where a capture had passed on the former's changes, if one did
     */
    public record Switched(
            Database place, String former, List<String> slots, Optional<String> captured) {
        public Switched {
            slots = List.copyOf(slots);
        }
    }

    private static final String DATABASE_IN_USE = "55006";
    private static final int TRIES_MAX = 5;

    /** A capture passes on within a heartbeat; far more than the longest that is usual. */
    private static final Duration CAPTURE_MAX = Duration.ofMinutes(2);

    /** Of capture, by which it can be told: what Debezium calls itself, or holds a slot. */
    private static final String IS_CAPTURE =
            "(coalesce(application_name, '') ~ '^(Debezium|tidemark)' OR pid IN (SELECT active_pid FROM pg_replication_slots"
                    + " WHERE slot_name ~ '^tidemark_' AND active_pid IS NOT NULL))";

    /** A commit must not wait for the capture that this ends (synchronous_standby_names). */
    private static final String WAITS_FOR_NOBODY = "SET synchronous_commit = local";

    private static final String SLOTS =
            "SELECT slot_name FROM pg_replication_slots WHERE database = ? ORDER BY 1";

    private final Database target;
    private final ServerDatabases databases;
    private final Others others;
    private final String name;
    private final String comes;
    private final String leaves;
    private final Direction direction;

    private DatabaseSwitch(
            Database target, ServerDatabases databases, Direction direction, Others others) {
        this.target = target;
        this.databases = databases;
        this.direction = direction;
        this.others = others;
        this.name = target.url().database();
        String fresh = ServerDatabases.fresh(name);
        String old = ServerDatabases.old(name);
        this.comes = direction == Direction.TO_RESTORED ? fresh : old;
        this.leaves = direction == Direction.TO_RESTORED ? old : fresh;
    }

    /** The comment of a database whose place another one took. */
    private static String keptMark(String name) {
        return "kept by tidemark switch, was " + name;
    }

    /** That of one which was live until it went back: nobody drops it but its owner. */
    private static String takenBackMark(String name) {
        return "kept by tidemark switch --back, was " + name;
    }

    /**
     * Switches.
     *
     * @throws TidemarkException (refused) when none is ready, others are connected, or a capture
     *     has not passed on everything; then nothing was changed
     */
    public static Switched run(Database target, Direction direction, Others others)
            throws InterruptedException {
        try (Connection connection = ServerDatabases.maintenance(target).connect()) {
            return new DatabaseSwitch(target, new ServerDatabases(connection), direction, others)
                    .run();
        } catch (SQLException e) {
            throw failed(target, e);
        }
    }

    /**
     * Switches when nobody uses the database, and drops the one that was there.
     *
     * @return who uses it, and then nothing was changed
     */
    public static List<String> runIfUnused(Database target) throws InterruptedException {
        try (Connection connection = ServerDatabases.maintenance(target).connect()) {
            ServerDatabases databases = new ServerDatabases(connection);
            List<String> users = new ArrayList<>(databases.sessions(target.url().database()));
            databases.texts(SLOTS, target.url().database()).stream()
                    .map("replication slot "::concat)
                    .forEach(users::add);
            if (!users.isEmpty()) {
                return users;
            }
            Switched done =
                    new DatabaseSwitch(target, databases, Direction.TO_RESTORED, Others.REFUSED)
                            .run();
            databases.drop(done.former());
            return List.of();
        } catch (SQLException e) {
            throw failed(target, e);
        }
    }

    private static TidemarkException failed(Database target, SQLException e) {
        return TidemarkException.failed(
                "cannot switch %s: %s".formatted(target, SqlStates.reason(e)),
                "All names are as they were, or all are changed. The user must own both databases and have the"
                        + " right CREATEDB; to end sessions of others needs the rights of pg_signal_backend.",
                e);
    }

    private Switched run() throws SQLException, InterruptedException {
        databases.execute(WAITS_FOR_NOBODY);
        refuseWhatIsNotReady();
        List<String> slots =
                databases.texts(SLOTS, name).stream()
                        .filter(slot -> slot.startsWith("tidemark_"))
                        .toList();
        Optional<String> captured = swap(!slots.isEmpty());
        dropSlots(slots);
        return new Switched(target, leaves, slots, captured);
    }

    private void refuseWhatIsNotReady() throws SQLException {
        List<String> marks =
                direction == Direction.TO_RESTORED
                        ? List.of(BesideDatabase.mark(name), takenBackMark(name))
                        : List.of(keptMark(name));
        if (!isMarked(marks)) {
            throw TidemarkException.refused(
                    "nothing can take the place of %s: there is no database %s that %s"
                            .formatted(
                                    target,
                                    comes,
                                    direction == Direction.TO_RESTORED
                                            ? "a restore made for it"
                                            : "a switch left"),
                    direction == Direction.TO_RESTORED
                            ? "Make it with 'tidemark restore … --replace --confirm'."
                            : "Only what the last switch replaced can come back.");
        }
        if (databases.isThere(leaves)) {
            throw TidemarkException.refused(
                    "cannot switch %s: the database %s has the name that it is to get"
                            .formatted(target, leaves),
                    "When it is needed no more, run DROP DATABASE %s, else rename it."
                            .formatted(Quoted.name(leaves)));
        }
        Database next = ServerDatabases.named(target, comes);
        try (Connection connection = next.connect()) {
            Optional<RestoreMark> unfinished = RestoreMark.find(connection);
            if (unfinished.isPresent()) {
                throw unfinished.get().refusal(next);
            }
        }
    }

    private boolean isMarked(List<String> marks) throws SQLException {
        for (String mark : marks) {
            if (databases.isMarked(comes, mark)) {
                return true;
            }
        }
        return false;
    }

    /** Sessions that a capture does not hold. */
    private void requireNoOthers(String database) throws SQLException, InterruptedException {
        for (int look = 1; ; look++) {
            List<String> sessions = otherSessions(database);
            if (sessions.isEmpty()) {
                return;
            }
            if (look == 2 * TRIES_MAX) {
                throw inUse(database, sessions);
            }
            if (others == Others.ENDED) {
                databases.texts(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ? AND NOT "
                                + IS_CAPTURE,
                        database);
            }
            Thread.sleep(100);
        }
    }

    private List<String> otherSessions(String database) throws SQLException {
        return databases.texts(
                "SELECT format('%s of %s (%s)', pid, coalesce(usename, '-'), coalesce(nullif(application_name, ''), backend_type))"
                        + " FROM pg_stat_activity WHERE datname = ? AND backend_type IS DISTINCT FROM 'autovacuum worker' AND NOT "
                        + IS_CAPTURE
                        + " ORDER BY pid",
                database);
    }

    private TidemarkException inUse(String database, List<String> sessions) {
        return TidemarkException.refused(
                "%s is in use: %s".formatted(database, String.join(", ", sessions)),
                others == Others.ENDED
                        ? "They come back as soon as they are ended. Stop the application, or its pool of connections, first. All names are as they were."
                        : "Stop the application, then run it again, or with --end-sessions. All names are as they were.");
    }

    /** Waits until the capture has passed on everything that is committed. */
    private Optional<String> captured() throws SQLException, InterruptedException {
        String end =
                databases
                        .texts("SELECT pg_current_wal_insert_lsn() WHERE ? <> ''", name)
                        .getFirst();
        String behind =
                "SELECT format('%s is at %s', slot_name, confirmed_flush_lsn) FROM pg_replication_slots"
                        + " WHERE database = ? AND slot_name ~ '^tidemark_' AND confirmed_flush_lsn < '"
                        + end
                        + "'";
        Instant giveUp = Instant.now().plus(CAPTURE_MAX);
        List<String> late = databases.texts(behind, name);
        while (!late.isEmpty()) {
            if (Instant.now().isAfter(giveUp)) {
                throw TidemarkException.refused(
                        "capture has not passed on all that is committed in %s: %s, and the source at %s"
                                .formatted(target, String.join(", ", late), end),
                        "Let capture run until it has. Or drop its slot: then what it has not passed on is in no archive, only in"
                                + " the database itself, which is kept. All names are as they were.");
            }
            Thread.sleep(200);
            late = databases.texts(behind, name);
        }
        return Optional.of(end);
    }

    /**
     * A capture comes back at once when it is ended; a rename waits five seconds for sessions. Each
     * time nobody else may have written since the capture was asked.
     *
     * @return up to where a capture had passed on everything
     */
    private Optional<String> swap(boolean isCaptured) throws SQLException, InterruptedException {
        List<String> statements = new ArrayList<>();
        if (direction == Direction.TO_RESTORED) {
            statements.addAll(DatabaseSettings.copied(databases, name, comes));
        }
        String mark = direction == Direction.TO_RESTORED ? keptMark(name) : takenBackMark(name);
        statements.add(ServerDatabases.rename(name, leaves));
        statements.add(ServerDatabases.comment(leaves, mark));
        statements.add(ServerDatabases.rename(comes, name));
        statements.add(ServerDatabases.comment(name, ""));
        for (int attempt = 1; ; attempt++) {
            requireNoOthers(name);
            requireNoOthers(comes);
            Optional<String> captured = isCaptured ? captured() : Optional.empty();
            List<String> came = otherSessions(name);
            if (!came.isEmpty()) {
                if (attempt == TRIES_MAX) {
                    throw inUse(name, came);
                }
                continue;
            }
            for (String database : List.of(name, comes)) {
                databases.texts(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ? AND "
                                + IS_CAPTURE,
                        database);
            }
            try {
                databases.inOne(statements);
                return captured;
            } catch (SQLException e) {
                if (!SqlStates.is(e, DATABASE_IN_USE)) {
                    throw e;
                }
                if (attempt == TRIES_MAX) {
                    throw inUse(name, databases.sessions(name));
                }
            }
        }
    }

    /** They cannot follow another database, and would keep the server's log for ever. */
    private void dropSlots(List<String> slots) throws SQLException, InterruptedException {
        if (slots.isEmpty()) {
            return;
        }
        try (Connection connection = ServerDatabases.named(target, leaves).connect()) {
            ServerDatabases former = new ServerDatabases(connection);
            former.execute(WAITS_FOR_NOBODY);
            for (String slot : slots) {
                drop(former, slot);
            }
        }
    }

    /** A capture that tries to go on holds it for a moment. */
    private static void drop(ServerDatabases former, String slot)
            throws SQLException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                former.texts(
                        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ?",
                        slot);
                return;
            } catch (SQLException e) {
                if (attempt == TRIES_MAX || !SqlStates.is(e, DATABASE_IN_USE)) {
                    throw e;
                }
                Thread.sleep(200);
            }
        }
    }
}
