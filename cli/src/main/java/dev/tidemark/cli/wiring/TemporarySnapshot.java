package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.capture.prepare.SourceSnapshot;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The source as of one position, under a slot that goes with the snapshot. */
final class TemporarySnapshot {
    private static final Logger log = LoggerFactory.getLogger(TemporarySnapshot.class);

    private TemporarySnapshot() {}

    /**
     * Takes it. The server waits for all transactions that write, for minutes, and an interrupt
     * does not end that: so another thread waits for it, and cleans up when nobody wants the answer
     * any more.
     *
     * @param slot what the slot's name begins with
     * @throws TidemarkException when it cannot be had, or the source is not the archive's
     */
    static SourceSnapshot take(Database source, Archive archive, String slot)
            throws InterruptedException {
        FutureTask<SourceSnapshot> task =
                new FutureTask<>(
                        () -> SourceSnapshot.createTemporary(source, slot + archive.writer()));
        Thread.ofPlatform().daemon().name("source-snapshot").start(task);
        try {
            return checked(task.get(), archive);
        } catch (InterruptedException e) {
            Thread.ofPlatform().daemon().start(() -> closeLater(task));
            throw e;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof TidemarkException said
                    ? said
                    : new IllegalStateException(e);
        }
    }

    private static void closeLater(FutureTask<SourceSnapshot> task) {
        try {
            task.get().close();
        } catch (InterruptedException | ExecutionException | TidemarkException e) {
            log.debug("nothing to clean up", e);
        }
    }

    private static SourceSnapshot checked(SourceSnapshot snapshot, Archive archive) {
        int timeline = archive.state().newest().orElseThrow().timeline();
        if (!snapshot.systemId().equals(archive.systemId()) || snapshot.timeline() != timeline) {
            snapshot.close();
            throw TidemarkException.failed(
                    "the source is system %s on timeline %d, and the archive's is system %s on timeline %d"
                            .formatted(
                                    snapshot.systemId(),
                                    snapshot.timeline(),
                                    archive.systemId(),
                                    timeline),
                    "Capture refuses it too: 'tidemark base --from-source' takes a new base and records the gap.");
        }
        return snapshot;
    }
}
