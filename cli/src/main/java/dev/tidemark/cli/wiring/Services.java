package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archiver.Archiver;
import dev.tidemark.archiver.ArchiverProgress;
import dev.tidemark.archiver.consume.ChangeLog;
import dev.tidemark.capture.Capture;
import dev.tidemark.capture.publish.CaptureProgress;
import dev.tidemark.capture.publish.ChangeLogTopic;
import dev.tidemark.cli.metrics.CaptureLook;
import dev.tidemark.cli.metrics.Observation;
import dev.tidemark.cli.metrics.Observed;
import dev.tidemark.cli.metrics.ServiceState;
import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Capture, archiver and what works beside them, each in a thread of its own, until the caller is
 * interrupted or one of them refuses to go on.
 */
public final class Services {
    private static final Logger log = LoggerFactory.getLogger(Services.class);
    private static final Duration STOP_MAX = Duration.ofSeconds(9); // a supervisor kills after 10

    /** What a service may take to finish its work; then it breaks that off. */
    private static final Duration FINISH_MAX = Duration.ofSeconds(7);

    private final Parts parts;
    private final ChangeLogTopic topic;
    private final List<Thread> threads = new ArrayList<>();
    private final LinkedBlockingQueue<Optional<Throwable>> ended = new LinkedBlockingQueue<>();
    private final AtomicReference<Optional<Archiver>> archiver =
            new AtomicReference<>(Optional.empty());
    private final List<ServiceState> states = new ArrayList<>();
    private Optional<Capture> capture = Optional.empty();
    private boolean archives;

    public Services(Parts parts, ChangeLogTopic topic) {
        this.parts = parts;
        this.topic = topic;
    }

    /**
     * Runs services until this thread is interrupted, on the broker that the configuration names.
     *
     * @param started starts those that are wanted
     * @throws TidemarkException what ended one of them
     */
    public static void run(Parts parts, Consumer<Services> started) throws InterruptedException {
        try (Observation observation = Observation.bind(parts.configuration(), parts.clock());
                Brokers brokers = parts.brokers()) {
            Services services = new Services(parts, parts.topic(brokers.bootstrapServers()));
            brokers.whenBroken(services::endWith);
            started.accept(services);
            observation.begin(services.observed());
            services.runUntilInterrupted();
        }
    }

    /** Starts capture. */
    public void startCapture() {
        Capture made = parts.capture(topic);
        capture = Optional.of(made);
        start(state(ServiceState.CAPTURE), made::run);
    }

    /** Starts taking new bases of rewritten tables, for as long as the capture here is at work. */
    public void startTableBases() {
        if (parts.configuration().archive().isEmpty()) {
            log.warn(
                    "the configuration names no archive: a table that a command rewrites and that is larger than"
                            + " source.image-max-bytes is not known from there on");
            return;
        }
        Capture working = capture.orElseThrow();
        ServiceState state = state("table-bases");
        start(state, new TableBases(parts, working, state)::run);
    }

    /** Starts the archiver. */
    public void startArchiver() {
        archives = true;
        start(state(ServiceState.ARCHIVER), this::runArchiver);
        if (Maintenance.isWanted(parts.configuration().maintenance())) {
            ServiceState state = state("maintenance");
            start(state, new Maintenance(parts, state, this::isArchiving)::run);
        }
    }

    /**
     * Starts proving by schedule that restores work, if the settings say so, for as long as the
     * archiver here is at work.
     *
     * @param configuration the file
     */
    public void startDrills(Path configuration) {
        if (parts.configuration().drill().interval().isPresent()) {
            ServiceState state = state("drills");
            start(state, new DrillSchedule(parts, configuration, state, this::isArchiving)::run);
        }
    }

    private boolean isArchiving() {
        return archiverProgress()
                .filter(progress -> progress.state() == ArchiverProgress.State.WORKING)
                .isPresent();
    }

    private void runArchiver() throws java.io.IOException, InterruptedException {
        try (Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary("archiver");
                ChangeLog changeLog = parts.changeLog(topic)) {
            archive.checkIsOf(
                    parts.configuration().neededSource().name(),
                    archive.systemId(),
                    parts.configuration().neededSource().url().database());
            log.info("what is published is signed with: {}", archive.signer().orElse("nothing"));
            archive.collectGarbage();
            Archiver working =
                    parts.archiver(
                            archive,
                            temporary.path(),
                            archiverProgress().orElse(ArchiverProgress.NONE));
            archiver.set(Optional.of(working));
            working.run(changeLog);
        }
    }

