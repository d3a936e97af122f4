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

    /** A row if the mark is there, and whether this user may read it. */
    private static final String IS_THERE =
            """
            SELECT pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT'),
                   pg_catalog.current_database(), pg_catalog.pg_get_userbyid(c.relowner), current_user
              FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = '%s' AND c.relname = 'unfinished'
            """
                    .formatted(SCHEMA);

    static RestoreMark of(RestorePlan plan, Instant now) {
        return new RestoreMark(plan.target().toString(), plan.cut().position().toString(), now);
    }

    /**
     * The mark of a database, if it has one.
     *
     * @throws TidemarkException (refused) when it is another user's, and not to be read by this one
     */
    static Optional<RestoreMark> find(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet there = statement.executeQuery(IS_THERE)) {
                if (!there.next()) {
                    return Optional.empty();
                }
                if (!there.getBoolean(1)) {
                    throw TidemarkException.refused(
                            "the database %s holds a restore that did not finish, which the user %s began, and %s may not go on with it"
                                    .formatted(
                                            there.getString(2),
                                            there.getString(3),
                                            there.getString(4)),
                            "Go on as that user. Or restore again with --replace --confirm, as its owner.");
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
