package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.schemas.change.Frame;
import dev.tidemark.schemas.log.FrameDecoder;
import dev.tidemark.schemas.log.SessionFilter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A capture that is paused and replaced must not write behind its successor. */
class TakeoverIT {
    private static final TopicPartition LOG = new TopicPartition("tidemark.crm", 0);

    private static final int REQUESTS_IN_FLIGHT_MAX = 5; // of the producer, one heartbeat each here

    @TempDir private Path directory;

    @Test
    void aCapturePausedWhileAnotherTakesOverWritesNothingThatCountsWhenItWakes() throws Exception {
        try (Deployment tidemark =
                Deployment.start(
                        directory,
                        PostgresBinaries.onClassPath(),
                        "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms, takeover-after: 4s}")) {
            tidemark.execute("crm", "CREATE TABLE public.t (id int PRIMARY KEY, v text)");
            tidemark.succeed("init");
            tidemark.service("archiver");
            Process first = tidemark.service("capture");
            tidemark.awaitLogged("capture", 1, "as session");
            long firstSession = sessions(tidemark).getLast();
            tidemark.execute(
                    "crm",
                    "INSERT INTO public.t SELECT i, 'before' FROM generate_series(1, 100) i");
            tidemark.awaitArchivedPast(tidemark.truth());

            Deployment.signal(first, "STOP");
            tidemark.service("capture");
            tidemark.awaitLogged("capture", 2, "taking over");
            tidemark.awaitLogged("capture", 2, "as session");
            tidemark.execute(
                    "crm",
                    "INSERT INTO public.t SELECT i, 'meanwhile' FROM generate_series(101, 200) i");
            long atWake = end(tidemark);
            Deployment.signal(first, "CONT");
            tidemark.awaitLogged("capture", 1, "trying again");
            tidemark.execute(
                    "crm",
                    "INSERT INTO public.t SELECT i, 'after' FROM generate_series(201, 300) i");
            Truth last = tidemark.truth();
            tidemark.awaitArchivedPast(last);

            // A request that was on its way when the process was stopped still arrives; it says
            // nothing.
            assertThat(
                            frames(tidemark, atWake).stream()
                                    .filter(frame -> frame.session() == firstSession))
                    .hasSizeLessThanOrEqualTo(REQUESTS_IN_FLIGHT_MAX);
            assertThat(thatCount(frames(tidemark, 0), atWake))
                    .noneMatch(frame -> frame.session() == firstSession);
            assertThat(tidemark.restored("after_takeover", "--to", last.position().toString()))
                    .isEqualTo(last.tables());
        }
    }

    @Test
    void aSessionThatTheSourceGaveUpIsToldWithoutStackTraces() throws Exception {
        try (Deployment tidemark =
                Deployment.start(
                        directory,
                        PostgresBinaries.onClassPath(),
                        "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms}")) {
            tidemark.execute("crm", "CREATE TABLE public.t (id int PRIMARY KEY)");
            tidemark.execute("postgres", "ALTER SYSTEM SET wal_sender_timeout = '2s'");
            tidemark.execute("postgres", "SELECT pg_reload_conf()");
            tidemark.succeed("init");
            Process run = tidemark.service("run");
            tidemark.awaitLogged("run", 0, "as session");

            Deployment.signal(run, "STOP");
            tidemark.awaitInSource("SELECT count(*) = 0 FROM pg_stat_replication");
            Deployment.signal(run, "CONT");
            tidemark.awaitLogged("run", 0, "trying again");
            tidemark.awaitInSource("SELECT count(*) = 1 FROM pg_stat_replication");

            assertThat(tidemark.logs()).doesNotContain("\tat ", "Exception:");
        }
    }

    /** The frames from an offset on that a reader takes. */
    private static List<Frame> thatCount(List<Frame> all, long from) {
        SessionFilter sessions = new SessionFilter(Frame.OPENING);
        List<Frame> taken = new ArrayList<>();
        for (int offset = 0; offset < all.size(); offset++) {
            if (sessions.accepts(offset, all.get(offset)) && offset >= from) {
                taken.add(all.get(offset));
            }
        }
        return taken;
    }

    private static List<Long> sessions(Deployment tidemark) {
        List<Long> opened = new ArrayList<>();
        List<Frame> all = frames(tidemark, 0);
        for (int offset = 0; offset < all.size(); offset++) {
            if (all.get(offset).session() == Frame.OPENING) {
                opened.add((long) offset);
            }
        }
        return opened;
    }

    private static List<Frame> frames(Deployment tidemark, long from) {
        List<Frame> frames = new ArrayList<>();
        FrameDecoder decoder = new FrameDecoder();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(tidemark)) {
            long end = consumer.endOffsets(List.of(LOG)).values().iterator().next();
            consumer.seek(LOG, from);
            while (consumer.position(LOG) < end) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> frames.add(decoder.decode(record.value())));
            }
        }
        return frames;
    }

    private static long end(Deployment tidemark) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(tidemark)) {
            return consumer.endOffsets(List.of(LOG)).values().iterator().next();
        }
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Deployment tidemark) {
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", tidemark.kafka().bootstrapServers()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        consumer.assign(List.of(LOG));
        return consumer;
    }
}
