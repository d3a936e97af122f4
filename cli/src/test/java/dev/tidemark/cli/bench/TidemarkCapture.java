package dev.tidemark.cli.bench;

import dev.tidemark.capture.Capture;
import dev.tidemark.capture.CaptureSettings;
import dev.tidemark.capture.prepare.Acknowledgement;
import dev.tidemark.capture.publish.ChangeLogTopic;
import dev.tidemark.capture.publish.LogSession;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Position;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

/** Tidemark's capture, into Kafka, until the last position is acknowledged there. */
record TidemarkCapture(Site site) implements Contender {
    @Override
    public String name() {
        return "Tidemark into Kafka";
    }

    /** Into a change log of its own. */
    @Override
    public Duration read(Leg leg, String slot) throws SQLException, InterruptedException {
        ChangeLogTopic topic = site.topic("bench." + System.nanoTime());
        topic.create();
        Position start =
                Position.of(
                        site.ask(
                                "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '"
                                        + slot
                                        + "'"));
        LogSession.start(topic, opening(), start).close();
        try {
            return read(leg, slot, topic);
        } finally {
            topic.delete(); // or the disk would hold every round
        }
    }

    /** Into a change log that has a beginning. */
    Duration read(Leg leg, String slot, ChangeLogTopic topic) throws InterruptedException {
        Capture capture =
                new Capture(
                        new CaptureSettings(
                                "bench",
                                site.source(),
                                topic,
                                slot,
                                site.parts().names().publication(),
                                site.parts().configuration().capture().heartbeat(),
                                site.parts().configuration().capture().catalogInterval(),
                                site.parts().configuration().capture().takeoverAfter(),
                                Runtime.getRuntime().maxMemory() / 2,
                                Acknowledgement.ASYNCHRONOUS,
                                java.util.Optional.empty()),
                        Clock.systemUTC());
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        Thread thread = Thread.ofPlatform().start(() -> run(capture, failure));
        try {
            return watch(capture, leg, slot, failure);
        } finally {
            thread.interrupt();
            thread.join();
        }
    }

    private Duration watch(
            Capture capture, Leg leg, String slot, AtomicReference<RuntimeException> failure)
            throws InterruptedException {
        Slots.awaitStream(site, slot);
        long start = System.nanoTime();
        Site.await(
                LEG_MAX,
                "the acknowledgement of " + leg.end(),
                () ->
                        isFailed(failure)
                                || !capture.progress()
                                        .snapshot()
                                        .acknowledged()
                                        .isBefore(leg.end()));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static boolean isFailed(AtomicReference<RuntimeException> failure) {
        if (failure.get() != null) {
            throw failure.get();
        }
        return false;
    }

    private static void run(Capture capture, AtomicReference<RuntimeException> failure) {
        try {
            capture.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it was told to stop, and ends here
        } catch (RuntimeException e) {
            failure.set(e);
        }
    }

    private Entry.Session opening() throws SQLException {
        return new Entry.Session(
                "bench",
                "bench",
                site.ask("SELECT system_identifier FROM pg_control_system()"),
                1,
                site.source().url().database(),
                site.ask("SHOW server_version"),
                "bench",
                Instant.now());
    }
}
