package dev.tidemark.cli.command;

import dev.tidemark.archive.ledger.Ledger;
import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/** Notes what a command did in the archive's ledger. */
final class LedgerNote {
    private final CommandContext context;
    private final Archive archive;
    private final long start = System.nanoTime();

    /** For a command that begins now. */
    LedgerNote(CommandContext context, Archive archive) {
        this.context = context;
        this.archive = archive;
    }

    /** It is finished. Who may only read the archive is warned; the answer stays what it is. */
    void add(LedgerEntry.Kind kind, boolean good, long bytes) {
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
                                    bytes));
        } catch (IOException | TidemarkException e) {
            context.warn(
                    "this is not noted in the archive's ledger: " + TidemarkException.reason(e));
        }
    }
}
