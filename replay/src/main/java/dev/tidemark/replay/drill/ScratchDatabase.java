package dev.tidemark.replay.drill;

import dev.tidemark.replay.load.DrillMark;
import dev.tidemark.replay.load.Quoted;
import dev.tidemark.replay.load.TargetContents;
import dev.tidemark.replay.load.TargetDatabase;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * A database that a drill makes and fills, and that is dropped when this is closed. As long as it
 * has its name it has a comment that says so ({@link DrillMark}): what a killed drill left, be it
 * in the midst of making it, is taken for one by the next, and no other database is. An empty one
 * of somebody else can be filled if it is to be kept; it is neither marked nor dropped. Until this
 * is closed no other drill can have it.
 */
public final class ScratchDatabase implements AutoCloseable {
    /** Whether it stays. */
    public enum Afterwards {
        DROPPED,
        /** Without the comment: nobody drops by mistake what was made to be used. */
        KEPT
    }

    private static final String MAINTENANCE = "postgres";

    /** What is to be done when it is closed. */
    private enum End {
        DROP,
        /** It was made by the drill, and stays. */
        TAKE_MARK_AWAY,
        /** It was there before. */
        NOTHING
    }

    /** A database as its server knows it. */
    private record Known(String oid, String comment) {
        boolean isOfDrill(Database database) {
            return comment.equals(DrillMark.of(database.url().database(), oid));
        }
    }

    private final Database database;
    private final End end;
    private final Optional<Known> made;
    private final DrillLock lock;

    private ScratchDatabase(Database database, End end, Optional<Known> made, DrillLock lock) {
        this.database = database;
        this.end = end;
        this.made = made;
        this.lock = lock;
    }

    /**
     * Makes it, or takes an empty one that is to be kept.
     *
     * @param catalog whose server's locale one has that is made
     * @throws TidemarkException (refused) when there is one that no drill made, and it is not empty
     *     or would be dropped; also when another drill has it
     */
    public static ScratchDatabase take(Database database, Catalog catalog, Afterwards afterwards) {
        if (database.url().database().equals(MAINTENANCE)) {
            throw TidemarkException.refused(
                    "the database postgres is no scratch database",
                    "A drill drops its database. Name another one, which need not exist.");
        }
        DrillLock lock = DrillLock.take(database);
        try {
            return take(database, catalog, afterwards, lock);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static ScratchDatabase take(
            Database database, Catalog catalog, Afterwards afterwards, DrillLock lock) {
        Optional<Known> before = known(database);
        if (before.isPresent() && !before.get().isOfDrill(database)) {
            TargetContents.of(database)
                    .ifPresent(there -> requireFree(database, there, afterwards));
            return new ScratchDatabase(database, End.NOTHING, Optional.empty(), lock);
        }
        TargetDatabase.recreateForDrill(database, catalog);
        return new ScratchDatabase(
                database,
                afterwards == Afterwards.KEPT ? End.TAKE_MARK_AWAY : End.DROP,
                known(database).filter(there -> there.isOfDrill(database)),
                lock);
    }

    private static void requireFree(
            Database database, TargetContents there, Afterwards afterwards) {
        if (!there.isEmpty()) {
            throw TidemarkException.refused(
                    "%s is not empty, but holds %s".formatted(database, there),
                    "A drill makes its database and drops it. Name one that does not exist.");
        }
        if (afterwards == Afterwards.DROPPED) {
            throw TidemarkException.refused(
                    "%s exists, and no drill made it".formatted(database),
                    "A drill drops only what it made. Drop it, name one that does not exist, or let the drill fill it and"
                            + " leave it so, with --keep.");
        }
    }

    public Database database() {
        return database;
    }

    /**
     * Refuses a database that a drill made, and did not drop, as the target of something else: the
     * next drill would drop it with all that came into it.
     *
     * @throws TidemarkException (refused) when it is one
     */
    public static void refuseAsTarget(Database database) {
        if (isOfDrill(database)) {
            throw TidemarkException.refused(
                    "%s is the scratch database of a drill, and the next one drops it"
                            .formatted(database),
                    "Wait for that drill, or name another database. If it was killed, --replace --confirm makes a new one that is"
                            + " nobody's but yours.");
        }
    }

    private static boolean isOfDrill(Database database) {
        try {
            return query(database, database).filter(there -> there.isOfDrill(database)).isPresent();
        } catch (SQLException | TidemarkException e) {
            return false; // one that cannot be asked says so to what comes next
        }
    }

    private static Optional<Known> known(Database database) {
        try {
            return query(TargetDatabase.maintenance(database), database);
        } catch (SQLException e) {
            throw failed("look at", database, e);
        }
    }

    private static Optional<Known> query(Database through, Database database) throws SQLException {
        try (Connection session = through.connect();
                PreparedStatement query =
                        session.prepareStatement(
                                "SELECT oid::text, coalesce(shobj_description(oid, 'pg_database'), '')"
                                        + " FROM pg_database WHERE datname = ?")) {
            query.setString(1, database.url().database());
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? Optional.of(new Known(row.getString(1), row.getString(2)))
                        : Optional.empty();
            }
        }
    }

    private static void execute(String what, Database database, String sql) {
        try (Connection session = TargetDatabase.maintenance(database).connect();
                Statement statement = session.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw failed(what, database, e);
        }
    }

    private static TidemarkException failed(String what, Database database, SQLException e) {
        return TidemarkException.failed(
                "cannot %s the scratch database %s: %s"
                        .formatted(what, database.url(), TidemarkException.reason(e)),
                "The user must own it, and needs the right CREATEDB.",
                e);
    }

    /** Sessions in it are nobody's but of who looked in, and do not stop it. */
    @Override
    public void close() {
        try (DrillLock held = lock) {
            String name = Quoted.name(database.url().database());
            switch (end) {
                case DROP -> {
                    requireMade("dropped");
                    execute("drop", database, "DROP DATABASE %s WITH (FORCE)".formatted(name));
                }
                case TAKE_MARK_AWAY -> {
                    requireMade("changed");
                    execute(
                            "take the mark off",
                            database,
                            "COMMENT ON DATABASE %s IS NULL".formatted(name));
                }
                case NOTHING -> {}
            }
        }
    }

    /** Somebody may have given the name to another database meanwhile. */
    private void requireMade(String what) {
        if (!known(database).equals(made)) {
            throw TidemarkException.failed(
                    "%s is not the scratch database any more that the drill made, and was not %s"
                            .formatted(database, what),
                    "Somebody dropped, replaced or marked it while the drill was at work. Look what it is; a drill drops only what it"
                            + " made.");
        }
    }
}
