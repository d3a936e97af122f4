package dev.tidemark.replay.load;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a restored database keeps of itself, in tables of its schema {@code tidemark_restore}: what
 * it is, and of each table its shape, checksum and counts. It changes in the same transaction as
 * the rows. For one thread.
 *
 * @param whole what it is
 * @param marker counts of the table that holds that, which nobody else writes to: when they are
 *     others, the server has lost its statistics
 * @param tables those with rows, by their number in the source
 * @param shapes of all tables, by their names as SQL
 */
public record DatabaseRecord(
        RestoreRecord whole,
        RowCounts marker,
        Map<Long, RecordedTable> tables,
        Map<String, Shape> shapes) {
    /**
     * What a table is.
     *
     * @param relation its number in the restored database: one that is made anew has another
     * @param definition a checksum of all that decides which rows it takes
     */
    public record Shape(long relation, String definition) {}

    /** The schema that it is in; the mark of a restore that has not finished is there too. */
    public static final String SCHEMA = RestoreMark.SCHEMA;

    private static final String STATE = SCHEMA + ".state";
    private static final String TABLES = SCHEMA + ".tables";

    /**
     * Each table's number, name and shape: all that decides which rows it takes. Statistics of rows
     * and pages are in the same catalog rows, so that the rows' own versions say nothing.
     */
    private static final String SHAPES =
            """
            SELECT c.oid::bigint, format('%I.%I', n.nspname, c.relname), md5(concat_ws(E'\\n', c.relkind, c.relpersistence,
                   (SELECT string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attcollation,
                                                a.attnotnull, a.attgenerated, a.attidentity), ',' ORDER BY a.attnum)
                      FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
                   (SELECT string_agg(o.conname || ' ' || pg_get_constraintdef(o.oid), ',' ORDER BY o.conname)
                      FROM pg_constraint o WHERE o.conrelid = c.oid),
                   (SELECT string_agg(pg_get_indexdef(i.indexrelid) || i.indisreplident::text, ',' ORDER BY pg_get_indexdef(i.indexrelid))
                      FROM pg_index i WHERE i.indrelid = c.oid),
                   (SELECT string_agg(pg_get_triggerdef(t.oid) || t.tgenabled::text, ',' ORDER BY t.tgname)
                      FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal),
                   c.relreplident, pg_get_expr(c.relpartbound, c.oid)))
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
               AND n.nspname !~ '^(pg_|information_schema$|tidemark_restore$)'
            """;

    private static final String COUNTS =
            "pg_stat_get_tuples_inserted(%1$s), pg_stat_get_tuples_updated(%1$s),"
                    + " pg_stat_get_tuples_deleted(%1$s), coalesce(pg_relation_filenode(%1$s), 0)::bigint";

    public DatabaseRecord {
        tables = Map.copyOf(tables);
        shapes = Map.copyOf(shapes);
    }

    /**
     * Writes the first one, in the transaction that ends a restore; the schema is there.
     *
     * @param loaded of each table with rows what was read back
     */
    static void create(Connection connection, RestoreRecord whole, Map<Table, RowsChecksum> loaded)
            throws SQLException {
        // With a key: a publication for all tables would forbid to delete from a table without one.
        Sessions.execute(
                connection,
                "CREATE TABLE "
                        + STATE
                        + " (source text NOT NULL, system_id text NOT NULL, database text NOT NULL,"
                        + " stretch bigint NOT NULL, position text PRIMARY KEY, commit_time timestamptz NOT NULL,"
                        + " moment text NOT NULL, moved timestamptz NOT NULL, inserted bigint NOT NULL,"
                        + " deleted bigint NOT NULL)");
        Sessions.execute(
                connection,
                "CREATE TABLE "
                        + TABLES
                        + " (relation bigint PRIMARY KEY, name text NOT NULL, shape text NOT NULL, id bigint UNIQUE,"
                        + " rows bigint, checksum text, inserted bigint, updated bigint, deleted bigint, file bigint)");
        Sessions.execute(
                connection,
                "COMMENT ON SCHEMA "
                        + SCHEMA
                        + " IS 'Where Tidemark restored this database to, for tidemark rewind and follow."
                        + " Without it both refuse the database; nothing else needs it.'");
        Sessions.execute(
                connection, "INSERT INTO " + TABLES + " (relation, name, shape) " + SHAPES);
        insert(connection, whole, new RowCounts(0, 0, 0, 0));
        describe(connection, loaded);
    }

    private static void describe(Connection connection, Map<Table, RowsChecksum> loaded)
            throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        "UPDATE "
                                + TABLES
                                + " SET id = ?, rows = ?, checksum = ?, inserted = ?, updated = 0, deleted = 0,"
                                + " file = coalesce(pg_relation_filenode(relation::oid), 0) WHERE name = format('%I.%I', ?, ?)")) {
            for (Map.Entry<Table, RowsChecksum> each : loaded.entrySet()) {
                RowsChecksum checksum = each.getValue();
                update.setLong(1, each.getKey().id());
                update.setLong(2, checksum.rows());
                update.setString(3, checksum.hex());
                // Sessions that loaded rows have perhaps not told yet how many: all came by COPY.
                update.setLong(4, checksum.rows());
                update.setString(5, each.getKey().schema());
                update.setString(6, each.getKey().name());
                update.addBatch();
            }
            update.executeBatch();
        }
    }

    /**
     * Writes the state anew.
     *
     * @param marker the counts of its table up to now
     */
    private static void insert(Connection connection, RestoreRecord whole, RowCounts marker)
            throws SQLException {
        int deleted;
        try (Statement statement = connection.createStatement()) {
            deleted = statement.executeUpdate("DELETE FROM " + STATE);
        }
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO "
                                + STATE
                                + " VALUES (?, ?, ?, ?, ?, ?::timestamptz, ?, now(), ?, ?)")) {
            insert.setString(1, whole.source());
            insert.setString(2, whole.systemId());
            insert.setString(3, whole.database());
            insert.setLong(4, whole.stretch());
            insert.setString(5, whole.position().toString());
            insert.setString(6, whole.commitTime().toString());
            insert.setString(7, whole.moment());
            insert.setLong(8, marker.inserted() + 1);
            insert.setLong(9, marker.deleted() + deleted);
            insert.executeUpdate();
        }
    }

    /**
     * The record of a database.
     *
     * @throws TidemarkException when it has none, or its restore did not finish
     */
    public static DatabaseRecord read(Connection connection, Database restored)
            throws SQLException {
        Optional<RestoreMark> unfinished = RestoreMark.find(connection);
        if (unfinished.isPresent()) {
            throw unfinished.get().refusal(restored);
        }
        try (Statement statement = connection.createStatement()) {
            try (ResultSet there =
                    statement.executeQuery("SELECT to_regclass('" + STATE + "') IS NOT NULL")) {
                there.next();
                if (!there.getBoolean(1)) {
                    throw none(restored);
                }
            }
            try (ResultSet row =
                    statement.executeQuery(
                            "SELECT source, system_id, database, stretch, position,"
                                    + " to_char(commit_time AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'),"
                                    + " moment, inserted, deleted FROM "
                                    + STATE)) {
                if (!row.next()) {
                    throw none(restored);
                }
                RestoreRecord whole =
                        new RestoreRecord(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getLong(4),
                                Position.of(row.getString(5)),
                                Instant.parse(row.getString(6)),
                                row.getString(7));
                RowCounts marker = new RowCounts(row.getLong(8), 0, row.getLong(9), 0);
                return read(statement, whole, marker);
            }
        }
    }

    private static DatabaseRecord read(Statement statement, RestoreRecord whole, RowCounts marker)
            throws SQLException {
        Map<Long, RecordedTable> tables = new TreeMap<>();
        Map<String, Shape> shapes = new TreeMap<>();
        try (ResultSet row =
                statement.executeQuery(
                        "SELECT inserted, updated, deleted, file, relation, name, shape, id, rows, checksum FROM "
                                + TABLES)) {
            while (row.next()) {
                RowCounts counts = counts(row);
                boolean isCounted = !row.wasNull();
                String name = row.getString(6);
                shapes.put(name, new Shape(row.getLong(5), row.getString(7)));
                long id = row.getLong(8);
                if (!row.wasNull()) {
                    tables.put(
                            id,
                            new RecordedTable(
                                    row.getLong(5),
                                    id,
                                    name,
                                    RowsChecksum.of(row.getLong(9), row.getString(10)),
                                    isCounted ? Optional.of(counts) : Optional.empty()));
                }
            }
        }
        return new DatabaseRecord(whole, marker, tables, shapes);
    }

    private static TidemarkException none(Database restored) {
        return TidemarkException.refused(
                restored + " holds no record of a restore by Tidemark",
                "Only a whole database that 'tidemark restore' built can be moved, unless it was promoted or restored"
                        + " with --no-record. Restore it with --replace --confirm.");
    }

    /**
     * Keeps others from moving the database until the transaction ends.
     *
     * @throws TidemarkException when somebody else is at it
     */
    public static void lock(Connection connection, Database restored) throws SQLException {
        try {
            Sessions.execute(connection, "SELECT FROM " + STATE + " FOR UPDATE NOWAIT");
        } catch (SQLException e) {
            if (!SqlStates.isLocked(e)) {
                throw e;
            }
            throw TidemarkException.refused(
                    restored + " is just being moved by another rewind or follow",
                    "Wait until it has finished, and look which moment it left.",
                    e);
        }
    }

    /** The shapes of the tables that are there now, by their names as SQL. */
    public static Map<String, Shape> shapesNow(Connection connection) throws SQLException {
        Map<String, Shape> shapes = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SHAPES)) {
            while (row.next()) {
                shapes.put(row.getString(2), new Shape(row.getLong(1), row.getString(3)));
            }
        }
        return shapes;
    }

    /** Has the server its statistics of when this was written? */
    public boolean isCounting(Connection connection) throws SQLException {
        RowCounts now = markerNow(connection);
        return now.inserted() == marker.inserted() && now.deleted() == marker.deleted();
    }

    private static RowCounts markerNow(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT " + COUNTS.formatted("'" + STATE + "'::regclass"))) {
            row.next();
            return counts(row);
        }
    }

    /** What the server counts of tables, by their numbers in the source. */
    public Map<Long, RowCounts> countsNow(Connection connection) throws SQLException {
        Map<Long, RowCounts> counts = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT "
                                        + COUNTS.formatted("relation::oid")
                                        + ", id FROM "
                                        + TABLES
                                        + " WHERE id IS NOT NULL")) {
            while (row.next()) {
                counts.put(row.getLong(5), counts(row));
            }
        }
        return counts;
    }

    private static RowCounts counts(ResultSet row) throws SQLException {
        return new RowCounts(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
    }

    /**
     * Writes what the database is now, at the end of the transaction that made it so.
     *
     * @param changed tables that differ from what is recorded of them, with counts as they were
     *     before that transaction
     */
    public static void write(
            Connection connection, RestoreRecord whole, List<RecordedTable> changed)
            throws SQLException {
        List<RecordedTable> counted = new ArrayList<>();
        for (RecordedTable table : changed) {
            counted.add(withOwn(connection, table));
        }
        try (PreparedStatement update =
                connection.prepareStatement(
                        "UPDATE "
                                + TABLES
                                + " SET rows = ?, checksum = ?, inserted = ?, updated = ?, deleted = ?, file = ?"
                                + " WHERE id = ?")) {
            for (RecordedTable table : counted) {
                RowCounts counts = table.counts().orElseThrow();
                update.setLong(1, table.checksum().rows());
                update.setString(2, table.checksum().hex());
                update.setLong(3, counts.inserted());
                update.setLong(4, counts.updated());
                update.setLong(5, counts.deleted());
                update.setLong(6, counts.file());
                update.setLong(7, table.id());
                update.addBatch();
            }
            update.executeBatch();
        }
        insert(connection, whole, markerNow(connection));
    }

    /** With what its own transaction did, which is not among the server's counts yet. */
    private static RecordedTable withOwn(Connection connection, RecordedTable table)
            throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet own =
                        statement.executeQuery(
                                "SELECT pg_stat_get_xact_tuples_inserted(%1$d::oid), pg_stat_get_xact_tuples_updated(%1$d::oid), pg_stat_get_xact_tuples_deleted(%1$d::oid)"
                                        .formatted(table.relation()))) {
            own.next();
            return table.with(
                    table.checksum(),
                    table.counts()
                            .orElseThrow()
                            .plus(own.getLong(1), own.getLong(2), own.getLong(3)));
        }
    }

    /**
     * Forgets where the database is: from here on it is one like any other. What others made of it
     * stands in the way, and is not dropped.
     */
    public static void drop(Connection connection) throws SQLException {
        Sessions.execute(connection, "DROP TABLE " + STATE + ", " + TABLES);
        Sessions.execute(connection, "DROP SCHEMA " + SCHEMA);
    }
}
