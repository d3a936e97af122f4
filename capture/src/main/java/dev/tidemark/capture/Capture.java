package dev.tidemark.capture;

import dev.tidemark.capture.prepare.SourceFacts;
import dev.tidemark.capture.publish.CaptureProgress;
import dev.tidemark.capture.publish.FramePublisher;
import dev.tidemark.capture.publish.LogClaim;
import dev.tidemark.capture.publish.LogSession;
import dev.tidemark.capture.publish.LogSilence;
import dev.tidemark.capture.publish.TopicWatch;
import dev.tidemark.capture.source.CaptureEngine;
import dev.tidemark.capture.source.ChangeSink;
import dev.tidemark.capture.source.EngineSettings;
import dev.tidemark.capture.source.SlotGuard;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Entry;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The capture service: stands by while another capture works, then opens a session and streams.
 *
 * <p>Runs in its caller's thread until that is interrupted. What was not acknowledged by Kafka
 * comes again.
 */
public final class Capture {
    private static final Logger log = LoggerFactory.getLogger(Capture.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration ALIVE = Duration.ofMillis(500);

    private final CaptureSettings settings;
    private final Clock clock;
    private final CaptureProgress progress = new CaptureProgress();
    private volatile State state = State.STARTING;

    /** What it does. */
    public enum State {
        /** It looks at source and Kafka, to stand by or to open a session. */
        STARTING,
        /** Another capture has the slot. */
        STANDING_BY,
        /** It has a session. */
        STREAMING
    }

    public Capture(CaptureSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    public CaptureProgress progress() {
        return progress;
    }

    /** Has it a session? Any thread may ask. */
    public boolean isStreaming() {
        return state == State.STREAMING;
    }

    /** What it does now. Any thread may ask. */
    public State state() {
        return state;
    }

    /**
     * Stands by until it is its turn, then captures until this thread is interrupted.
     *
     * @throws TidemarkException what ended the session; run again, it opens the next one where the
     *     log ends
     */
    public void run() throws InterruptedException {
        SlotGuard guard = new SlotGuard(settings.source(), settings.slot());
        try {
            awaitTurn(guard);
        } finally {
            state = State.STARTING;
        }
        WalLimit limit = new WalLimit(settings, guard);
        limit.enforce();
        SlotGuard.Slot before = guard.look();
        SourceFacts facts = SourceFacts.read(settings.source());
        try (TopicWatch watch = TopicWatch.start(settings.topic());
                LogClaim claim = LogClaim.prepare(settings.topic());
                Streaming streaming = new Streaming(claim, facts, guard, limit)) {
            claim.checkIsOf(facts.systemId(), facts.timeline(), settings.source().url().database());
            guard.check(before, claim.end(), guard.look());
            new CaptureEngine(
                            new EngineSettings(
                                    settings.source(),
                                    settings.slot(),
                                    settings.publication(),
                                    settings.heartbeat(),
                                    settings.catalogInterval(),
                                    settings.rowBytesMax(),
                                    settings.acknowledgement().poll()))
                    .run(claim.end(), streaming);
        }
    }

    /** The session of a stream: opened once the stream is held, closed when it ends. */
    private final class Streaming implements ChangeSink.Opening, AutoCloseable {
        private final LogClaim claim;
        private final SourceFacts facts;
        private final SlotGuard guard;
        private final WalLimit limit;
        private final ScheduledExecutorService alive =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("capture-alive").factory());
        private volatile Optional<LogSession> session = Optional.empty();

        Streaming(LogClaim claim, SourceFacts facts, SlotGuard guard, WalLimit limit) {
            this.claim = claim;
            this.facts = facts;
            this.guard = guard;
            this.limit = limit;
        }

        @Override
        public ChangeSink open() throws InterruptedException {
            LogSession taken = claim.take(describe(facts), settings.acknowledgement());
            session = Optional.of(taken);
            SlotGuard.Slot held = guard.look(); // it may be another one by now
            guard.check(held, taken.end(), held);
            state = State.STREAMING;
            log.info(
                    "capturing {} from {} as session {} of topic '{}'",
                    settings.source(),
                    taken.end(),
                    taken.offset(),
                    settings.topic().name());
            FramePublisher publisher =
                    new FramePublisher(taken, progress, settings.takeoverAfter(), clock);
            var unused =
                    alive.scheduleWithFixedDelay(
                            publisher::alive,
                            ALIVE.toMillis(),
                            ALIVE.toMillis(),
                            TimeUnit.MILLISECONDS);
            limit.watch(publisher::abandon);
            return publisher;
        }

        @Override
        public void close() {
            state = State.STARTING;
            limit.close();
            alive.shutdownNow();
            session.ifPresent(LogSession::close);
        }
    }

    /** Returns when nobody streams from the slot. */
    private void awaitTurn(SlotGuard guard) throws InterruptedException {
        Optional<LogSilence> standBy = Optional.empty();
        while (true) {
            Optional<Integer> pid = guard.look().activePid();
            if (pid.isEmpty()) {
                return;
            }
            if (standBy.isEmpty()) {
                log.info(
                        "standing by: another capture streams from the slot '{}'", settings.slot());
                standBy = Optional.of(new LogSilence(settings.topic(), settings.takeoverAfter()));
                state = State.STANDING_BY;
            }
            if (standBy.get().isTooLong()) {
                log.warn(
                        "the capture that has the slot '{}' wrote nothing for {} s: taking over",
                        settings.slot(),
                        settings.takeoverAfter().toSeconds());
                guard.terminate(pid.get());
            }
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
    }

    private Entry.Session describe(SourceFacts facts) {
        return new Entry.Session(
                UUID.randomUUID().toString(),
                settings.sourceName(),
                facts.systemId(),
                facts.timeline(),
                settings.source().url().database(),
                facts.version(),
                ManagementFactory.getRuntimeMXBean().getName(),
                clock.instant());
    }
}
