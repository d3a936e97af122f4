package dev.tidemark.capture.source;

import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.ReplicationConnection;
import io.debezium.connector.postgresql.connection.ReplicationStream;
import io.debezium.connector.postgresql.connection.WalPositionLocator;
import io.debezium.connector.postgresql.spi.SlotCreationResult;
import io.debezium.jdbc.JdbcConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

/**
 * Debezium's replication connection, but for the stream: that one passes rows to the sink as the
 * server wrote them.
 *
 * <p>Debezium's own stream turns text into Java objects and asks the present catalog about tables
 * of the past; what is lost there cannot be had back (docs/decisions/0001).
 */
final class TappedConnection implements ReplicationConnection {
    private final ReplicationConnection connection;
    private final EngineContext context;

    TappedConnection(ReplicationConnection connection, EngineContext context) {
        this.connection = connection;
        this.context = context;
    }

    @Override
    public ReplicationStream startStreaming(WalPositionLocator position) throws SQLException {
        throw new IllegalStateException("capture always knows where it resumes");
    }

    @Override
    public ReplicationStream startStreaming(@Nullable Lsn offset, WalPositionLocator position)
            throws SQLException, InterruptedException {
        connection.initConnection();
        Connection session = ((JdbcConnection) connection).connection();
        TextFormSelfTest.prepare(session);
        nameStandby(session, context.slot());
        PgOutputDecoder decoder = new PgOutputDecoder();
        int pid = session.unwrap(PGConnection.class).getBackendPID();
        Optional<StreamSilence> silence =
                LimitedSocket.watch(
                                session,
                                context.rowBytesMax(),
                                (begin, size) ->
                                        decoder.tooLarge(begin, size, context.rowBytesMax()))
                        .map(socket -> new StreamSilence(context.source(), pid, socket));
        Lsn start = Lsn.valueOf(context.resume().value());
        PGReplicationStream stream =
                session.unwrap(PGConnection.class)
                        .getReplicationAPI()
                        .replicationStream()
                        .logical()
                        .withSlotName(context.slot())
                        .withStartPosition(start.asLogSequenceNumber())
                        .withAutomaticFlush(false)
                        .withStatusInterval(
                                Math.toIntExact(context.statusInterval().toMillis()),
                                TimeUnit.MILLISECONDS)
                        .withSlotOption("proto_version", 1)
                        .withSlotOption("publication_names", '"' + context.publication() + '"')
                        .withSlotOption("messages", true)
                        .start();
        return new PgOutputStream(
                stream,
                start,
                context.opening().open(),
                context.messages(),
                context.statusInterval(),
                decoder,
                silence);
    }

    /** Debezium's streams have one name for all, and each source is to wait for its own. */
    private static void nameStandby(Connection session, String name) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute("SET application_name = '" + name.replace("'", "''") + "'");
        }
    }

    @Override
    public Optional<SlotCreationResult> createReplicationSlot() {
        throw new IllegalStateException("the replication slot '" + context.slot() + "' is gone");
    }

    @Override
    public void initConnection() throws SQLException, InterruptedException {
        connection.initConnection();
    }

    @Override
    public boolean isConnected() throws SQLException {
        return connection.isConnected();
    }

    @Override
    public void reconnect() throws SQLException {
        connection.reconnect();
    }

    @Override
    public void close() throws Exception {
        connection.close();
    }
}