    private ServiceState state(String name) {
        ServiceState state = new ServiceState(name, parts.clock());
        states.add(state);
        return state;
    }

    private void start(ServiceState state, Supervisor.Service service) {
        threads.add(
                Thread.ofPlatform()
                        .name(state.name())
                        .start(
                                () -> {
                                    try {
                                        Supervisor.keepRunning(state, service);
                                        ended.add(Optional.empty());
                                    } catch (InterruptedException e) {
                                        ended.add(Optional.empty());
                                    } catch (RuntimeException | Error e) {
                                        ended.add(Optional.of(e));
                                    } finally {
                                        state.ended();
                                    }
                                }));
    }

    /** Ends all services because of this, as if one of them had refused to go on. */
    public void endWith(RuntimeException failure) {
        ended.add(Optional.of(failure));
    }

    /** How far capture is; empty before it started. */
    public Optional<CaptureProgress.Snapshot> captureProgress() {
        return capture.map(running -> running.progress().snapshot());
    }

    /** How far the archiver is; empty before it started. */
    public Optional<ArchiverProgress> archiverProgress() {
        return archiver.get().map(Archiver::progress);
    }

    /** What was started, for those who watch. */
    Observed observed() {
        return new Observed(
                states,
                capture.map(
                        running ->
                                () ->
                                        new CaptureLook(
                                                running.state(), running.progress().snapshot())),
                archives
                        ? Optional.of(() -> archiverProgress().orElse(ArchiverProgress.NONE))
                        : Optional.empty(),
                capture.map(running -> new Observed.Slot(parts::captured, parts.names().slot())),
                archives ? Optional.of(parts::store) : Optional.empty());
    }

    /**
     * Returns when this thread was interrupted, with all services stopped; throws what ended one of
     * them.
     */
    public void runUntilInterrupted() {
        Optional<RuntimeException> failure = Optional.empty();
        try {
            failure = ended.take().map(Services::asUnchecked);
        } catch (InterruptedException e) {
            log.info("stopping");
        }
        stopAfter(failure);
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    /** What ended a service is the error to tell; that another one hangs goes with it. */
    private void stopAfter(Optional<RuntimeException> failure) {
        try {
            stop();
        } catch (TidemarkException e) {
            failure.orElseThrow(() -> e).addSuppressed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static RuntimeException asUnchecked(Throwable failure) {
        if (failure instanceof RuntimeException unchecked) {
            return unchecked;
        }
        return TidemarkException.failed(
                "a service broke off: " + failure,
                "With OutOfMemoryError raise TIDEMARK_HEAP. Nothing is lost: start it again.",
                failure);
    }

    /**
     * Stops all services cleanly, each for itself. One that finishes its work where nobody answers,
     * as the archiver its last segment, is interrupted once more.
     *
     * @throws TidemarkException when some did not stop in time
     */
    public void stop() throws InterruptedException {
        long start = System.nanoTime();
        threads.forEach(Thread::interrupt);
        List<Thread> finishing = runningAt(start + FINISH_MAX.toNanos());
        finishing.forEach(Thread::interrupt);
        List<Thread> running = runningAt(start + STOP_MAX.toNanos());
        if (!running.isEmpty()) {
            throw TidemarkException.failed(
                    "%s did not stop within %d s"
                            .formatted(
                                    String.join(
                                            " and ",
                                            running.stream().map(Thread::getName).toList()),
                                    STOP_MAX.toSeconds()),
                    "Nothing is lost: what was not archived comes again from the change log.");
        }
    }

    /** Which services have not ended by then? Waits until all have, or it is then. */
    private List<Thread> runningAt(long deadline) throws InterruptedException {
        List<Thread> running = new ArrayList<>();
        for (Thread thread : threads) {
            long left = Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
            if (!thread.join(Duration.ofMillis(left))) {
                running.add(thread);
            }
        }
        return running;
    }

    /** Was one of them ended by an error? */
    public Optional<RuntimeException> failure() {
        return ended.stream().flatMap(Optional::stream).map(Services::asUnchecked).findFirst();
    }
}
