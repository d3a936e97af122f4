package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.capture.publish.ChangeLogTopic;
import dev.tidemark.capture.publish.LogClaim;
import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.schemas.change.Position;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ways in which captures are known to lose rows when they are killed: positions of rows are
 * neither unique nor in the order of commits, so that none of them may be resumed from. The table
 * has no key: a row that came twice would be one too many.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KilledInMidstIT {
    private static final TopicPartition LOG = new TopicPartition("tidemark.crm", 0);

    private static final int ROWS = 100_000;
    private static final int ROW_CHARS = 200;

    private static final int NARROW_ROWS = 500_000; // half of what may wait for Kafka

    /** Of the frames of 256 KiB that these rows fill: a quarter, and more than heartbeats make. */
    private static final int FRAMES_BEFORE_KILL = ROWS * ROW_CHARS / (256 * 1024) / 4;

    private Deployment tidemark;
    private Process capture;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        tidemark =
                Deployment.start(
                        directory,
                        PostgresBinaries.onClassPath(),
                        "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms}");
        tidemark.execute("crm", "CREATE TABLE public.t (what text, n int, body text)");
        tidemark.succeed("init");
        tidemark.service("archiver");
    }

    @AfterAll
    void close() {
        tidemark.close();
    }

    @BeforeEach
    void begin() throws Exception {
        tidemark.execute("crm", "TRUNCATE public.t");
        startCapture();
    }

    private void startCapture() throws Exception {
        capture = tidemark.service("capture");
        Deployment.await(
                () -> "capture to begin; it said: " + tidemark.newestLog("capture"),
                () -> tidemark.newestLog("capture").contains("as session"));
    }

    @AfterEach
    void end() throws Exception {
        tidemark.signalKafka("CONT"); // a test may have failed while it was stopped
        killCapture();
    }

    private void killCapture() throws Exception {
        capture.destroyForcibly().waitFor();
    }

    /** Rows of one COPY share positions: whoever resumes by the position of a row skips others. */
    @Test
    void aCopyIsArchivedOnceAndWholeWhenCaptureIsKilledTwiceInItsMidst() throws Exception {
        long before = endOffset();
        copyMany();
        Position committed = written();

        killInMidst(before, committed);
        before = endOffset();
        startCapture();
        killInMidst(before, committed);
        startCapture();

        assertNothingIsLost("copied");
    }

    /** Rows of the long transaction have positions before and after those of stored commits. */
    @Test
    void aLongTransactionAroundStoredCommitsIsArchivedWholeWithThem() throws Exception {
        Position committed;
        long before;
        try (Connection open = tidemark.connect()) {
            open.setAutoCommit(false);
            insertMany(open, 1);
            commitAndAwaitAcknowledged("short 1");
            insertMany(open, 2);
            commitAndAwaitAcknowledged("short 2");
            killCapture(); // while the long one is in progress, between two stored commits
            insertMany(open, 3);
            insertShort("short 3");
            startCapture();
            commitAndAwaitAcknowledged("short 4");
            insertMany(open, 4);
            before = endOffset();
            open.commit();
            committed = written();
        }
        killInMidst(before, committed);
        insertShort("short 5");
        startCapture();

        assertNothingIsLost("around");
    }

    /** The newer commit must not be acknowledged by way of older positions that come after it. */
    @Test
    void theSlotStaysBeforeAnUnacknowledgedCommitWhileOlderRowsFollow() throws Exception {
        Position unacknowledged;
        try (Connection open = tidemark.connect()) {
            open.setAutoCommit(false);
            insertNarrow(open);
            commitAndAwaitAcknowledged("acknowledged");
            tidemark.signalKafka("STOP");
            unacknowledged = written(); // what commits from here on is after this
            insertShort("unacknowledged");
            open.commit();
        }
        String since = tidemark.ask("crm", "SELECT clock_timestamp()");
        Deployment.await(
                () -> "several replies of capture to the source",
                () -> {
                    assertNotAcknowledged(unacknowledged);
                    return isYes(
                            "SELECT count(*) = 1 FROM pg_stat_replication WHERE reply_time > '%s'::timestamptz + interval '3 s'"
                                    .formatted(since));
                });
        killCapture();
        assertNotAcknowledged(unacknowledged);
        tidemark.signalKafka("CONT");
        startCapture();

        assertNothingIsLost("followed");
    }

    private void assertNotAcknowledged(Position unacknowledged) {
        assertThat(
                        isYes(
                                "SELECT confirmed_flush_lsn <= '%s' FROM pg_replication_slots"
                                        .formatted(unacknowledged)))
                .as("the slot is at or before %s", unacknowledged)
                .isTrue();
    }

    private void assertNothingIsLost(String restored) throws SQLException {
        Truth truth = tidemark.truth();
        tidemark.awaitArchivedPast(truth);
        assertThat(tidemark.restored(restored, "--to", truth.position().toString()))
                .isEqualTo(truth.tables());
    }

    /** Kills capture when a part of the transaction is in the log, and shows that it is a part. */
    private void killInMidst(long before, Position committed) throws Exception {
        try (KafkaConsumer<byte[], byte[]> log = consumer()) {
            while (endOffset(log) < before + FRAMES_BEFORE_KILL) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        }
        killCapture();
        ChangeLogTopic topic =
                new ChangeLogTopic(
                        LOG.topic(),
                        Map.of("bootstrap.servers", tidemark.kafka().bootstrapServers()));
        try (LogClaim claim = LogClaim.prepare(topic)) {
            assertThat(claim.end())
                    .as("the last whole transaction in the log, before the one in the midst")
                    .isLessThan(committed);
        }
    }

    private void copyMany() throws SQLException {
        tidemark.execute(
                "crm",
                "COPY public.t FROM PROGRAM 'seq -f \"copied\t%%.0f\t%s\" %d'"
                        .formatted("x".repeat(ROW_CHARS), ROWS));
    }

    private static void insertMany(Connection connection, int part) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO public.t SELECT 'long %d', i, repeat('x', %d) FROM generate_series(1, %d) i"
                            .formatted(part, ROW_CHARS, ROWS / 4));
        }
    }

    /** To stream so many takes longer than it takes capture to tell the source where it is. */
    private static void insertNarrow(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO public.t SELECT 'long', i, '' FROM generate_series(1, %d) i"
                            .formatted(NARROW_ROWS));
        }
    }

    private void insertShort(String what) throws SQLException {
        tidemark.execute("crm", "INSERT INTO public.t VALUES ('%s', 1, '')".formatted(what));
    }

    private void commitAndAwaitAcknowledged(String what) throws SQLException {
        insertShort(what);
        tidemark.awaitInSource(
                "SELECT confirmed_flush_lsn >= '%s' FROM pg_replication_slots"
                        .formatted(written()));
    }

    private boolean isYes(String question) {
        try {
            return tidemark.ask("crm", question).equals("t");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Position written() throws SQLException {
        return Position.of(tidemark.ask("crm", "SELECT pg_current_wal_insert_lsn()"));
    }

    private long endOffset() {
        try (KafkaConsumer<byte[], byte[]> log = consumer()) {
            return endOffset(log);
        }
    }

    private static long endOffset(KafkaConsumer<byte[], byte[]> log) {
        return log.endOffsets(List.of(LOG)).values().iterator().next();
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", tidemark.kafka().bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }
}
