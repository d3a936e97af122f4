package dev.tidemark.cli.wiring;

import dev.tidemark.archive.ledger.Ledger;
import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Notes in an archive's ledger what was done since this was made. */
public final class LedgerPen {
    private final Clock clock;
    private final long start = System.nanoTime();

    public LedgerPen(Clock clock) {
        this.clock = clock;
    }

    /** It is finished. */
    public void note(Archive archive, LedgerEntry.Kind kind, boolean good, long bytes)
            throws IOException {
        archive.ledger()
                .add(
                        new LedgerEntry(
                                Ledger.FORMAT,
                                kind,
                                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                                archive.state().last(),
                                good,
                                Duration.ofNanos(System.nanoTime() - start).toMillis(),
                                bytes,
                                Optional.of(by())));
    }

    /** The JVM's own name is its process and, behind an at sign, the machine. */
    private static String by() {
        String process = ManagementFactory.getRuntimeMXBean().getName();
        return System.getProperty("user.name") + "@" + process.substring(process.indexOf('@') + 1);
    }
}
