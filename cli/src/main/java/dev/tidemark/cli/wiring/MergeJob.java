package dev.tidemark.cli.wiring;

import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archiver.merge.Merge;
import dev.tidemark.archiver.merge.MergeLimits;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.util.Optional;

/** Merges the archive's segments; needs neither source nor Kafka. */
public final class MergeJob {
    private MergeJob() {}

    /**
     * Merges what is ready for it.
     *
     * @param pen notes it
     * @param isOpenToo also what was committed in an hour that is not over
     */
    public static Merge.Done run(Parts parts, Progress progress, LedgerPen pen, boolean isOpenToo) {
        try (Archive archive = parts.archiveAtPace();
                TemporaryFolder temporary = parts.temporary("merge");
                Bar bar = new Bar(progress)) {
            archive.checkSigning();
            Merge merge =
                    new Merge(
                            archive,
                            temporary.path(),
                            parts.clock(),
                            MergeLimits.DEFAULT,
                            isOpenToo);
            return pen.noting(
                    archive, LedgerEntry.Kind.MERGE, () -> merge.run(bar), Merge.Done::bytesIfAny);
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot merge: " + TidemarkException.reason(e),
                    "Check that the archive can be reached and written, and that temporary-directory has room. The archive"
                            + " is whole: run the command again, it goes on where it stopped.",
                    e);
        }
    }

    private static final class Bar implements Merge.Progress, AutoCloseable {
        private final Progress progress;
        private Optional<Progress.Task> task = Optional.empty();
        private long read;

        Bar(Progress progress) {
            this.progress = progress;
        }

        @Override
        public void begin(long changes) {
            task = Optional.of(progress.start("merge", changes, Progress.Unit.ROWS));
        }

        @Override
        public void read(long changes) {
            task.orElseThrow().advance(changes - read);
            read = changes;
        }

        @Override
        public void close() {
            task.ifPresent(Progress.Task::close);
        }
    }
}
