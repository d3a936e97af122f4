package dev.tidemark.cli.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.archive.manifest.LogPoint;
import dev.tidemark.archiver.consume.ChangeLog;
import dev.tidemark.capture.prepare.Acknowledgement;
import dev.tidemark.capture.publish.CaptureProgress;
import dev.tidemark.capture.publish.ChangeLogTopic;
import dev.tidemark.capture.publish.FramePublisher;
import dev.tidemark.capture.publish.LogClaim;
import dev.tidemark.capture.publish.LogRewrite;
import dev.tidemark.capture.publish.LogSession;
import dev.tidemark.cli.embedded.KafkaBroker;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Frame;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.log.Announcement;
import dev.tidemark.schemas.log.FrameEncoder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What capture and archiver make of the state in which they find a topic. */
class ChangeLogIT {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final Duration TAKEOVER_AFTER = Duration.ofSeconds(60);
    private static final int POLLS_MAX = 300;
    private static final int STALE_RECORDS = 3_000; // more than one step back
    private static final int LARGE_BYTES = 600_000; // a batch of its own
    private static final int IN_FLIGHT = 5; // requests that are under way at a time

    private final Path directory;
    private final ChangeLogTopic topic;
    private final Map<String, Object> client;
    private KafkaBroker kafka;

    ChangeLogIT(@TempDir Path directory) {
        this.directory = directory;
        kafka = KafkaBroker.start(directory, Map.of());
        topic =
                new ChangeLogTopic(
                        "tidemark.crm", Map.of("bootstrap.servers", kafka.bootstrapServers()));
        client = Map.of("bootstrap.servers", kafka.bootstrapServers());
    }

    @BeforeEach
    void createTheTopic() throws InterruptedException {
        topic.create();
    }

    @AfterEach
    void stopKafka() {
        kafka.close();
    }

    @Test
    void theLastEndIsFoundBehindManyRecordsOfAnEndedSession() throws Exception {
        try (var producer =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            send(producer, session());
            send(producer, new Frame(0, at(10), List.of(new Entry.End(at(10), NOON, 0))));
            send(producer, session());
            send(producer, new Frame(2, at(10), List.of(new Entry.End(at(20), NOON, 0))));
            for (int i = 0; i < STALE_RECORDS; i++) {
                send(producer, new Frame(0, at(10), List.of(new Entry.End(at(30 + i), NOON, 0))));
            }
        }
        announced(new Announcement(4 + STALE_RECORDS, 2, 7, "0".repeat(64)));

        try (LogClaim claim = LogClaim.prepare(topic)) {
            assertThat(claim.end()).isEqualTo(at(20));
        }
    }

    @Test
    void aTopicThatWasDeletedIsNamedAsThat() throws Exception {
        String id = topic.id().orElseThrow();
        topic.delete();
        try (ChangeLog log = ChangeLog.join(topic.name(), topic.kafka(), topic.cipher())) {

            var error =
                    catchThrowableOfType(
                            TidemarkException.class,
                            () ->
                                    log.seek(
                                            new LogPoint(
                                                    topic.name(),
                                                    id,
                                                    0,
                                                    Frame.OPENING,
                                                    Optional.empty())));

            assertThat(error)
                    .hasMessage(
                            "the topic 'tidemark.crm' is not there, and the archive needs its record 0 next");
            assertThat(error.hint())
                    .isEqualTo(
                            "Check kafka.bootstrap-servers: it may name another cluster. If the topic was deleted, what was in"
                                    + " it and not archived is lost: 'tidemark base --from-source' takes a new base and records the gap.");
            assertThat(error.kind()).isEqualTo(TidemarkException.Kind.FAILED);
        }
    }

