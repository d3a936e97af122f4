package dev.tidemark.capture.prepare;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.TextForm;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * A replication slot's exported snapshot: rows read in its sessions are exactly those of the
 * transactions that ended at or before its position; the slot's stream has all the others.
 *
 * <p>The snapshot can be taken up until this is closed; sessions that have it keep it. Closing
 * leaves the slot, unless it is temporary. An instance belongs to one thread, but sessions may be
 * opened by several.
 */
public final class SourceSnapshot implements AutoCloseable {
    private static final String EXISTS_HINT =
            "The source is prepared already. To start anew, run 'tidemark deinit' first.";

    /** The server waits for all transactions that write at that time; longer ones are a problem. */
    private static final Duration SLOT_WAIT_MAX = Duration.ofMinutes(5);

    private final Database admin;
    private final Connection replication;
    private final SourceFacts facts;
    private final Position position;
    private final String snapshot;
    private final Instant latestCommit;

    private SourceSnapshot(
            Database admin,
            Connection replication,
            SourceFacts facts,
            Created created,
            Instant latestCommit) {
        this.admin = admin;
        this.replication = replication;
        this.facts = facts;
        this.position = created.position();
        this.snapshot = created.snapshot();
        this.latestCommit = latestCommit;
    }

    private record Created(Position position, String snapshot) {}

    /** Makes the source's slot; one that exists is refused. */
    public static SourceSnapshot create(Database admin, SourceNames names) {
        return create(admin, admin, names);
    }

    /**
     * The same where who reads the tables may not make a slot.
     *
     * @param replicating the same database, as a user that may
     */
    public static SourceSnapshot create(Database admin, Database replicating, SourceNames names) {
        return create(admin, replicating, new Slot(names.slot(), ""), new SlotWait());
    }

    /**
     * Refuses a source whose slot exists: another archive may need it.
     *
     * @throws TidemarkException when it exists
     */
    public static void refuseExisting(Database admin, SourceNames names) {
        try (Connection connection = admin.connectForQuestions();
                PreparedStatement query =
                        connection.prepareStatement(
                                "SELECT FROM pg_replication_slots WHERE slot_name = ?")) {
            query.setString(1, names.slot());
            try (ResultSet slot = query.executeQuery()) {
                if (slot.next()) {
                    throw TidemarkException.refused(exists(admin, names.slot()), EXISTS_HINT);
                }
            }
        } catch (SQLException e) {
            throw SourceErrors.of("cannot look for the slot in the", admin, e);
        }
    }

    private static String exists(Database admin, String slot) {
        return "replication slot %s exists in the %s".formatted(slot, admin);
    }

    /** Makes a slot that goes with this object: for comparing rows at a position. */
    public static SourceSnapshot createTemporary(Database admin, String name) {
        return createTemporary(admin, name, new SlotWait());
    }

    /**
     * The same.
     *
     * @param wait by which another thread may end the wait for it
     */
    public static SourceSnapshot createTemporary(Database admin, String name, SlotWait wait) {
        return create(admin, admin, new Slot(name, "TEMPORARY "), wait);
    }

    private record Slot(String name, String kind) {
        String command() {
            return "CREATE_REPLICATION_SLOT %s %sLOGICAL pgoutput EXPORT_SNAPSHOT"
                    .formatted(PreparationSql.identifier(name), kind);
        }
    }

    @SuppressWarnings("MustBeClosed") // the new object closes it
    private static SourceSnapshot create(
            Database admin, Database replicating, Slot slot, SlotWait wait) {
        Connection replication =
                replicating.connectForReplication(
                        Duration.ZERO); // a slot waits for open transactions
        try {
            return made(admin, replication, slot, wait);
        } catch (SQLException e) {
            close(replication, e);
            throw refusal(admin, slot.name(), e);
        } catch (RuntimeException e) {
            close(replication, e);
            throw e;
        }
    }

    private static SourceSnapshot made(
            Database admin, Connection replication, Slot slot, SlotWait wait) throws SQLException {
        try (Statement statement = replication.createStatement()) {
            // The snapshot's session idles in a transaction, which settings may forbid.
            statement.execute(TextForm.sql());
            SourceFacts facts = SourceFacts.read(replication);
            statement.setQueryTimeout(Math.toIntExact(SLOT_WAIT_MAX.toSeconds()));
            wait.isFor(statement);
            Created created = created(statement, slot);
            wait.isOver();
            return new SourceSnapshot(admin, replication, facts, created, now(admin));
        }
    }

    private static Created created(Statement statement, Slot slot) throws SQLException {
        try (ResultSet row = statement.executeQuery(slot.command())) {
            row.next();
            return new Created(
                    Position.of(row.getString("consistent_point")), row.getString("snapshot_name"));
        }
    }

    /** The server's clock, by another session: a command in the slot's own ends its snapshot. */
    private static Instant now(Database admin) throws SQLException {
        try (Connection connection = admin.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    private static TidemarkException refusal(Database admin, String slot, SQLException e) {
        return switch (SourceErrors.state(e)) {
            case SourceErrors.DUPLICATE ->
                    TidemarkException.refused(exists(admin, slot), EXISTS_HINT, e);
            case SourceErrors.TOO_MANY ->
                    TidemarkException.refused(
                            "no replication slot is free in the %s: %s"
                                    .formatted(admin, SlotCounts.read(admin)),
                            "Drop slots that nobody uses, or raise max_replication_slots and restart the server.",
                            e);
            case SourceErrors.CANCELLED ->
                    TidemarkException.refused(
                            "slot %s waited %d s for the transactions that were writing in the %s"
                                    .formatted(slot, SLOT_WAIT_MAX.toSeconds(), admin),
                            "End long transactions (pg_stat_activity, pg_prepared_xacts), then run the command again.",
                            e);
            default -> SourceErrors.of("cannot create slot " + slot + " in the", admin, e);
        };
    }

    private static void close(Connection connection, Exception cause) {
        try {
            connection.close();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** The rows are those of all transactions that ended at or before it. */
    public Position position() {
        return position;
    }

    public String snapshot() {
        return snapshot;
    }

    /** No transaction in the snapshot committed later, by the server's clock. */
    public Instant latestCommit() {
        return latestCommit;
    }

    public String systemId() {
        return facts.systemId();
    }

    public int timeline() {
        return facts.timeline();
    }

    /** A session in a transaction that only reads, and sees the snapshot; the caller closes it. */
    public Connection session() {
        Connection connection = admin.connect();
        try {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET row_security = off"); // fail, where rows would be left out
            }
            renew(connection);
            return connection;
        } catch (TidemarkException e) {
            close(connection, e);
            throw e;
        } catch (SQLException e) {
            close(connection, e);
            throw SourceErrors.of("cannot take up snapshot " + snapshot + " in the", admin, e);
        }
    }

    /** Gives a session another transaction with the snapshot, and so its locks back. */
    public void renew(Connection session) {
        try (Statement statement = session.createStatement()) {
            session.commit();
            statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            statement.execute("SET TRANSACTION SNAPSHOT " + PreparationSql.literal(snapshot));
        } catch (SQLException e) {
            throw SourceErrors.of("cannot take up snapshot " + snapshot + " in the", admin, e);
        }
    }

    /** Ends the snapshot, and the slot if it is temporary. */
    @Override
    public void close() {
        try {
            replication.close();
        } catch (SQLException e) {
            throw SourceErrors.of("cannot end snapshot " + snapshot + " in the", admin, e);
        }
    }
}
