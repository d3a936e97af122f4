package dev.tidemark.replay.load;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.ServerSettings;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the database that a restore fills. The caller sees to it that it is not the source, and
 * that the user wants it.
 */
public final class TargetDatabase {
    private static final String DATABASE_IN_USE = "55006";

    /** A session that was closed is gone a moment later: looked for ten times, 0.1 s apart. */
    private static final int LOOKS_MAX = 10;

    private static final String HINT =
            "The database is as it was. The user needs the right CREATEDB, and must own the database; its"
                    + " locale must exist on the server. A database that you create yourself can be restored"
                    + " into without --replace.";

    private static final String HINT_UNKNOWN =
            "The database is as it was, or already replaced by an empty one. When the server is up again, run"
                    + " the same command once more.";

    private final Database target;
    private final ServerDatabases databases;
    private final String name;
    private final String fresh;
    private final String old;
    private final Purpose purpose;
    private final Runnable begins;

    private enum Purpose {
        RESTORE,
        DRILL
    }

    private TargetDatabase(
            Database target, Connection connection, Purpose purpose, Runnable begins) {
        this.target = target;
        this.begins = begins;
        this.purpose = purpose;
        this.databases = new ServerDatabases(connection);
        this.name = target.url().database();
        this.fresh = ServerDatabases.fresh(name);
        this.old = ServerDatabases.old(name);
    }

    /**
     * Replaces a database by an empty one with the same owner and the source's encoding and locale,
     * or creates it. The new one is made under another name, then takes the old one's name in one
     * transaction, and then the old one is dropped: a failure, and even a kill, leaves a database
     * of that name. What a killed run left under the two other names is dropped by the next one.
     *
     * @throws TidemarkException (refused) when others are connected, or the server cannot take the
     *     restore
     */
    public static void recreate(Database target, Catalog catalog) {
        recreate(target, catalog, () -> {});
    }

    /**
     * The same for who waits for its beginning.
     *
     * @param begins runs when nothing is refused any more, before the target is changed
     */
    public static void recreate(Database target, Catalog catalog, Runnable begins) {
        recreate(target, catalog, Purpose.RESTORE, begins);
    }

    /**
     * The same for a drill: at no moment is there a new database of that name without the {@link
     * DrillMark}.
     *
     * @throws TidemarkException (refused) also when one is there that no drill made
     */
    public static void recreateForDrill(Database target, Catalog catalog) {
        recreate(target, catalog, Purpose.DRILL, () -> {});
    }

    private static void recreate(
            Database target, Catalog catalog, Purpose purpose, Runnable begins) {
        Database maintenance = maintenance(target);
        try (Connection connection = maintenance.connect()) {
            TargetCheck.ofServer(maintenance, connection, catalog);
            new TargetDatabase(target, connection, purpose, begins).recreate(catalog.server());
        } catch (SQLException e) {
            throw failed(target, e);
        }
    }

    static TidemarkException failed(Database target, SQLException e) {
        return TidemarkException.failed(
                "cannot replace %s: %s".formatted(target, SqlStates.reason(e)),
                SqlStates.isDeclined(e) ? HINT : HINT_UNKNOWN,
                e);
    }

    /**
     * Another database of the same server, which is not in the way of what is done to the target.
     */
    public static Database maintenance(Database target) {
        return ServerDatabases.maintenance(target);
    }

    /** The names of what a run that was killed may have left, which the next one drops. */
    public static List<String> leftOvers(String name) {
        return List.of(ServerDatabases.fresh(name), ServerDatabases.old(name));
    }

    private void recreate(ServerSettings source) throws SQLException {
        refuseOtherSessions();
        databases.refusePrepared(name);
        databases.refuseWhatCannotBeDropped(target);
        dropLeftOvers();
        boolean isThere = databases.isThere(name);
        databases.create(fresh, name, source);
        try {
            begins.run();
            if (isThere && purpose == Purpose.DRILL && !databases.isOfDrill(name)) {
                throw notOfDrill();
            }
            databases.inOne(swap(isThere));
        } catch (TidemarkException e) {
            dropFresh(e);
            throw e;
        } catch (SQLException e) {
            dropFresh(e);
            if (SqlStates.is(e, DATABASE_IN_USE)) {
                refuseOtherSessions();
                databases.refusePrepared(name);
            }
            throw e;
        }
        if (isThere) {
            dropOld();
        }
    }

    /** What a run that was killed left; both names are looked at before one is dropped. */
    private void dropLeftOvers() throws SQLException {
        boolean isFreshThere = databases.isThere(fresh);
        if (isFreshThere
                && !databases.isFresh(fresh)
                && !databases.isMarked(fresh, BesideDatabase.mark(name))) {
            throw foreign(fresh);
        }
        boolean isOldThere = databases.isThere(old);
        if (isOldThere && !databases.isMarked(old, droppedMark(name))) {
            throw foreign(old);
        }
        if (isFreshThere) {
            databases.drop(fresh);
        }
        if (isOldThere) {
            databases.drop(old);
        }
    }

    private TidemarkException foreign(String database) {
        return TidemarkException.refused(
                "cannot replace %s: the database %s is in the way, and a restore did not make it"
                        .formatted(target, database),
                "Rename or drop it: the restore needs the name for a moment.");
    }

    /** At each moment the name has a database. */
    private List<String> swap(boolean isThere) throws SQLException {
        List<String> statements = new ArrayList<>();
        if (isThere) {
            statements.add(ServerDatabases.comment(fresh, databases.commentToKeep(name)));
            statements.add(ServerDatabases.rename(name, old));
            statements.add(ServerDatabases.alter(old, "ALLOW_CONNECTIONS false"));
            statements.add(ServerDatabases.comment(old, droppedMark(name)));
        }
        if (purpose == Purpose.DRILL) {
            String mark = DrillMark.of(name, databases.oid(fresh));
            statements.add(ServerDatabases.comment(fresh, mark));
        }
        statements.add(ServerDatabases.alter(fresh, "ALLOW_CONNECTIONS true CONNECTION LIMIT -1"));
        statements.add(ServerDatabases.rename(fresh, name));
        return statements;
    }

    private TidemarkException notOfDrill() {
        return TidemarkException.refused(
                "%s exists, and no drill made it".formatted(target),
                "It took the name while the drill began. Nothing was changed.");
    }

    private void dropFresh(Exception cause) {
        try {
            databases.drop(fresh);
        } catch (SQLException e) {
            cause.addSuppressed(e); // the next run drops it
        }
    }

    private void dropOld() {
        try {
            databases.drop(old);
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "replaced %s by an empty database, but cannot drop the old one, which is now %s: %s"
                            .formatted(target, old, SqlStates.reason(e)),
                    "Run DROP DATABASE %s, then restore without --replace."
                            .formatted(Quoted.name(old)),
                    e);
        }
    }

    /** The comment of the old database; with the name, since two long ones may be cut to one. */
    static String droppedMark(String name) {
        return "replaced by tidemark restore, to be dropped: " + name;
    }

    private void refuseOtherSessions() throws SQLException {
        List<String> sessions = databases.sessions(name);
        for (int look = 1; look < LOOKS_MAX && !sessions.isEmpty(); look++) {
            databases.execute("SELECT pg_sleep(0.1)");
            sessions = databases.sessions(name);
        }
        if (!sessions.isEmpty()) {
            throw TidemarkException.refused(
                    "%s is in use by other sessions: %s"
                            .formatted(target, String.join(", ", sessions)),
                    "Close them, or end them with pg_terminate_backend(pid). Nothing was changed.");
        }
    }
}
