package dev.tidemark.archiver.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.NamedWriter;
import dev.tidemark.archive.store.FaultyObjectStore;
import dev.tidemark.archive.store.FaultyObjectStore.Fault;
import dev.tidemark.archiver.Archiver;
import dev.tidemark.archiver.segment.SegmentLimits;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One process of an archiver, from opening the archive to its end. A step is one operation of the
 * store or of the log.
 */
final class ArchiverProcess {
    private static final int BATCH_MAX = 8; // records; small, so that much happens between two

    private final Site site;
    private final String name;
    private final Path folder;
    private final SegmentLimits limits;
    private final Fates fates;
    private final Stepped stepped;
    private final SlowStore slow;
    private final LogMember member;
    private volatile boolean publishing;
    private boolean wasKilled;
    private boolean wasInterrupted;
    private long steps;

    /**
     * A process that has not begun.
     *
     * @param number of it in this simulation: no other has it
     */
    ArchiverProcess(Site site, int number, SegmentLimits limits, Fates fates) throws IOException {
        this.site = site;
        this.name = "%08x".formatted(number);
        this.folder = Files.createDirectory(site.folder.resolve(name));
        this.limits = limits;
        this.fates = fates;
        this.slow = new SlowStore(site.store, site.underWay, this::isLate);
        this.stepped = new Stepped("archiver-" + name, this::run);
        this.member =
                new LogMember(
                        site.topic, this::ofLogCall, () -> 1 + site.random.nextInt(BATCH_MAX));
    }

    private void run() throws IOException {
        FaultyObjectStore store = new FaultyObjectStore(slow, this::ofStoreCall);
        try (Archive archive = NamedWriter.open(store, name)) {
            archive.collectGarbage();
            new Archiver(archive, limits, folder, Clock.fixed(Samples.NOON, ZoneOffset.UTC))
                    .run(member);
        }
    }

    private Optional<Fault> ofStoreCall(int call) {
        if (!stepped.isCaller()) {
            return noted(fates.ofParallelRead()); // it waits for them
        }
        stepped.pause();
        if (Thread.currentThread().isInterrupted()) { // what was sent may have arrived
            return Optional.of(site.random.nextBoolean() ? Fault.BEFORE : Fault.AFTER);
        }
        return noted(fates.ofStoreCall());
    }

    private Optional<Fault> ofLogCall() {
        stepped.pause();
        return noted(fates.ofLogCall());
    }

    private Optional<Fault> noted(Optional<Fault> fault) {
        fault.ifPresent(one -> site.note(name + " meets " + one));
        return fault;
    }

    private boolean isLate(String object) {
        if (object.startsWith("manifests/")) {
            publishing = true; // the files are there, and nothing counts yet
            stepped.pause();
            publishing = false;
        }
        boolean isLate = fates.isLate();
        if (isLate) {
            site.note("what " + name + " wrote is under way: " + object);
        }
        return isLate;
    }

    String name() {
        return name;
    }

    LogMember member() {
        return member;
    }

    /** Is it about to create a manifest? */
    boolean isPublishing() {
        return publishing;
    }

    int lostRaces() {
        return slow.lostRaces();
    }

    /** How many operations it began. */
    long steps() {
        return steps;
    }

    boolean hasEnded() {
        return stepped.hasEnded();
    }

    /** Lets it do so many things, or all up to its end. */
    void steps(int stepsMax) throws IOException {
        for (int i = 0; i < stepsMax && !hasEnded(); i++) {
            step();
        }
    }

    private void step() throws IOException {
        steps++;
        stepped.step();
        if (stepped.hasEnded()) {
            site.topic.leave(member);
            checkEnd();
        }
    }

    /** It is told to stop, whatever it is doing. */
    void interrupt() {
        if (!hasEnded()) {
            wasInterrupted = true;
            site.note(name + " is interrupted");
            stepped.interrupt();
        }
    }

    /** It is gone, and its group does not know yet. */
    void kill() throws IOException {
        if (hasEnded()) {
            return;
        }
        wasKilled = true;
        stepped.kill();
        checkEnd();
    }

    /** What it ended with, if that was an error. */
    Optional<String> failure() {
        return stepped.failure().map(Throwable::getMessage);
    }

    private void checkEnd() throws IOException {
        site.note(
                name + " ended: " + stepped.failure().map(ArchiverProcess::inShort).orElse("well"));
        if (stepped.failure().isPresent() && !isExpected(stepped.failure().get())) {
            throw new AssertionError("archiver " + name + " failed", stepped.failure().get());
        }
        if (wasInterrupted) {
            deleteFiles(); // local files are closed by an interrupt; its folder is the caller's
        }
        assertThat(folder).describedAs("what archiver %s leaves", name).isEmptyDirectory();
        Files.delete(folder);
    }

    private void deleteFiles() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    /** Of many reads at a time that fail, any may be the first. */
    private static String inShort(Throwable failure) {
        return isInjected(failure) ? "a failed operation" : failure.toString();
    }

    private static boolean isInjected(Throwable failure) {
        return String.valueOf(failure.getMessage()).contains("injected failure");
    }

    private static boolean isInterrupt(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof ClosedByInterruptException
                || failure instanceof InterruptedIOException
                || (cause != null && isInterrupt(cause));
    }

    /** Is it how an archiver stops at what the log has lost? */
    static boolean saysOfLoss(String message) {
        return message.startsWith("the change log has a hole before record")
                || message.contains("in the change log has more or fewer large values")
                || message.contains("which neither catalog nor stream describe");
    }

    private boolean isExpected(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        boolean isGone =
                message.contains("out of range") || message.contains("and the archive needs");
        return wasKilled
                || (wasInterrupted && isInterrupt(failure))
                || isInjected(failure)
                || (isGone && site.topic.first() > 0)
                || (saysOfLoss(message) && site.topic.hasLost());
    }
}
