package dev.tidemark.replay.rewind;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.replay.load.DatabaseRecord;
import dev.tidemark.replay.load.RestoreRecord;
import dev.tidemark.replay.load.SqlStates;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.util.PSQLException;

/**
 * The end of a time in which a database was moved: materialized views are filled anew, and it is
 * one like any other if that is wanted. Each is one transaction.
 *
 * @param at where the database was
 * @param notes what a person should know
 */
public record Promotion(RestoreRecord at, List<String> notes) {
    public Promotion {
        notes = List.copyOf(notes);
    }

    private interface Last {
        void run(MoveSession session) throws SQLException;
    }

    /** Fills materialized views anew; the database can be moved on. */
    public static Promotion refresh(Archive archive, Database target) {
        return run(archive, target, session -> {});
    }

    /**
     * The same, and drops the record of where the database is: it is moved no more.
     *
     * @throws TidemarkException (refused) with nothing changed, when others need the record
     */
    public static Promotion promote(Archive archive, Database target) {
        return run(archive, target, session -> drop(session, target));
    }

    private static Promotion run(Archive archive, Database target, Last last) {
        try (MoveSession session = MoveSession.open(target)) {
            session.connection().setAutoCommit(false);
            DatabaseRecord.lock(session.connection(), target);
            RestoreRecord whole = DatabaseRecord.read(session.connection(), target).whole();
            whole.checkIsOf(archive, target);
            List<String> notes = MaterializedViews.refresh(session.connection());
            last.run(session);
            session.connection().commit();
            return new Promotion(whole, notes);
        } catch (SQLException e) {
            throw Rewind.failed(target, SqlStates.reason(e), e);
        }
    }

    private static void drop(MoveSession session, Database target) throws SQLException {
        try {
            DatabaseRecord.drop(session.connection());
        } catch (SQLException e) {
            if (!SqlStates.is(e, "2BP01")) { // dependent_objects_still_exist
                throw e;
            }
            throw TidemarkException.refused(
                    "cannot promote %s: something of others is in the schema %s or needs it: %s"
                            .formatted(target, DatabaseRecord.SCHEMA, detail(e)),
                    "Drop that, or move it elsewhere, and run the command again. Nothing was changed.",
                    e);
        }
    }

    /** Its first line names what it is; the message does not. */
    private static String detail(SQLException e) {
        return e instanceof PSQLException server
                        && server.getServerErrorMessage() != null
                        && server.getServerErrorMessage().getDetail() != null
                ? server.getServerErrorMessage().getDetail().lines().findFirst().orElse("")
                : SqlStates.reason(e);
    }
}
