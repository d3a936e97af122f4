package dev.tidemark.capture.source;

import dev.tidemark.capture.source.PgOutputDecoder.Step;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Position;
import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.ReplicationMessage.Operation;
import io.debezium.connector.postgresql.connection.ReplicationStream;
import io.debezium.connector.postgresql.connection.TransactionMessage;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replication stream as Debezium's loop reads it. Rows go to the sink here, as the server wrote
 * them; the engine sees only where transactions begin and end, which is what it needs to
 * acknowledge them (docs/decisions/0001).
 *
 * <p>Read by the engine's streaming thread; {@link #flushLsn} and the keep-alive come from others,
 * as in Debezium itself.
 */
final class PgOutputStream implements ReplicationStream {
    private static final Logger log = LoggerFactory.getLogger(PgOutputStream.class);

    /** After so many messages the engine's loop gets its turn, to see that it should stop. */
    private static final int MESSAGES_PER_CALL_MAX = 1_000;

    private final PGReplicationStream stream;
    private final Lsn startLsn;
    private final ChangeSink sink;
    private final MessageCheck messages;
    private final Duration statusInterval;
    private final PgOutputDecoder decoder;
    private final Optional<StreamSilence> silence;
    private final AtomicBoolean keepAlive = new AtomicBoolean();
    private final ReentrantLock flushing = new ReentrantLock();
    private volatile Lsn lastReceivedLsn;
    private Position acknowledged; // by this thread
    private long xid;
    private boolean repeated; // in a transaction that the sink has

    PgOutputStream(
            PGReplicationStream stream,
            Lsn startLsn,
            ChangeSink sink,
            MessageCheck messages,
            Duration statusInterval,
            PgOutputDecoder decoder,
            Optional<StreamSilence> silence) {
        this.stream = stream;
        this.decoder = decoder;
        this.silence = silence;
        this.startLsn = startLsn;
        this.lastReceivedLsn = startLsn;
        this.sink = sink;
        this.acknowledged = sink.resume();
        this.messages = messages;
        this.statusInterval = statusInterval;
    }

    @Override
    public void read(ReplicationMessageProcessor processor)
            throws SQLException, InterruptedException {
        acknowledge();
        ByteBuffer message = stream.read();
        if (message != null) {
            take(message, processor);
        }
    }

    /** In a method of its own, so that a large message is garbage before the next one comes. */
    private boolean takePending(ReplicationMessageProcessor processor)
            throws SQLException, InterruptedException {
        ByteBuffer message = stream.readPending();
        if (message == null) {
            return false;
        }
        take(message, processor);
        return true;
    }

    @Override
    public boolean readPending(ReplicationMessageProcessor processor)
            throws SQLException, InterruptedException {
        acknowledge();
        for (int n = 0; n < MESSAGES_PER_CALL_MAX; n++) {
            if (!takePending(processor)) {
                if (silence.isPresent()) {
                    silence.get().check();
                }
                return n > 0;
            }
        }
        return true;
    }

    /**
     * Tells the source at once what Kafka has: the engine's own way there takes one of its polls
     * more, for which a synchronous commit would wait. Only ends of whole transactions, in commit
     * order, are ever acknowledged.
     */
    private void acknowledge() throws SQLException {
        Position durable = sink.durable();
        if (durable.isAfter(acknowledged)) {
            acknowledged = durable;
            flushLsn(Lsn.valueOf(durable.value()));
        }
    }

    private void take(ByteBuffer message, ReplicationMessageProcessor processor)
            throws SQLException, InterruptedException {
        lastReceivedLsn = Lsn.valueOf(stream.getLastReceiveLSN());
        Step step = decoder.decode(message);
        if (step instanceof Step.Began began) {
            // A session that wrote last may have had more than was known when the stream started.
            repeated = began.commit().isBefore(sink.resume());
        }
        if (!repeated) {
            take(step, processor);
        }
    }

    private void take(Step step, ReplicationMessageProcessor processor)
            throws SQLException, InterruptedException {
        switch (step) {
            case Step.Said said -> sink.add(said.entry());
            case Step.Began began -> {
                xid = began.xid();
                sink.begin(xid, began.commitTime());
                processor.process(transaction(Operation.BEGIN, began.commitTime()));
            }
            case Step.Ended ended -> {
                sink.end(ended.position(), ended.commitTime());
                processor.process(transaction(Operation.COMMIT, ended.commitTime()));
            }
            case Step.Message said -> takeMessage(said);
            case Step.Nothing nothing -> {}
        }
    }

    private void takeMessage(Step.Message message) throws SQLException, InterruptedException {
        if (!message.transactional()) {
            return; // no place in commit order; Tidemark sends none
        }
        for (Entry entry : messages.read(xid, message.prefix(), message.content())) {
            sink.add(entry);
        }
    }

    private TransactionMessage transaction(Operation operation, Instant commitTime) {
        return new TransactionMessage(operation, xid, commitTime);
    }

    @Override
    public void flushLsn(Lsn lsn) throws SQLException {
        LogSequenceNumber durable = lsn.asLogSequenceNumber();
        flushing.lock(); // the engine and we both say it, and it must never go back
        try {
            if (stream.getLastFlushedLSN().compareTo(durable) < 0) {
                stream.setFlushedLSN(durable);
                stream.setAppliedLSN(durable);
            }
        } finally {
            flushing.unlock();
        }
        stream.forceUpdateStatus();
    }

    @Override
    public Lsn lastReceivedLsn() {
        return lastReceivedLsn;
    }

    @Override
    public Lsn startLsn() {
        return startLsn;
    }

    /** Keeps the server from closing the connection while the reader waits for Kafka. */
    @Override
    public void startKeepAlive(@Nullable ExecutorService service) {
        if (service == null || !keepAlive.compareAndSet(false, true)) {
            return;
        }
        service.execute(
                () -> {
                    while (keepAlive.get() && !Thread.currentThread().isInterrupted()) {
                        try {
                            stream.forceUpdateStatus();
                        } catch (SQLException e) {
                            log.debug("the keep-alive ends with the connection", e);
                            return;
                        }
                        LockSupport.parkNanos(statusInterval.toNanos());
                    }
                });
        service.shutdown();
    }

    @Override
    public void stopKeepAlive() {
        keepAlive.set(false);
    }

    @Override
    public void close() throws SQLException {
        stopKeepAlive();
        stream.close();
    }
}