    @Test
    void captureTakesNothingForDurableInATopicThatWasCreatedAnewUnderIt() throws Exception {
        beginAt(at(10));
        try (LogClaim claim = LogClaim.prepare(topic);
                LogSession session = take(claim)) {
            FramePublisher publisher =
                    new FramePublisher(
                            session, new CaptureProgress(), TAKEOVER_AFTER, Clock.systemUTC());
            publish(publisher, at(20));
            publisher.awaitDurable(at(20));
            topic.delete();
            topic.create();

            publish(publisher, at(30));

            assertThat(
                            catchThrowableOfType(
                                    TidemarkException.class, () -> publisher.awaitDurable(at(30))))
                    .isNotNull();
            assertThat(publisher.durable()).isEqualTo(at(20));
        }
    }

    /** A clock that was set forward looks like a process that stood still, and costs a session. */
    @Test
    void aClockThatJumpsEndsTheSessionAtMost() throws Exception {
        beginAt(at(10));
        SteppedClock clock = new SteppedClock(NOON);
        try (LogClaim claim = LogClaim.prepare(topic);
                LogSession session = take(claim)) {
            FramePublisher publisher =
                    new FramePublisher(session, new CaptureProgress(), TAKEOVER_AFTER, clock);
            clock.step(Duration.ofHours(-2));
            publish(publisher, at(20));
            publisher.awaitDurable(at(20));
            clock.step(Duration.ofHours(3));

            assertThat(
                            catchThrowableOfType(
                                    TidemarkException.class, () -> publish(publisher, at(30))))
                    .hasMessageStartingWith("capture stood still for 10800 s");
        }
        try (LogClaim next = LogClaim.prepare(topic)) {
            assertThat(next.end()).isEqualTo(at(20));
        }
    }

    /**
     * By then the producer holds what was sent after it, and has some of that under way. If Kafka
     * took it, the log had a hole, and the next session would resume after that.
     */
    @Test
    void aSendThatFailsLeavesNothingAfterItInTheLog() throws Exception {
        limitRecordsTo(2 * LARGE_BYTES);
        beginAt(at(10));
        HeldClock clock = new HeldClock();
        try (LogClaim claim = LogClaim.prepare(topic);
                LogSession session = take(claim)) {
            FramePublisher publisher =
                    new FramePublisher(session, new CaptureProgress(), TAKEOVER_AFTER, clock);
            publish(publisher, at(20));
            publish(publisher, at(30), 2 * LARGE_BYTES);
            for (int i = 1; i <= IN_FLIGHT + 1; i++) {
                publish(publisher, at(30 + i), LARGE_BYTES);
            }
            clock.release();

            assertThat(
                            catchThrowableOfType(
                                    TidemarkException.class, () -> publisher.awaitDurable(at(30))))
                    .hasMessageStartingWith(
                            "what a schema command or a message says is too large for the change log: ");
            assertThat(publisher.durable()).isEqualTo(at(20));
        }

        try (LogClaim next = LogClaim.prepare(topic)) {
            assertThat(next.end()).isEqualTo(at(20));
        }
        assertThat(records()).hasSize(4); // two that began the log, the session and at(20)
    }

    private static void publish(FramePublisher publisher, Position end, int bytes)
            throws InterruptedException {
        byte[] random = new byte[bytes];
        new Random(end.value()).nextBytes(random);
        publisher.begin(1, NOON);
        publisher.add(new Entry.Message("note", Base64.getEncoder().encodeToString(random)));
        publisher.end(end, NOON);
    }

    /** Stops whoever asks for the time, but for the thread that made it, until it is released. */
    private static final class HeldClock extends Clock {
        private final Thread maker = Thread.currentThread();
        private final CountDownLatch released = new CountDownLatch(1);

        void release() {
            released.countDown();
        }

