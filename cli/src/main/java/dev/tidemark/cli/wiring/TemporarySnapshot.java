package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.capture.prepare.SlotWait;
import dev.tidemark.capture.prepare.SourceSnapshot;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The source as of one position, under a slot that goes with the snapshot. */
final class TemporarySnapshot {
    private static final Logger log = LoggerFactory.getLogger(TemporarySnapshot.class);

    /** A name is used once: the server takes a moment to drop the slot of a session that ended. */
    private static final int NAME_BYTES = 8;

    /** A wait that is cancelled is over in a moment; a server that hangs is not waited for. */
    private static final Duration END_MAX = Duration.ofSeconds(3);

    private TemporarySnapshot() {}

    /**
     * Takes it. The server waits for all transactions that write, for minutes, and an interrupt
     * does not end that: so another thread waits for it, and is told to end when nobody wants the
     * answer any more.
     *
     * @param slot what the slot's name begins with
     * @throws TidemarkException when it cannot be had, or the source is not the archive's
     */
    static SourceSnapshot take(Database source, Archive archive, String slot)
            throws InterruptedException {
        String name = slot + random();
        SlotWait wait = new SlotWait();
        FutureTask<SourceSnapshot> task =
                new FutureTask<>(() -> SourceSnapshot.createTemporary(source, name, wait));
        Thread.ofPlatform().daemon().name("source-snapshot").start(task);
        try {
            return checked(task.get(), archive);
        } catch (InterruptedException e) {
            end(task, wait);
            throw e;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof TidemarkException said
                    ? said
                    : new IllegalStateException(e);
        }
    }

    private static String random() {
        byte[] bytes = new byte[NAME_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** The process may end next, and a server goes on waiting for who is gone. */
    private static void end(FutureTask<SourceSnapshot> task, SlotWait wait)
            throws InterruptedException {
        Thread cleaner = Thread.ofPlatform().daemon().start(() -> closeLater(task, wait));
        cleaner.join(END_MAX);
    }

    private static void closeLater(FutureTask<SourceSnapshot> task, SlotWait wait) {
        try {
            wait.cancel();
            task.get().close();
        } catch (InterruptedException | ExecutionException | SQLException | TidemarkException e) {
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

    /**
     * A session of a snapshot could not be closed.
     *
     * @param whose base, drill
     */
    static TidemarkException closed(String whose, SQLException e) {
        return TidemarkException.failed(
                "the source closed a session of the %s: %s"
                        .formatted(whose, TidemarkException.reason(e)),
                "Look at the source's log.",
                e);
    }
}
