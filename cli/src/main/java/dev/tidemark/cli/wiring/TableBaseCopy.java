package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archiver.base.BaseBuilder;
import dev.tidemark.archiver.base.TableBaseCommitter;
import dev.tidemark.capture.prepare.SourceSnapshot;
import dev.tidemark.capture.prepare.TableCursor;
import dev.tidemark.capture.prepare.TablePart;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies tables of the source for a base of them, under the snapshot of a temporary slot, as the
 * role of capture. Capture goes on beside it. Used once.
 */
final class TableBaseCopy {
    private static final Logger log = LoggerFactory.getLogger(TableBaseCopy.class);

    private final Parts parts;
    private final Archive archive;
    private final int jobs;
    private final Progress progress;

    /**
     * @param jobs parts of tables that are copied side by side
     */
    TableBaseCopy(Parts parts, Archive archive, int jobs, Progress progress) {
        this.parts = parts;
        this.archive = archive;
        this.jobs = jobs;
        this.progress = progress;
    }

    /** Chooses and keeps the tables, in a session of the snapshot that stays open meanwhile. */
    interface Choice {
        List<TablePart> of(Connection session);
    }

    /**
     * Copies.
     *
     * @return what the committer publishes once the archive has reached its position
     * @throws TidemarkException when the source cannot be read, or is not the archive's
     */
    TableBaseCommitter.Copied run(TableBaseCommitter committer, BaseBuilder base, Choice choice)
            throws IOException, InterruptedException {
        boolean isWhole = false;
        progress.say(
                "Waiting until all transactions have ended that are writing in the source at the moment.");
        try (SourceSnapshot snapshot = snapshot();
                Connection session = snapshot.session()) {
            List<TablePart> tableParts = choice.of(session);
            committer.begin(); // only now: what begins in vain would cost the archiver a segment
            BaseCopy.run(snapshot, tableParts, base, jobs, TableCursor::copy, progress);
            isWhole = true;
            return new TableBaseCommitter.Copied(
                    snapshot.position(),
                    snapshot.latestCommit(),
                    tableParts.stream().map(TablePart::table).distinct().toList(),
                    base.files());
        } catch (SQLException e) {
            throw closed(e);
        } finally {
            if (!isWhole) {
                archive.discard(base.files());
            }
        }
    }

    /** A session of it could not be closed. */
    static TidemarkException closed(SQLException e) {
        return TidemarkException.failed(
                "the source closed a session of the base: " + TidemarkException.reason(e),
                "Look at the source's log.",
                e);
    }

    /**
     * The server waits for all transactions that write, for minutes, and an interrupt does not end
     * that: so another thread waits for it, and cleans up when nobody wants the answer any more.
     */
    private SourceSnapshot snapshot() throws InterruptedException {
        Database source = parts.source();
        FutureTask<SourceSnapshot> task =
                new FutureTask<>(
                        () ->
                                SourceSnapshot.createTemporary(
                                        source, "tidemark_base_" + archive.writer()));
        Thread.ofPlatform().daemon().name("base-snapshot").start(task);
        try {
            return checked(task.get());
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

    private SourceSnapshot checked(SourceSnapshot snapshot) {
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
