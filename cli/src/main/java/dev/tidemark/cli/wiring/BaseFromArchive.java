package dev.tidemark.cli.wiring;

import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archiver.base.FoldedBase;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Makes a base of all tables from what the archive holds; needs neither source nor Kafka. */
public final class BaseFromArchive {
    private BaseFromArchive() {}

    /**
     * Makes one.
     *
     * @param pen notes it, once there is something to make
     * @param goingOn hears of one that broke off, if this goes on with it
     * @return empty when the archive has a base as of its end already
     */
    public static Optional<FoldedBase.Made> run(
            Parts parts, Progress progress, LedgerPen pen, Consumer<FoldedBase.GoesOn> goingOn) {
        try (Archive archive = parts.archiveAtPace();
                TemporaryFolder temporary = parts.temporary("base")) {
            archive.checkSigning();
            Optional<FoldedBase> base = FoldedBase.begin(archive, temporary.path(), parts.clock());
            if (base.isEmpty()) {
                return Optional.empty();
            }
            base.get().goesOn().ifPresent(goingOn);
            try (Bars bars = new Bars(progress, base.get().changes())) {
                int jobs = Runtime.getRuntime().availableProcessors();
                return Optional.of(
                        pen.noting(
                                archive,
                                LedgerEntry.Kind.BASE,
                                () -> base.get().run(jobs, bars),
                                made -> OptionalLong.of(made.bytes())));
            }
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot make the base: " + TidemarkException.reason(e),
                    "Check that the archive can be reached and written, and that temporary-directory has room. The archive"
                            + " is as it was: run the command again.",
                    e);
        }
    }

    /** Two parts of the work, one after the other. */
    private static final class Bars implements FoldedBase.Progress, AutoCloseable {
        private final Progress progress;
        private final Progress.Task folding;
        private Optional<Progress.Task> writing = Optional.empty();
        private long read;

        Bars(Progress progress, long changes) {
            this.progress = progress;
            this.folding = progress.start("fold", changes, Progress.Unit.ROWS);
        }

        @Override
        public void read(long changes) {
            folding.advance(changes - read);
            read = changes;
        }

        @Override
        public void wrote(long rows) {
            if (writing.isEmpty()) {
                folding.close();
                writing = Optional.of(progress.start("base", Progress.UNKNOWN, Progress.Unit.ROWS));
            }
            writing.get().advance(rows);
        }

        @Override
        public void close() {
            writing.orElse(folding).close();
        }
    }
}
