package dev.tidemark.replay.load;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
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
     * @param captured up to where a capture had passed on the former's changes; not known where an
     *     earlier run changed the names
     * @param ownSettings settings and rights that only the one that came has, and keeps
     */
    public record Switched(
            Database place,
            String former,
            List<String> slots,
            Optional<String> captured,
            List<String> ownSettings) {
        public Switched {
            slots = List.copyOf(slots);
            ownSettings = List.copyOf(ownSettings);
        }
    }

    /**
     * What became of a place that was to be taken if nobody used it.
     *
     * @param users who uses it; then nothing was changed
     * @param stillThere why what was there before could not be dropped
     */
    public record Taken(List<String> users, Optional<String> stillThere) {
        public Taken {
            users = List.copyOf(users);
        }
    }

    /** A commit must not wait for the capture that this ends (synchronous_standby_names). */
    static final String WAITS_FOR_NOBODY = "SET synchronous_commit = local";

    private static final String DATABASE_IN_USE = "55006";
    private static final int TRIES_MAX = 5;

    private final Database target;
    private final ServerDatabases databases;
    private final SwitchNames names;
    private final DatabaseUsers users;
    private final SwitchSlots slots;

    private DatabaseSwitch(
            Database target, ServerDatabases databases, SwitchNames names, Others others) {
        this.target = target;
        this.databases = databases;
        this.names = names;
        this.users = new DatabaseUsers(databases, others);
        this.slots = new SwitchSlots(databases);
    }

    /**
     * Switches. Where an earlier run was killed when the names were changed, does the rest.
     *
     * @throws TidemarkException (refused) when none is ready, the user lacks a right, others are
     *     connected, or a capture has not passed on everything; then nothing was changed
     */
    public static Switched run(Database target, Direction direction, Others others)
            throws InterruptedException {
        SwitchNames names = names(target, direction);
        try (Connection connection = ServerDatabases.maintenance(target).connect()) {
            return new DatabaseSwitch(target, new ServerDatabases(connection), names, others).run();
        } catch (SQLException e) {
            throw failed(target, e);
        }
    }

    /**
     * Asks what {@link #run} asks before it ends anything, while everybody is at work.
     *
     * @throws TidemarkException (refused) when none is ready, or the user lacks a right
     */
    public static void check(Database target, Direction direction) {
        SwitchNames names = names(target, direction);
        try (Connection connection = ServerDatabases.maintenance(target).connect()) {
            ServerDatabases databases = new ServerDatabases(connection);
            if (!names.areThere(databases)) {
                new DatabaseSwitch(target, databases, names, Others.REFUSED).ready();
            }
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "cannot look at the databases of a switch on %s: %s"
                            .formatted(target, SqlStates.reason(e)),
                    "Nothing was changed.",
                    e);
        }
    }

    private static SwitchNames names(Database target, Direction direction) {
        String name = target.url().database();
        return switch (direction) {
            case TO_RESTORED -> SwitchNames.toRestored(name);
            case BACK -> SwitchNames.back(name);
        };
    }

    /** Switches when nobody uses the database, and drops the one that was there. */
    public static Taken runIfUnused(Database target) throws InterruptedException {
        String name = target.url().database();
        try (Connection connection = ServerDatabases.maintenance(target).connect()) {
            ServerDatabases databases = new ServerDatabases(connection);
            List<String> users = users(databases, name);
            for (int look = 1; look < DatabaseUsers.LOOKS_MAX && !users.isEmpty(); look++) {
                Thread.sleep(DatabaseUsers.PAUSE_MILLIS);
                users = users(databases, name);
            }
            if (!users.isEmpty()) {
                return new Taken(users, Optional.empty());
            }
            SwitchNames names = SwitchNames.replacing(name);
            new DatabaseSwitch(target, databases, names, Others.REFUSED).run();
            return new Taken(List.of(), notDropped(databases, names));
        } catch (SQLException e) {
            throw failed(target, e);
        }
    }

    private static List<String> users(ServerDatabases databases, String name) throws SQLException {
        List<String> users = new ArrayList<>(databases.sessions(name));
        users.addAll(databases.prepared(name));
        users.addAll(databases.subscriptions(name));
        users.addAll(databases.slots(name));
        return users;
    }

    /**
     * The restored one is in its place: to say that it is not would send somebody the wrong way.
     */
    private static Optional<String> notDropped(ServerDatabases databases, SwitchNames names) {
        try {
            databases.drop(names.leaves());
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(
                    "what %s was before, now %s, cannot be dropped: %s; run DROP DATABASE %s, or the next restore with --replace does"
                            .formatted(
                                    names.name(),
                                    names.leaves(),
                                    SqlStates.reason(e),
                                    Quoted.name(names.leaves())));
        }
    }

    private static TidemarkException failed(Database target, SQLException e) {
        return TidemarkException.failed(
                "cannot switch %s: %s".formatted(target, SqlStates.reason(e)),
                "All names are as they were, or all are changed: run it again, and it says which, or goes on. To end"
                        + " sessions of others needs the rights of pg_signal_backend.",
                e);
    }

    private Switched run() throws SQLException, InterruptedException {
        databases.execute(WAITS_FOR_NOBODY);
        if (names.areThere(databases)) {
            return rest();
        }
        List<String> captured = ready();
        List<String> own =
                names.isBack()
                        ? List.of()
                        : DatabaseSettings.own(databases, names.comes(), names.name());
        Optional<String> end = swap();
        Database former = ServerDatabases.named(target, names.leaves());
        slots.drop(former, captured);
        return new Switched(target, names.leaves(), captured, end, own);
    }

    /** Capture's slots, of a database that everything is ready for. */
    private List<String> ready() throws SQLException {
        refuseWhatIsNotReady();
        databases.refusePrepared(names.name());
        databases.refusePrepared(names.comes());
        List<String> captured = slots.of(names.name());
        SwitchRights rights = new SwitchRights(databases, target, names);
        rights.require(captured, users);
        rights.tryOut(settings());
        return captured;
    }

    /** What a run did not come to that was killed after the names were changed. */
    private Switched rest() throws SQLException, InterruptedException {
        List<String> left = slots.of(names.leaves());
        if (left.isEmpty()) {
            throw TidemarkException.refused(
                    "%s is switched already: what it was before is %s"
                            .formatted(target, names.leaves()),
                    names.isBack()
                            ? "To change them once more, run it without --back."
                            : "To change them again, run it with --back.");
        }
        slots.drop(ServerDatabases.named(target, names.leaves()), left);
        return new Switched(target, names.leaves(), left, Optional.empty(), List.of());
    }

    private void refuseWhatIsNotReady() throws SQLException {
        if (!names.isReady(databases)) {
            throw TidemarkException.refused(
                    "nothing can take the place of %s: there is no database %s that %s"
                            .formatted(
                                    target,
                                    names.comes(),
                                    names.isBack() ? "a switch left" : "a restore made for it"),
                    names.isBack()
                            ? "Only what the last switch replaced can come back."
                            : "Make it with 'tidemark restore … --replace --confirm'.");
        }
        if (databases.isThere(names.leaves())) {
            throw TidemarkException.refused(
                    "cannot switch %s: the database %s has the name that it is to get"
                            .formatted(target, names.leaves()),
                    "When it is needed no more, run DROP DATABASE %s, else rename it."
                            .formatted(Quoted.name(names.leaves())));
        }
        Database next = ServerDatabases.named(target, names.comes());
        try (Connection connection = next.connect()) {
            Optional<RestoreMark> unfinished = RestoreMark.find(connection);
            if (unfinished.isPresent()) {
                throw unfinished.get().refusal(next);
            }
            // A restore that just ended knows that it did, and leaves none of an empty source.
            if (!names.isToBeDropped()
                    && names.isMade(databases)
                    && TargetContents.read(connection).isEmpty()) {
                throw TidemarkException.refused(
                        "nothing can take the place of %s: the database %s is empty"
                                .formatted(target, names.comes()),
                        "The restore that made it ended before it began to fill it. Run it again: 'tidemark restore …"
                                + " --replace --confirm'.");
            }
        }
    }

    /**
     * A capture comes back at once when it is ended; a rename waits five seconds for sessions. Each
     * time nobody else may have written since the capture was asked. That is asked again after the
     * wait, which may take minutes in which somebody comes and goes: the second is a heartbeat at
     * most.
     *
     * @return up to where a capture had passed on everything
     */
    private Optional<String> swap() throws SQLException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            users.requireNone(names.name());
            users.requireNone(names.comes());
            Optional<String> unused = slots.passedOn(target);
            Optional<String> captured = slots.passedOn(target);
            List<String> came = users.others(names.name());
            if (!came.isEmpty()) {
                if (attempt == TRIES_MAX) {
                    throw users.inUse(names.name(), came);
                }
                continue;
            }
            users.endCapture(names.name());
            users.endCapture(names.comes());
            try {
                databases.inOne(statements());
                return captured;
            } catch (SQLException e) {
                if (!SqlStates.is(e, DATABASE_IN_USE)) {
                    throw e;
                }
                if (attempt == TRIES_MAX) {
                    throw users.inUse(names.name(), names.comes());
                }
            }
        }
    }

    /** Settings of a database that goes back to its name are its own. */
    private List<DatabaseSettings.Copied> settings() throws SQLException {
        return names.isBack()
                ? List.of()
                : DatabaseSettings.copied(databases, names.name(), names.comes());
    }

    /** What somebody said of the database by that name goes to the one that has the name. */
    private List<String> statements() throws SQLException {
        List<String> statements = new ArrayList<>();
        settings().forEach(setting -> statements.add(setting.statement()));
        statements.add(ServerDatabases.rename(names.name(), names.leaves()));
        statements.add(ServerDatabases.comment(names.leaves(), names.left()));
        if (names.isToBeDropped()) {
            statements.add(ServerDatabases.alter(names.leaves(), "ALLOW_CONNECTIONS false"));
        }
        statements.add(ServerDatabases.rename(names.comes(), names.name()));
        statements.add(
                ServerDatabases.comment(names.name(), databases.commentToKeep(names.name())));
        return statements;
    }
}
