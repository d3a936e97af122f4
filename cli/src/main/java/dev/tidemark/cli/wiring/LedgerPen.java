package dev.tidemark.cli.wiring;

import dev.tidemark.archive.ledger.Ledger;
import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Notes in an archive's ledger what was done since this was made. */
public final class LedgerPen {
    private final Clock clock;
    private final long start = System.nanoTime();

    public LedgerPen(Clock clock) {
        this.clock = clock;
    }

    /** That the archive stood still, and nothing was lost. */
    void note(Archive archive, Outages.Outage outage) throws IOException {
        write(archive, LedgerEntry.Kind.OUTAGE, outage.to(), true, outage.took(), 0);
    }

    /** It is finished. */
    public void note(Archive archive, LedgerEntry.Kind kind, boolean good, long bytes)
            throws IOException {
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        write(archive, kind, clock.instant(), good, took, bytes);
    }

    /** The same of what took several runs, the first of which began then. */
    public void note(
            Archive archive, LedgerEntry.Kind kind, boolean good, long bytes, Instant began)
            throws IOException {
        Instant now = clock.instant();
        write(archive, kind, now, good, Duration.between(began, now), bytes);
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
                        new LedgerEntry(
                                Ledger.FORMAT,
                                kind,
                                time.truncatedTo(ChronoUnit.MILLIS),
                                archive.state().last(),
                                good,
                                took.toMillis(),
                                bytes,
                                Optional.of(by())));
    }

    /** The JVM's own name is its process and, behind an at sign, the machine. */
    private static String by() {
        String process = ManagementFactory.getRuntimeMXBean().getName();
        return System.getProperty("user.name") + "@" + process.substring(process.indexOf('@') + 1);
    }
}
