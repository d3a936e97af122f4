package dev.tidemark.replay.drill;

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
 * has its name it has a comment that says so: what a killed drill left, be it in the midst of
 * making it, is taken for one by the next, and no other database is. An empty one of somebody else
 * can be filled if it is to be kept; it is neither marked nor dropped.
 */
public final class ScratchDatabase implements AutoCloseable {
    /** Whether it stays. */
    public enum Afterwards {
        DROPPED,
        /** Without the comment: nobody drops by mistake what was made to be used. */
        KEPT
    }

    private static final String MARK = "scratch database of tidemark drill, to be dropped";
    private static final String MAINTENANCE = "postgres";

    /** What is to be done when it is closed. */
    private enum End {
        DROP,
        /** It was made by the drill, and stays. */
        TAKE_MARK_AWAY,
        /** It was there before. */
        NOTHING
    }

    private final Database database;
    private final End end;

    private ScratchDatabase(Database database, End end) {
        this.database = database;
        this.end = end;
    }

    /**
     * Makes it, or takes an empty one that is to be kept.
     *
     * @param catalog whose server's locale one has that is made
     * @throws TidemarkException (refused) when there is one that no drill made, and it is not empty
     *     or would be dropped
     */
    public static ScratchDatabase take(Database database, Catalog catalog, Afterwards afterwards) {
        if (database.url().database().equals(MAINTENANCE)) {
            throw TidemarkException.refused(
                    "the database postgres is no scratch database",
                    "A drill drops its database. Name another one, which need not exist.");
        }
        Optional<TargetContents> there = TargetContents.of(database);
        boolean isDrills = there.isPresent() && comment(database).equals(MARK);
        if (there.isPresent() && !isDrills) {
            requireFree(database, there.get(), afterwards);
            return new ScratchDatabase(database, End.NOTHING);
        }
        TargetDatabase.recreate(database, catalog, MARK);
        return new ScratchDatabase(
                database, afterwards == Afterwards.KEPT ? End.TAKE_MARK_AWAY : End.DROP);
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

    private static String comment(Database database) {
        try (Connection session = TargetDatabase.maintenance(database).connect();
                PreparedStatement query =
                        session.prepareStatement(
                                "SELECT coalesce(shobj_description(oid, 'pg_database'), '')"
                                        + " FROM pg_database WHERE datname = ?")) {
            query.setString(1, database.url().database());
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? row.getString(1) : "";
            }
        } catch (SQLException e) {
            throw failed("look at", database, e);
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
        switch (end) {
            case DROP ->
                    execute(
                            "drop",
                            database,
                            "DROP DATABASE %s WITH (FORCE)"
                                    .formatted(Quoted.name(database.url().database())));
            case TAKE_MARK_AWAY ->
                    execute(
                            "take the mark off",
                            database,
                            "COMMENT ON DATABASE %s IS NULL"
                                    .formatted(Quoted.name(database.url().database())));
            case NOTHING -> {}
        }
    }
}
