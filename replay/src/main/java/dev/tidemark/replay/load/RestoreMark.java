package dev.tidemark.replay.load;

import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Stands in a database from before the first until after the last statement of its restore: a
 * restore that broke off can not be taken for one that finished. What stays in its place is a
 * {@link DatabaseRecord}.
 *
 * @param moment as the user named it
 * @param cut the last position in it
 */
record RestoreMark(String moment, String cut, Instant started) {
    /**
     * What a restored database keeps of itself.
     *
     * @param loaded of each table with rows what was read back
     */
    record NewRecord(RestoreRecord whole, Map<Table, RowsChecksum> loaded) {}

    static final String SCHEMA = "tidemark_restore";

    private static final String TABLE = SCHEMA + ".unfinished";

    static RestoreMark of(RestorePlan plan, Instant now) {
        return new RestoreMark(plan.target().toString(), plan.cut().position().toString(), now);
    }

    /** The mark of a database, if it has one. */
    static Optional<RestoreMark> find(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet there =
                    statement.executeQuery("SELECT to_regclass('" + TABLE + "') IS NOT NULL")) {
                there.next();
                if (!there.getBoolean(1)) {
                    return Optional.empty();
                }
            }
            try (ResultSet row =
                    statement.executeQuery(
                            "SELECT moment, cut, extract(epoch FROM started)::bigint FROM "
                                    + TABLE)) {
                return row.next()
                        ? Optional.of(
                                new RestoreMark(
                                        row.getString(1),
                                        row.getString(2),
                                        Instant.ofEpochSecond(row.getLong(3))))
                        : Optional.empty();
            }
        }
    }

    /**
     * Begins a restore: committed when it returns.
     *
     * @param identity of what is restored
     */
    void set(Connection connection, String identity) throws SQLException {
        connection.setAutoCommit(false);
        Sessions.execute(connection, "CREATE SCHEMA " + SCHEMA);
        Sessions.execute(
                connection,
                "CREATE TABLE "
                        + TABLE
                        + " (moment text NOT NULL, cut text NOT NULL, started timestamptz NOT NULL)");
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO " + TABLE + " VALUES (?, ?, to_timestamp(?))")) {
            insert.setString(1, moment);
            insert.setString(2, cut);
            insert.setLong(3, started.getEpochSecond());
            insert.executeUpdate();
        }
        Finished.begin(connection, identity);
        connection.commit();
        connection.setAutoCommit(true);
    }

    /**
     * Ends a restore: the database is usable once this is durable, and with it all that went before
     * with asynchronous commits.
     *
     * @param run for the statements
     * @param record what stays in the mark's place; none leaves nothing
     * @param last statements that take effect together with the mark's end, and do not see it: an
     *     event trigger that acts always would act on it too
     */
    static void drop(
            Connection connection, SchemaRun run, Optional<NewRecord> record, List<String> last)
            throws SQLException {
        Sessions.execute(connection, "SET synchronous_commit = on");
        connection.setAutoCommit(false);
        if (record.isPresent()) {
            Sessions.execute(connection, "DROP TABLE " + TABLE);
            Finished.end(connection);
            DatabaseRecord.create(connection, record.get().whole(), record.get().loaded());
        } else {
            Sessions.execute(connection, "DROP SCHEMA " + SCHEMA + " CASCADE");
        }
        for (String statement : last) {
            run.runWithin(connection, statement);
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    TidemarkException refusal(Database target) {
        return TidemarkException.refused(
                "%s holds a restore that did not finish: %s (cut %s), begun at %s"
                        .formatted(target, moment, cut, started),
                "Its contents are not complete. Go on with --resume, or restore again with --replace --confirm, or"
                        + " choose another database. One with masks, scripts or chosen rows, or of a part, begins anew.");
    }
}
