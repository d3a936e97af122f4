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
 * A database that a drill fills, and that is dropped when this is closed. From its beginning it has
 * a comment that says so: what a killed drill left is taken for one by the next, and no other
 * database is, unless it is empty.
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

    private final Database database;
    private final Afterwards afterwards;

    private ScratchDatabase(Database database, Afterwards afterwards) {
        this.database = database;
        this.afterwards = afterwards;
    }

    /**
     * Makes it, or takes an empty one.
     *
     * @param catalog whose server's locale one has that is made
     * @throws TidemarkException (refused) when there is something in it that no drill made
     */
    public static ScratchDatabase take(Database database, Catalog catalog, Afterwards afterwards) {
        if (database.url().database().equals(MAINTENANCE)) {
            throw TidemarkException.refused(
                    "the database postgres is no scratch database",
                    "A drill drops its database. Name another one, which need not exist.");
        }
        Optional<TargetContents> there = TargetContents.of(database);
        boolean isDrills = there.isPresent() && comment(database).equals(MARK);
        if (there.isPresent() && !isDrills && !there.get().isEmpty()) {
            throw TidemarkException.refused(
                    "%s is not empty, but holds %s".formatted(database, there.get()),
                    "A drill drops its database. Name one that is empty or does not exist.");
        }
        if (there.isEmpty() || isDrills) {
            TargetDatabase.recreate(database, catalog);
        }
        comment(database, Quoted.text(MARK));
        return new ScratchDatabase(database, afterwards);
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

    private static void comment(Database database, String text) {
        execute(
                "mark",
                database,
                "COMMENT ON DATABASE %s IS %s"
                        .formatted(Quoted.name(database.url().database()), text));
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

    @Override
    public void close() {
        switch (afterwards) {
            case DROPPED ->
                    execute(
                            "drop",
                            database,
                            "DROP DATABASE " + Quoted.name(database.url().database()));
            case KEPT -> comment(database, "NULL");
        }
    }
}
