package dev.tidemark.archiver.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.store.FaultyObjectStore;
import dev.tidemark.archive.store.FaultyObjectStore.Fault;
import dev.tidemark.archive.store.ObjectStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One process that works with the archive's store, from its start to its end. A step is one
 * operation of the store, or whatever else it pauses before.
 */
final class Program {
    /** What it does, with local files in a folder of its own. */
    interface Body {
        void run(ObjectStore store, Path folder) throws IOException;
    }

    private final Site site;
    private final String name;
    private final Path folder;
    private final Fates fates;
    private final Body body;
    private final Predicate<String> isExpected;
    private final Stepped stepped;
    private final SlowStore slow;
    private volatile boolean publishing;
    private boolean wasKilled;
    private boolean wasInterrupted;
    private long steps;

    /**
     * One that has not begun.
     *
     * @param number of it in this simulation: no other has it
     * @param isExpected may it end with this message?
     */
    Program(Site site, int number, Fates fates, Body body, Predicate<String> isExpected)
            throws IOException {
        this.site = site;
        this.name = "%08x".formatted(number);
        this.folder = Files.createDirectory(site.folder.resolve(name));
        this.fates = fates;
        this.body = body;
        this.isExpected = isExpected;
        this.slow = new SlowStore(site.store, site.underWay, this::isLate);
        this.stepped = new Stepped("program-" + name, this::run);
    }

    private void run() throws IOException {
        body.run(new FaultyObjectStore(slow, this::ofStoreCall), folder);
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

    /** The next call of the log, which is a step too. */
    Optional<Fault> ofLogCall() {
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

    /** Lets it do one thing. */
    void step() throws IOException {
        steps++;
        stepped.step();
        if (stepped.hasEnded()) {
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

    /** Ends it where it stands. */
    void kill() throws IOException {
        if (!hasEnded()) {
            wasKilled = true;
            stepped.kill();
            checkEnd();
        }
    }

    /** What it ended with, if that was an error. */
    Optional<String> failure() {
        return stepped.failure().map(Throwable::getMessage);
    }

    private void checkEnd() throws IOException {
        site.note(name + " ended: " + stepped.failure().map(Program::inShort).orElse("well"));
        if (stepped.failure().isPresent() && !isExpected(stepped.failure().get())) {
            throw new AssertionError("program " + name + " failed", stepped.failure().get());
        }
        if (wasInterrupted) {
            deleteFiles(folder); // local files are closed by an interrupt; the caller deletes them
        }
        assertThat(folder).describedAs("what program %s leaves", name).isEmptyDirectory();
        Files.delete(folder);
    }

    static void deleteFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private boolean isExpected(Throwable failure) {
        return wasKilled
                || (wasInterrupted && isInterrupt(failure))
                || isInjected(failure)
                || isExpected.test(String.valueOf(failure.getMessage()));
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
}
