package dev.tidemark.cli.wiring;

import dev.tidemark.archive.ledger.Ledger;
import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Notes in an archive's ledger what was done since this was made. Who may only read the archive is
 * told, and what was done stays as it is.
 */
public final class LedgerPen {
    private final Clock clock;
    private final Consumer<String> warnings;
    private final Predicate<LedgerEntry.Kind> isFailureNoted;
    private final long start = System.nanoTime();

    /**
     * For what begins now.
     *
     * @param warnings hears that something could not be noted
     */
    public LedgerPen(Clock clock, Consumer<String> warnings) {
        this(clock, warnings, any -> true);
    }

    /** The same, where not every failure is an entry. */
    LedgerPen(Clock clock, Consumer<String> warnings, Predicate<LedgerEntry.Kind> isFailureNoted) {
        this.clock = clock;
        this.warnings = warnings;
        this.isFailureNoted = isFailureNoted;
    }

    /**
     * Something that is done with an archive.
     *
     * @param <T> what comes of it
     * @param <X> what it throws beside failures of the archive, and that is no failure, if anything
     */
    public interface Work<T, X extends Exception> {
        T run() throws IOException, X;
    }

    /** A look at what stands in the way. */
    public interface Check<X extends Exception> {
        void run() throws IOException, X;
    }

    /**
     * Does it, and notes that it ended well, or that it did not. An interrupt is no end of its own,
     * and is not noted; nor is that a disk has no room for what is to be written.
     *
     * @param bytes what the entry says of it; empty when there was nothing to do, and so is nothing
     *     to note
     */
    public <T, X extends Exception> T noting(
            Archive archive,
            LedgerEntry.Kind kind,
            Work<T, X> work,
            Function<T, OptionalLong> bytes)
            throws IOException, X {
        T done;
        try {
            done = work.run();
        } catch (IOException | RuntimeException | Error e) {
            if (!DiskRoom.isForRoom(e)) {
                noteFailure(archive, kind);
            }
            throw e;
        }
        bytes.apply(done).ifPresent(size -> note(archive, kind, true, size));
        return done;
    }

    /** What is looked at before it begins: to refuse it is no entry, and to fail is one. */
    public <X extends Exception> void checking(
            Archive archive, LedgerEntry.Kind kind, Check<X> check) throws IOException, X {
        unlessRefused(
                archive,
                kind,
                () -> {
                    check.run();
                    return true;
                });
    }

    /**
     * Does it, and notes when it fails; to be refused is no entry, and the caller notes its end.
     */
    <T, X extends Exception> T unlessRefused(
            Archive archive, LedgerEntry.Kind kind, Work<T, X> work) throws IOException, X {
        try {
            return work.run();
        } catch (IOException | RuntimeException | Error e) {
            boolean isRefusal =
                    e instanceof TidemarkException said
                            && said.kind() != TidemarkException.Kind.FAILED;
            if (!isRefusal) {
                noteFailure(archive, kind);
            }
            throw e;
        }
    }

    private void noteFailure(Archive archive, LedgerEntry.Kind kind) {
        if (!Thread.currentThread().isInterrupted() && isFailureNoted.test(kind)) {
            note(archive, kind, false, 0);
        }
    }

    /** That the archive stood still, and nothing was lost. */
    void note(Archive archive, Outages.Outage outage) {
        safely(() -> write(archive, LedgerEntry.Kind.OUTAGE, outage.to(), true, outage.took(), 0));
    }

    /** It is finished. */
    public void note(Archive archive, LedgerEntry.Kind kind, boolean good, long bytes) {
        safely(() -> write(archive, kind, clock.instant(), good, took(), bytes));
    }

    /** The same of what took several runs, the first of which began then. */
    public void note(
            Archive archive, LedgerEntry.Kind kind, boolean good, long bytes, Instant began) {
        Instant now = clock.instant();
        safely(() -> write(archive, kind, now, good, Duration.between(began, now), bytes));
    }

    /** The same of what took so long, where that is known only later. */
    void note(Archive archive, LedgerEntry.Kind kind, boolean good, long bytes, Duration took) {
        safely(() -> write(archive, kind, clock.instant(), good, took, bytes));
    }

    /** A drill is finished, or it ended otherwise. */
    void note(Archive archive, LedgerEntry.Drill drill, boolean good, long bytes) {
        safely(
                () ->
                        archive.ledger()
                                .add(
                                        entry(
                                                        LedgerEntry.Kind.DRILL,
                                                        clock.instant(),
                                                        archive.state().last(),
                                                        good,
                                                        took(),
                                                        bytes,
                                                        Optional.of(by()))
                                                .proving(drill)));
    }

    /** A drill of another process ended without an entry, and so not well. */
    void note(Parts parts, LedgerEntry.Drill drill) {
        safely(
                () -> {
                    try (Archive archive = parts.archive()) {
                        note(archive, drill, false, 0);
                    }
                });
    }

    /** The same in an archive that is opened for it. */
    public void note(Parts parts, LedgerEntry.Kind kind, boolean good, long bytes) {
        safely(
                () -> {
                    try (Archive archive = parts.archive()) {
                        write(archive, kind, clock.instant(), good, took(), bytes);
                    }
                });
    }

    /**
     * The same where the archive cannot be opened, and so nobody knows whether texts are to be
     * encrypted: by whom is left out.
     *
     * @param last the number of the newest manifest that there is
     */
    public void noteUnopened(Parts parts, LedgerEntry.Kind kind, long last) {
        safely(
                () -> {
                    try (ObjectStore store = parts.store()) {
                        new Ledger(store)
                                .add(
                                        entry(
                                                kind,
                                                clock.instant(),
                                                last,
                                                false,
                                                took(),
                                                0,
                                                Optional.empty()));
                    }
                });
    }

    /** How long it took until now. */
    Duration took() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private interface Entry {
        void write() throws IOException;
    }

    private void safely(Entry entry) {
        try {
            entry.write();
        } catch (IOException | TidemarkException e) {
            warnings.accept(
                    "this is not noted in the archive's ledger: " + TidemarkException.reason(e));
        }
    }

    private static void write(
            Archive archive,
            LedgerEntry.Kind kind,
            Instant time,
            boolean good,
            Duration took,
            long bytes)
            throws IOException {
        archive.ledger()
                .add(
                        entry(
                                kind,
                                time,
                                archive.state().last(),
                                good,
                                took,
                                bytes,
                                Optional.of(by())));
    }

    private static LedgerEntry entry(
            LedgerEntry.Kind kind,
            Instant time,
            long last,
            boolean good,
            Duration took,
            long bytes,
            Optional<String> by) {
        return new LedgerEntry(
                Ledger.FORMAT,
                kind,
                time.truncatedTo(ChronoUnit.MILLIS),
                last,
                good,
                took.toMillis(),
                bytes,
                by);
    }

    /** The JVM's own name is its process and, behind an at sign, the machine. */
    private static String by() {
        String process = ManagementFactory.getRuntimeMXBean().getName();
        return System.getProperty("user.name") + "@" + process.substring(process.indexOf('@') + 1);
    }
}
