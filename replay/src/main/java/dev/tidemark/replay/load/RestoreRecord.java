package dev.tidemark.replay.load;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveIdentity;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Optional;

/**
 * What a restored database is as a whole: of which source, and where in its history.
 *
 * @param source the configured name of the source
 * @param systemId of the archive's first cluster
 * @param database the source's name of it
 * @param stretch number of the base of the source that the changes up to it go back to
 * @param position the last one in it
 * @param commitTime of the transaction there
 * @param moment as a user named it, in words
 */
public record RestoreRecord(
        String source,
        String systemId,
        String database,
        long stretch,
        Position position,
        Instant commitTime,
        String moment) {
    /** What a database that was restored, and whose restore ended, says of itself. */
    public static Optional<RestoreRecord> find(Connection connection) throws SQLException {
        String state = DatabaseRecord.SCHEMA + ".state";
        try (Statement statement = connection.createStatement()) {
            try (ResultSet there =
                    statement.executeQuery("SELECT to_regclass('" + state + "') IS NOT NULL")) {
                there.next();
                if (!there.getBoolean(1)) {
                    return Optional.empty();
                }
            }
            try (ResultSet row =
                    statement.executeQuery(
                            "SELECT source, system_id, database, stretch, position,"
                                    + " to_char(commit_time AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'),"
                                    + " moment FROM "
                                    + state)) {
                return row.next() ? Optional.of(of(row)) : Optional.empty();
            }
        }
    }

    private static RestoreRecord of(ResultSet row) throws SQLException {
        return new RestoreRecord(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getLong(4),
                Position.of(row.getString(5)),
                Instant.parse(row.getString(6)),
                row.getString(7));
    }

    /** That of a database which was brought to a plan's cut. */
    public static RestoreRecord of(Archive archive, RestorePlan plan) {
        ArchiveIdentity identity = archive.identity();
        return new RestoreRecord(
                identity.source(),
                identity.systemId(),
                identity.database(),
                archive.state().stretchOf(plan.base()).origin().number(),
                plan.cut().position(),
                plan.cut()
                        .last()
                        .map(last -> last.commitTime())
                        .orElse(plan.base().span().lastCommit()),
                plan.target().toString());
    }

    /** Is it of the source of an archive? */
    boolean isOf(Archive archive) {
        ArchiveIdentity identity = archive.identity();
        return source.equals(identity.source())
                && systemId.equals(identity.systemId())
                && database.equals(identity.database());
    }

    /**
     * Requires that it is of the source of an archive.
     *
     * @throws TidemarkException when it is of another
     */
    public void checkIsOf(Archive archive, Database restored) {
        ArchiveIdentity identity = archive.identity();
        if (!isOf(archive)) {
            throw TidemarkException.refused(
                    "%s was restored from source %s (database %s, system %s), and the archive %s is of source %s (database %s, system %s)"
                            .formatted(
                                    restored,
                                    source,
                                    database,
                                    systemId,
                                    archive.url(),
                                    identity.source(),
                                    identity.database(),
                                    identity.systemId()),
                    "Name the configuration of its own archive with --config, or another database with --on.");
        }
    }
}
