package dev.tidemark.replay.rewind;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.replay.load.DatabaseRecord;
import dev.tidemark.replay.load.RestoreRecord;
import dev.tidemark.replay.load.SqlStates;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/**
 * Moves a database that was restored from an archive to another moment, forwards or backwards, by
 * one transaction that changes the rows which differ and the record of where it is. After a
 * failure, an interrupt or a kill the database is where it was, or where it should be. Others can
 * read it meanwhile. For one thread.
 */
public final class Rewind {
    /** Each but the last finds more tables that others changed; they are loaded whole then. */
    private static final int ATTEMPTS_MAX = 4;

    private final Reading reading;
    private final Database target;
    private final RewindOptions options;

    /**
     * Moves one database.
     *
     * @param temporary a folder for files while they are read
     * @param progress hears how many changes were read, again and again
     */
    public Rewind(
            Archive archive,
            Path temporary,
            Database target,
            RewindOptions options,
            LongConsumer progress) {
        this.reading = new Reading(archive, temporary, progress);
        this.target = target;
        this.options = options;
    }

    /** Where a step led to. */
    public sealed interface Outcome {}

    /** The database is where it should be. */
    public record Moved(RewindReport report) implements Outcome {}

    /**
     * A change of the schema is in the way, and nothing was done.
     *
     * @param first the first transaction with one, if it is known
     */
    public record Blocked(Optional<TransactionRecord> first, TidemarkException refusal)
            implements Outcome {}

    /** Others kept tables locked, and nothing was done; it may be tried again. */
    public record LockedOut(TidemarkException refusal) implements Outcome {}

    /**
     * Where a database is.
     *
     * @throws TidemarkException when it was not restored by Tidemark, or is of another source
     */
    public static RestoreRecord where(Archive archive, Database target) {
        try (Connection connection = target.connect()) {
            RestoreRecord whole = DatabaseRecord.read(connection, target).whole();
            whole.checkIsOf(archive, target);
            return whole;
        } catch (SQLException e) {
            throw failed(target, SqlStates.reason(e), e);
        }
    }

    /**
     * Brings the database to a plan's cut.
     *
     * @throws TidemarkException (refused) with nothing changed, when there is no way or others
     *     changed the database; (failed) with nothing changed, or all when the commit's answer was
     *     lost
     */
    public Outcome run(RestorePlan plan) throws IOException {
        Set<Long> doubted = new TreeSet<>();
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(plan, doubted);
            } catch (NotAsLeftException e) {
                if (attempt == ATTEMPTS_MAX || !doubted.addAll(e.tables())) {
                    throw e.refusal();
                }
            } catch (LockedOutException e) {
                return new LockedOut(e.refusal());
            }
        }
    }

    private Outcome attempt(RestorePlan plan, Set<Long> doubted) throws IOException {
        try (MoveSession session = MoveSession.open(target)) {
            DatabaseRecord record = DatabaseRecord.read(session.connection(), target);
            record.whole().checkIsOf(reading.archive(), target);
            return switch (Course.find(reading, record.whole(), plan)) {
                case Barrier barrier -> new Blocked(barrier.first(), barrier.refusal());
                case Course course ->
                        new Moved(new Move(session, record, course, options).run(reading, doubted));
            };
        } catch (SQLException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted(e);
            }
            throw failed(target, SqlStates.reason(e), e);
        } catch (RowsInto.CopyFailedException e) {
            throw failed(target, SqlStates.reason(e.failure()), e);
        }
    }

    private static InterruptedIOException interrupted(SQLException cause) {
        InterruptedIOException interrupted =
                new InterruptedIOException("interrupted while the database was moved");
        interrupted.initCause(cause);
        return interrupted;
    }

    static TidemarkException failed(Database target, String reason, Throwable cause) {
        return TidemarkException.failed(
                "cannot move %s: %s".formatted(target, reason),
                "The database is where it was, or where it should be if the commit's answer was lost. Remove the cause,"
                        + " and run the command again.",
                cause);
    }
}