        @Override
        public Instant instant() {
            if (Thread.currentThread() != maker) {
                try {
                    released.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return NOON;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    private void limitRecordsTo(int bytes) throws Exception {
        try (Admin admin = Admin.create(client)) {
            admin.incrementalAlterConfigs(
                            Map.of(
                                    new ConfigResource(ConfigResource.Type.TOPIC, topic.name()),
                                    List.of(
                                            new AlterConfigOp(
                                                    new ConfigEntry(
                                                            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
                                                            Integer.toString(bytes)),
                                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    private void beginAt(Position end) {
        try (var producer =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            send(producer, session());
            send(producer, new Frame(0, end, List.of(new Entry.End(end, NOON, 0))));
        }
    }

    private static LogSession take(LogClaim claim) throws InterruptedException {
        return claim.take(
                (Entry.Session) session().entries().getFirst(), Acknowledgement.ASYNCHRONOUS);
    }

    /** Somebody sets it. */
    private static final class SteppedClock extends Clock {
        private volatile Instant now;

        SteppedClock(Instant now) {
            this.now = now;
        }

        void step(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    private static void publish(FramePublisher publisher, Position end)
            throws InterruptedException {
        publisher.begin(1, NOON);
        publisher.end(end, NOON);
    }

    /** As after an election of a broker that lacked what others had acknowledged. */
    @Test
    void aLogThatLostRecordsAndGotOthersInTheirPlaceIsNamedAsThat() throws Exception {
        write(at(10), at(20), at(30), at(40));
        ConsumerRecord<byte[], byte[]> last = records().getLast();
        LogPoint archived =
                new LogPoint(
                        topic.name(),
                        topic.id().orElseThrow(),
                        last.offset() + 1,
                        0,
                        last.leaderEpoch());
        assertThat(LogRewrite.from(topic, archived.offset(), archived.leaderEpoch().orElseThrow()))
                .isEmpty();
        kafka.close();
        LogFiles.cut(directory, topic.name(), 2);
        kafka = KafkaBroker.start(directory, Map.of());
        write(at(31), at(41), at(51));

        assertThat(LogRewrite.from(topic, archived.offset(), archived.leaderEpoch().orElseThrow()))
                .hasValue(2);

        try (ChangeLog log = ChangeLog.join(topic.name(), topic.kafka(), topic.cipher())) {
            var error =
                    catchThrowableOfType(TidemarkException.class, () -> readFrom(log, archived));

            assertThat(error)
                    .hasMessage(
                            "the topic 'tidemark.crm' was rewritten from record 2 on: records that were read, or acknowledged,"
                                    + " are others now");
            assertThat(error.hint()).contains("'tidemark base --from-source'");
            assertThat(error.kind()).isEqualTo(TidemarkException.Kind.FAILED);
        }
    }

    private static void readFrom(ChangeLog log, LogPoint point) throws InterruptedException {
        for (int polls = 0; polls < POLLS_MAX; polls++) {
            boolean isEmpty = !log.poll(Duration.ofMillis(100)).iterator().hasNext();
            if (log.takeNewlyAssigned()) {
                log.seek(point);
            } else if (!isEmpty) {
                return;
            }
        }
    }

    /** Each in a batch of its own. */
    private void write(Position... ends) throws Exception {
        try (var producer =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (Position end : ends) {
                send(producer, new Frame(0, end, List.of(new Entry.End(end, NOON, 0))));
                producer.flush();
            }
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> records() {
        TopicPartition partition = new TopicPartition(topic.name(), 0);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (var consumer =
                new KafkaConsumer<>(
                        client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    private static Position at(long position) {
        return new Position(position);
    }

    private static Frame session() {
        Entry session = new Entry.Session("id", "crm", "7001", 1, "crm", "18.6", "host/1", NOON);
        return new Frame(Frame.OPENING, at(5), List.of(session));
    }

    private void send(KafkaProducer<byte[], byte[]> producer, Frame frame) {
        var unused =
                producer.send(
                        new ProducerRecord<>(topic.name(), 0, null, FrameEncoder.encode(frame)));
    }

    /** As the archiver announces it. */
    private void announced(Announcement said) throws Exception {
        try (Admin admin = Admin.create(client)) {
            admin.alterConsumerGroupOffsets(
                            topic.name(),
                            Map.of(
                                    new TopicPartition(topic.name(), 0),
                                    new OffsetAndMetadata(said.offset(), said.metadata())))
                    .all()
                    .get();
        }
    }
}
