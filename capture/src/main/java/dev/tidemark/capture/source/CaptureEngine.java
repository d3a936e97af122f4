package dev.tidemark.capture.source;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.Database;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.debezium.engine.spi.OffsetCommitPolicy;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Runs Debezium's embedded engine over one replication slot, from a position on, until it fails or
 * its thread is interrupted.
 *
 * <p>Rows reach the sink from the engine's streaming thread; here, on the engine's other side, ends
 * of transactions are acknowledged to the source once the sink says that they are durable.
 */
public final class CaptureEngine {
    private static final Duration STATUS_INTERVAL = Duration.ofSeconds(1);

    /** A stop takes a fraction of a second when Kafka answers. */
    private static final Duration CLEAN_STOP_MAX = Duration.ofSeconds(2);

    /** After that; both, and closing the log, are inside the ten seconds that a service has. */
    private static final Duration STOP_MAX = Duration.ofSeconds(3);

    /**
     * For an answer to the engine's own questions, and between two parts of a row. A heartbeat is
     * asked for by the thread that reads the stream, and without a limit would hold it up for ever
     * when the network loses packets.
     */
    private static final Duration ANSWER_MAX = Duration.ofSeconds(20);

    private static final Duration LOGIN_MAX = Duration.ofSeconds(10);

    private static final String TOPIC_PREFIX = "tidemark"; // names nothing outside the engine

    /**
     * For all sessions of the engine, whatever the database or the role sets. A commit that waited
     * for a standby could wait for us. That schema tidemark comes first is for its operator, see
     * functions.sql.
     */
    private static final String SESSION =
            "-c synchronous_commit=local -c search_path=tidemark,pg_catalog"
                    + " -c default_transaction_read_only=off -c statement_timeout=0 -c lock_timeout=0"
                    + " -c idle_in_transaction_session_timeout=0 -c idle_session_timeout=0";

    /** Where there is that setting. */
    private static final int TRANSACTION_TIMEOUT_SINCE = 17;

    private final EngineSettings settings;

    public CaptureEngine(EngineSettings settings) {
        this.settings = settings;
    }

