package dev.tidemark.cli.wiring;

import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archiver.merge.Merge;
import dev.tidemark.archiver.merge.MergeLimits;
import dev.tidemark.cli.metrics.ServiceState;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service that merges segments beside the archiver of this process, for as long as that is at
 * work. Runs in its caller's thread until that is interrupted. What broke off is begun again.
 */
final class Merging {
    private static final Logger log = LoggerFactory.getLogger(Merging.class);

    /** An hour that is over is merged within this. */
    private static final Duration LOOK = Duration.ofMinutes(5);

    /** After a failure: the archive is whole, and merging it can wait. */
    private static final Duration PAUSE = Duration.ofMinutes(15);

    private final Parts parts;
    private final ServiceState state;
    private final BooleanSupplier isArchiving;

    /**
     * For the archive of the configuration.
     *
     * @param state is told when it fails without ending
     * @param isArchiving is the archiver here at work? While it stands by, another one's process
     *     merges
     */
    Merging(Parts parts, ServiceState state, BooleanSupplier isArchiving) {
        this.parts = parts;
        this.state = state;
        this.isArchiving = isArchiving;
    }

    void run() throws InterruptedException {
        while (true) {
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
            if (!isArchiving.getAsBoolean()) {
                state.running(); // what failed here is another process' work now
            } else if (!mergedSafely()) {
                TimeUnit.NANOSECONDS.sleep(PAUSE.minus(LOOK).toNanos());
            }
        }
    }

    private boolean mergedSafely() throws InterruptedException {
        try {
            merge();
            state.running();
            return true;
        } catch (IOException | RuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while segments were merged");
            }
            state.retrying();
            log.error(
                    "merge: {}; trying again in {} min. HINT: {}",
                    e instanceof IOException broken
                            ? TidemarkException.reason(broken)
                            : e.getMessage(),
                    PAUSE.toMinutes(),
                    e instanceof TidemarkException said
                            ? said.hint()
                            : "The archive is whole, and archiving goes on.");
            log.debug("the failure was", e);
            return false;
        }
    }

    private void merge() throws IOException {
        LedgerPen pen = new LedgerPen(parts.clock());
        try (Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary("merge")) {
            Merge merge =
                    new Merge(archive, temporary.path(), parts.clock(), MergeLimits.DEFAULT, false);
            Merge.Done done;
            try {
                done = merge.run(Merge.Progress.NONE);
            } catch (TidemarkException e) {
                if (merge.isOvertaken()) {
                    log.info("merge: another process merges");
                    return;
                }
                throw e;
            }
            if (done.merged() > 0) {
                log.info(
                        "merged {} ({}) to {} ({})",
                        Figures.counted(done.replaced(), "segment"),
                        Figures.bytes(done.bytesBefore()),
                        done.merged(),
                        Figures.bytes(done.bytesAfter()));
                pen.note(archive, LedgerEntry.Kind.MERGE, true, done.bytesAfter());
            }
        }
    }
}
