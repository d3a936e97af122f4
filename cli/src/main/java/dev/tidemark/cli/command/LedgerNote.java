package dev.tidemark.cli.command;

import dev.tidemark.archive.ledger.Ledger;
import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Notes what a command did in the archive's ledger. */
final class LedgerNote {
    private final CommandContext context;
    private final long start = System.nanoTime();

    /** For a command that begins now. */
    LedgerNote(CommandContext context) {
        this.context = context;
    }

    /** It is finished. Who may only read the archive is warned; the answer stays what it is. */
    void add(Archive archive, LedgerEntry.Kind kind, boolean good, long bytes) {
        long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
        try {
            archive.ledger()
                    .add(
                            new LedgerEntry(
                                    Ledger.FORMAT,
                                    kind,
                                    context.clock().instant().truncatedTo(ChronoUnit.MILLIS),
                                    archive.state().last(),
                                    good,
                                    millis,
                                    bytes,
                                    Optional.of(by())));
        } catch (IOException | TidemarkException e) {
            context.warn(
                    "this is not noted in the archive's ledger: " + TidemarkException.reason(e));
        }
    }

    /** The same in an archive that is opened for it. */
    void add(Parts parts, LedgerEntry.Kind kind, long bytes) {
        try (Archive archive = parts.archive()) {
            add(archive, kind, true, bytes);
        } catch (IOException | TidemarkException e) {
            context.warn(
                    "this is not noted in the archive's ledger: " + TidemarkException.reason(e));
        }
    }

    /** The JVM's own name is its process and, behind an at sign, the machine. */
    private static String by() {
        String process = ManagementFactory.getRuntimeMXBean().getName();
        return System.getProperty("user.name") + "@" + process.substring(process.indexOf('@') + 1);
    }
}