    /**
     * Takes the slot, opens the sink, and streams until the engine stops by itself, which it does
     * only for an error, or until this thread is interrupted.
     *
     * @throws TidemarkException what stopped it
     */
    public void run(Position resume, ChangeSink.Opening opening) throws InterruptedException {
        AtomicReference<@Nullable ChangeSink> sink = new AtomicReference<>();
        Connection session = settings.source().connectForQuestions();
        try (CatalogWatch watch = new CatalogWatch(settings.source(), settings.catalogInterval());
                MessageCheck messages = new MessageCheck(session, watch::soon)) {
            EngineContext context =
                    new EngineContext(
                            settings.source(),
                            settings.slot(),
                            settings.publication(),
                            resume,
                            () -> {
                                ChangeSink opened = opening.open();
                                sink.set(opened);
                                watch.start();
                                return opened;
                            },
                            messages,
                            STATUS_INTERVAL,
                            settings.rowBytesMax());
            String name = context.register();
            try {
                stream(properties(name, options(session)), sink);
            } finally {
                EngineContext.unregister(name);
            }
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "the session for checking messages broke: " + TidemarkException.reason(e),
                    "Look at the source's log.",
                    e);
        }
    }

    private static void stream(Properties properties, AtomicReference<@Nullable ChangeSink> sink)
            throws InterruptedException {
        CompletableFuture<Optional<Throwable>> done = new CompletableFuture<>();
        DebeziumEngine<RecordChangeEvent<SourceRecord>> engine =
                DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                        .using(properties)
                        .using(OffsetCommitPolicy.always())
                        .using(
                                (success, message, error) ->
                                        done.complete(failure(success, message, error)))
                        .notifying(
                                (List<RecordChangeEvent<SourceRecord>> batch,
                                        RecordCommitter<RecordChangeEvent<SourceRecord>>
                                                committer) ->
                                        acknowledge(
                                                batch,
                                                committer,
                                                Objects.requireNonNull(
                                                        sink.get(), "records before a sink")))
                        .build();
        Thread thread = Thread.ofPlatform().name("capture-engine").start(engine);
        try {
            Optional<Throwable> failure = done.get();
            thread.join();
            throw stopped(failure);
        } catch (InterruptedException e) {
            stop(engine, thread, sink);
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // never completed exceptionally
        }
    }

    /**
     * First in the engine's own way, which waits for its threads; they in turn may wait for a Kafka
     * that is away, and then the sink lets them go.
     */
    private static void stop(
            DebeziumEngine<?> engine, Thread running, AtomicReference<@Nullable ChangeSink> opened)
            throws InterruptedException {
        Thread.ofPlatform().daemon().name("capture-engine-close").start(() -> close(engine));
        if (running.join(CLEAN_STOP_MAX)) {
            return;
        }
        ChangeSink sink = opened.get();
        if (sink != null) {
            sink.abandon();
        }
        running.join(STOP_MAX);
    }

    private static void close(DebeziumEngine<?> engine) {
        try {
            engine.close();
        } catch (IOException | IllegalStateException e) {
            org.slf4j.LoggerFactory.getLogger(CaptureEngine.class)
                    .debug("the engine was closing already", e);
        }
    }

    private static Optional<Throwable> failure(boolean success, String message, Throwable error) {
        if (success) {
            return Optional.empty();
        }
        return Optional.of(error == null ? new IllegalStateException(message) : error);
    }

    private static TidemarkException stopped(Optional<Throwable> failure) {
        for (Throwable cause = failure.orElse(null); cause != null; cause = cause.getCause()) {
            if (cause instanceof TidemarkException ours) {
                return ours;
            }
        }
        return TidemarkException.failed(
                "the stream from the source ended: "
                        + failure.map(TidemarkException::reason).orElse("no reason given"),
                "Look at the source's log; capture tries again by itself.",
                failure.orElseGet(() -> new IllegalStateException("the engine stopped")));
    }

    /** Only the last end of the batch matters: what is before it in the log is durable with it. */
    private static void acknowledge(
            List<RecordChangeEvent<SourceRecord>> batch,
            RecordCommitter<RecordChangeEvent<SourceRecord>> committer,
            ChangeSink sink)
            throws InterruptedException {
        RecordChangeEvent<SourceRecord> last = null;
        for (RecordChangeEvent<SourceRecord> event : batch) {
            if (isEnd(event.record())) {
                last = event;
            }
        }
        if (last != null) {
            long position = commitPosition(last.record());
            sink.awaitDurable(new Position(position));
            DebeziumEngine.Offsets offsets = committer.buildOffsets();
            offsets.set("lsn", position);
            offsets.set("lsn_commit", position);
            offsets.set("ts_usec", 0L);
            committer.markProcessed(last, offsets);
        }
        committer.markBatchFinished();
    }

    private static long commitPosition(SourceRecord end) {
        if (end.sourceOffset().get("lsn_commit") instanceof Long position) {
            return position;
        }
        throw new IllegalStateException(
                "the engine sent an end without a position: " + end.sourceOffset());
    }

    private static boolean isEnd(SourceRecord record) {
        return record.topic().equals(TOPIC_PREFIX + ".transaction")
                && record.value() instanceof Struct value
                && "END".equals(value.getWithoutDefault("status"));
    }

    private static String options(Connection session) throws SQLException {
        return session.getMetaData().getDatabaseMajorVersion() < TRANSACTION_TIMEOUT_SINCE
                ? SESSION
                : SESSION + " -c transaction_timeout=0";
    }

    private Properties properties(String context, String options) {
        Properties engine = new Properties();
        engine.setProperty("name", "tidemark");
        engine.setProperty(EngineContext.KEY, context);
        engine.setProperty("connector.class", TappedConnector.class.getName());
        engine.setProperty("offset.storage", LogOffsets.class.getName());
        engine.setProperty("topic.prefix", TOPIC_PREFIX);
        engine.setProperty("plugin.name", "pgoutput");
        engine.setProperty("slot.name", settings.slot());
        engine.setProperty("slot.drop.on.stop", "false");
        engine.setProperty(
                "slot.max.retries", "0"); // capture itself tries again, with its own checks before
        engine.setProperty("publication.name", settings.publication());
        engine.setProperty("publication.autocreate.mode", "disabled");
        engine.setProperty("snapshot.mode", "no_data"); // the first base is ours
        engine.setProperty(
                "provide.transaction.metadata",
                "true"); // ends of transactions are what we acknowledge
        engine.setProperty("lsn.flush.mode", "connector");
        engine.setProperty("lsn.flush.timeout.action", "fail");
        engine.setProperty("offset.mismatch.strategy", "no_validation"); // our guard decides
        engine.setProperty("poll.interval.ms", Long.toString(settings.poll().toMillis()));
        engine.setProperty("status.update.interval.ms", Long.toString(STATUS_INTERVAL.toMillis()));
        engine.setProperty("heartbeat.interval.ms", Long.toString(settings.heartbeat().toMillis()));
        engine.setProperty("heartbeat.action.query", "SELECT tidemark.heartbeat()");
        engine.setProperty("errors.max.retries", "0");
        engine.setProperty("event.processing.failure.handling.mode", "fail");
        engine.setProperty(
                "table.include.list",
                "tidemark[.]none"); // Debezium's own view of tables is not used
        engine.setProperty(
                "database.initial.statements",
                "SET application_name = '" + Database.CAPTURE_APPLICATION + "'");
        engine.setProperty("driver.options", options);
        engine.setProperty("driver.socketTimeout", Long.toString(ANSWER_MAX.toSeconds()));
        engine.setProperty("driver.loginTimeout", Long.toString(LOGIN_MAX.toSeconds()));
        Database source = settings.source();
        engine.setProperty("database.hostname", source.url().host());
        engine.setProperty("database.port", Integer.toString(source.url().port()));
        engine.setProperty("database.dbname", source.url().database());
        engine.setProperty("database.user", source.url().user());
        engine.setProperty("database.password", source.password().orElse(""));
        source.url()
                .options()
                .forEach((name, value) -> engine.setProperty("driver." + name, value));
        return engine;
    }
}
