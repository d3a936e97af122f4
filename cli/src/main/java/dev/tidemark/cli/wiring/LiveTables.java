package dev.tidemark.cli.wiring;

import dev.tidemark.archive.fold.RowSink;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.capture.prepare.SourceFacts;
import dev.tidemark.capture.prepare.TableCursor;
import dev.tidemark.capture.prepare.TablePart;
import dev.tidemark.capture.prepare.TableParts;
import dev.tidemark.replay.difference.LiveSource;
import dev.tidemark.replay.load.Quoted;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The source as it is, in one snapshot that only reads, as the role of capture: it has no right to
 * any table, and reads through the functions that 'tidemark init' gave it. The snapshot is held by
 * one session, and rows are read in another, which locks each table only while it is read. For one
 * thread.
 */
final class LiveTables implements LiveSource, AutoCloseable {
    private static final String SNAPSHOT =
            """
            SELECT pg_catalog.pg_export_snapshot(), clock_timestamp(),
                   CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END::text
            """;

    /** Tables that are locked at once while their states are read: the server's locks are few. */
    private static final int LOCKS_MAX = 100;

    private static final String ALL =
            "SELECT oid::bigint FROM pg_class WHERE relkind = 'r' ORDER BY 1";

    /** Tables with their partitions, and those of these. */
    private static final String BELOW =
            """
            WITH RECURSIVE below(id) AS (
              SELECT id::oid FROM unnest(?) AS asked(id)
               UNION SELECT i.inhrelid FROM below JOIN pg_inherits i ON i.inhparent = below.id
                       JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relispartition)
            SELECT b.id::bigint FROM below b JOIN pg_class c ON c.oid = b.id WHERE c.relkind = 'r' ORDER BY 1
            """;

    private final Database source;
    private final Connection holder;
    private final Connection session;
    private String snapshot = "";
    private Position position = Position.ZERO;
    private Instant time = Instant.EPOCH;

    private LiveTables(Database source, Connection holder, Connection session) {
        this.source = source;
        this.holder = holder;
        this.session = session;
    }

    /**
     * Takes the snapshot; no row is read yet.
     *
     * @throws TidemarkException when the source is not the archive's, or cannot be read
     */
    static LiveTables take(Database source, Archive archive) {
        String system = SourceFacts.read(source).systemId();
        if (!system.equals(archive.systemId())) {
            throw TidemarkException.refused(
                    "the source is system %s, and the archive's is system %s"
                            .formatted(system, archive.systemId()),
                    "Check source.url. After a restore of the source 'tidemark base --from-source' lets the archive go on.");
        }
        Connection holder = source.connect();
        try {
            Connection session = source.connect();
            try {
                LiveTables live = new LiveTables(source, holder, session);
                live.begin();
                return live;
            } catch (SQLException | RuntimeException e) {
                close(session, e);
                throw e;
            }
        } catch (SQLException e) {
            close(holder, e);
            throw failed(source, e);
        } catch (RuntimeException e) {
            close(holder, e);
            throw e;
        }
    }

    private static void close(Connection connection, Exception cause) {
        try {
            connection.close();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private void begin() throws SQLException {
        holder.setAutoCommit(false);
        session.setAutoCommit(false);
        try (Statement statement = holder.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            try (ResultSet row = statement.executeQuery(SNAPSHOT)) {
                row.next();
                snapshot = row.getString(1);
                time = row.getObject(2, OffsetDateTime.class).toInstant();
                position = Position.of(row.getString(3));
            }
        }
        try (Statement statement = session.createStatement()) {
            statement.execute("SET row_security = off"); // fail, where rows would be left out
        }
        renew();
    }

    /**
     * Another transaction with the snapshot, so that the locks of the one before are given back.
     */
    private void renew() throws SQLException {
        session.commit();
        try (Statement statement = session.createStatement()) {
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            statement.execute("SET TRANSACTION SNAPSHOT " + Quoted.text(snapshot));
        }
    }

    @Override
    public List<Table> tables(Set<Long> ids) throws IOException {
        try {
            List<Long> wanted = ids.isEmpty() ? ids(ALL) : ids(BELOW, ids.toArray());
            List<Table> tables = new ArrayList<>();
            for (int from = 0; from < wanted.size(); from += LOCKS_MAX) {
                List<Long> some = wanted.subList(from, Math.min(wanted.size(), from + LOCKS_MAX));
                TableParts.ofPrepared(session, some).stream()
                        .map(TablePart::table)
                        .distinct()
                        .forEach(tables::add);
                renew();
            }
            return tables;
        } catch (SQLException e) {
            throw failed(source, e);
        }
    }

    private List<Long> ids(String sql, Object... above) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement query = session.prepareStatement(sql)) {
            if (above.length > 0) {
                query.setArray(1, session.createArrayOf("bigint", above));
            }
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
        }
        return ids;
    }

    @Override
    public Position position() {
        return position;
    }

    @Override
    public Instant time() {
        return time;
    }

    @Override
    public void rows(Table table, RowSink sink) throws IOException {
        try {
            renew();
            List<TablePart> parts = TableParts.ofPrepared(session, List.of(table.id()));
            if (parts.isEmpty()) {
                throw TidemarkException.failed(
                        "table %s was dropped in the source since".formatted(table.displayName()),
                        "Run the command again.");
            }
            for (TablePart part : parts) {
                TableCursor.copy(session, part, sink::row);
            }
            renew();
        } catch (SQLException e) {
            throw failed(source, e);
        }
    }

    private static TidemarkException failed(Database source, SQLException e) {
        return TidemarkException.failed(
                "cannot read the rows of %s: %s".formatted(source, TidemarkException.reason(e)),
                "Look at the source's log, and run the command again.",
                e);
    }

    @Override
    public void close() {
        try (holder;
                session) {
            session.rollback();
        } catch (SQLException e) {
            throw failed(source, e);
        }
    }
}
