package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archiver.base.BaseBuilder;
import dev.tidemark.archiver.base.TableBaseCommitter;
import dev.tidemark.capture.prepare.SourceSnapshot;
import dev.tidemark.capture.prepare.TableCursor;
import dev.tidemark.capture.prepare.TablePart;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Copies tables of the source for a base of them, under the snapshot of a temporary slot, as the
 * role of capture. Capture goes on beside it. Used once.
 */
final class TableBaseCopy {
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
        try (SourceSnapshot snapshot =
                        TemporarySnapshot.take(parts.source(), archive, "tidemark_base_");
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
            throw TemporarySnapshot.closed("base", e);
        } finally {
            if (!isWhole) {
                archive.discard(base.files());
            }
        }
    }
}
