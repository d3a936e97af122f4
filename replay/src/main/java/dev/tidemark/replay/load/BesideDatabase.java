package dev.tidemark.replay.load;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The database that a restore fills beside one that others go on to use, and whose place it is to
 * take then ({@link DatabaseSwitch}). Its name is the other's with {@code _tidemark_new}; its
 * comment says what it is for.
 */
public final class BesideDatabase {
    private BesideDatabase() {}

    /** The comment of a database that was made to take the place of one of that name. */
    static String mark(String name) {
        return "made by tidemark restore, to take the place of " + name;
    }

    /** The one that is made beside a database. */
    public static Database of(Database target) {
        return ServerDatabases.named(target, ServerDatabases.fresh(target.url().database()));
    }

    /**
     * Is there something in a database that is to be kept until its successor is whole? Not in one
     * that is empty, or that a restore left unfinished.
     */
    public static boolean isNeeded(Database target) {
        Optional<TargetContents> contents = TargetContents.of(target);
        if (contents.isEmpty() || contents.get().isEmpty()) {
            return false;
        }
        try (Connection connection = target.connect()) {
            return RestoreMark.find(connection).isEmpty();
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "cannot look at %s: %s".formatted(target, SqlStates.reason(e)), "", e);
        }
    }

    /**
     * Makes it, empty, with the same owner and the source's encoding and locale. What an earlier
     * run made for the same place is dropped.
     *
     * @return to be filled
     * @throws TidemarkException (refused) when a database that is something else has its name, or
     *     the server cannot take the restore
     */
    public static Database make(Database target, Catalog catalog) {
        Database maintenance = ServerDatabases.maintenance(target);
        String name = target.url().database();
        String fresh = ServerDatabases.fresh(name);
        try (Connection connection = maintenance.connect()) {
            TargetCheck.ofServer(maintenance, connection, catalog);
            ServerDatabases databases = new ServerDatabases(connection);
            databases.refuseTemplate(target);
            dropOrRefuseOld(databases, target);
            dropFormer(databases, target);
            databases.create(fresh, name, catalog.server());
            databases.inOne(
                    List.of(
                            ServerDatabases.comment(fresh, mark(name)),
                            ServerDatabases.alter(
                                    fresh, "ALLOW_CONNECTIONS true CONNECTION LIMIT -1")));
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "cannot make a database beside %s: %s".formatted(target, SqlStates.reason(e)),
                    "The database is as it was. The user needs the right CREATEDB, and must own the database; its"
                            + " locale must exist on the server.",
                    e);
        }
        return of(target);
    }

    /** The one that an earlier run made, if it is there. */
    public static Optional<Database> find(Database target) {
        Database beside = of(target);
        String mark = mark(target.url().database());
        try (Connection connection = ServerDatabases.maintenance(target).connect()) {
            return new ServerDatabases(connection).isMarked(beside.url().database(), mark)
                    ? Optional.of(beside)
                    : Optional.empty();
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "cannot look for the database beside %s: %s"
                            .formatted(target, SqlStates.reason(e)),
                    "",
                    e);
        }
    }

    /** Two restores later, what was there before the last switch would be lost without a word. */
    private static void dropOrRefuseOld(ServerDatabases databases, Database target)
            throws SQLException {
        String name = target.url().database();
        String old = ServerDatabases.old(name);
        if (databases.isMarked(old, TargetDatabase.droppedMark(name))) {
            databases.drop(old); // what a run that was killed did not come to
        } else if (databases.isThere(old)) {
            throw TidemarkException.refused(
                    "cannot replace %s: the database %s is there, which it may have been before"
                            .formatted(target, old),
                    "The name is needed when the databases are switched. When it is needed no more, run DROP DATABASE %s, else rename it."
                            .formatted(Quoted.name(old)));
        }
    }

    private static void dropFormer(ServerDatabases databases, Database target) throws SQLException {
        String name = target.url().database();
        String fresh = ServerDatabases.fresh(name);
        if (!databases.isThere(fresh)) {
            return;
        }
        if (databases.isMarked(fresh, SwitchNames.takenBackMark(name))) {
            throw TidemarkException.refused(
                    "cannot replace %s: the database %s is there, which was live until it was switched back"
                            .formatted(target, fresh),
                    "When it is needed no more, run DROP DATABASE %s, else rename it: the restore needs the name."
                            .formatted(Quoted.name(fresh)));
        }
        if (!databases.isFresh(fresh) && !databases.isMarked(fresh, mark(name))) {
            throw TidemarkException.refused(
                    "cannot replace %s: the database %s is in the way, and a restore did not make it"
                            .formatted(target, fresh),
                    "Rename or drop it: the restore needs the name.");
        }
        List<String> sessions = databases.sessions(fresh);
        if (!sessions.isEmpty()) {
            throw TidemarkException.refused(
                    "the database %s, which an earlier run made, is in use: %s"
                            .formatted(fresh, String.join(", ", sessions)),
                    "Perhaps another restore is at work there. Close the sessions, or end them with pg_terminate_backend(pid).");
        }
        databases.drop(fresh);
    }
}
