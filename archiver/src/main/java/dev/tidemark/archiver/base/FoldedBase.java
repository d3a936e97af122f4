package dev.tidemark.archiver.base;

import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.FoldedDatabase;
import dev.tidemark.archive.fold.TableFold;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Span;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a base of all tables from what the archive holds, as of the end of its newest segment: a
 * restore to a later moment reads no change before it. Nobody asks the source. For one thread; used
 * once.
 *
 * <p>Of tables that did not change since the base that the archive has of them nothing is copied:
 * the new base names those files. Tables whose rows are not known stay so. If it breaks off,
 * nothing counts, and what it uploaded is garbage.
 */
public final class FoldedBase {
    private final Archive archive;
    private final Path temporary;
    private final BesideArchiver committer;
    private final BaseBuilder builder;
    private final RestorePlan plan;
    private final Manifest end;

    private FoldedBase(
            Archive archive, Path temporary, Clock clock, BesideArchiver committer, Manifest end)
            throws IOException {
        this.archive = archive;
        this.temporary = temporary;
        this.committer = committer;
        this.builder = BaseBuilder.ofVersions(archive, temporary, clock);
        this.plan = new Planner(archive, temporary).plan(new Target(new Moment.Latest(), false));
        this.end = end;
    }

    /**
     * Begins one.
     *
     * @param temporary a folder of its own on local disk
     * @return empty when the archive has a base as of its end already
     */
    public static Optional<FoldedBase> begin(Archive archive, Path temporary, Clock clock)
            throws IOException {
        archive.refresh();
        if (isThere(archive)) {
            return Optional.empty();
        }
        var committer = new BesideArchiver(archive, clock, Manifest.Kind.FOLDED_BASE_BEGUN);
        committer.begin();
        Manifest end = archive.state().stretches().getLast().end();
        return Optional.of(new FoldedBase(archive, temporary, clock, committer, end));
    }

    private static boolean isThere(Archive archive) {
        Stretch newest =
                archive.state().stretches().reversed().stream()
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        TidemarkException.refused(
                                                "the archive "
                                                        + archive.url()
                                                        + " holds no base yet",
                                                "Wait until 'tidemark init' has finished, or run it again."));
        Position there = newest.to();
        return there.equals(newest.from())
                || newest.foldedBases().stream().anyMatch(base -> base.span().to().equals(there));
    }

    /** How many changes there are to read. */
    public long changes() {
        return plan.changes();
    }

    /** Hears how far it is. */
    public interface Progress {
        /** So many changes were read so far. */
        void read(long changes);

        /** So many more rows were written. */
        void wrote(long rows);
    }

    /**
     * What was made.
     *
     * @param rows of all tables
     * @param tables that hold rows
     * @param changed those of them that had changed, and were written
     * @param bytes written; the rest is in files of bases before
     * @param unknown names of tables whose rows are not known
     */
    public record Made(
            Manifest manifest,
            long rows,
            int tables,
            int changed,
            long bytes,
            List<String> unknown) {
        public Made {
            unknown = List.copyOf(unknown);
        }
    }

    /**
     * Makes and publishes it.
     *
     * @throws TidemarkException when the archive is not exact at its end, or somebody else began
     *     meanwhile
     */
    public Made run(Progress progress) throws IOException {
        FoldedDatabase folded = Fold.runKnown(archive, plan, temporary, progress::read);
        List<FileRef> files = new ArrayList<>();
        int changed = 0;
        for (TableFold table : folded.tables()) {
            Optional<List<FileRef>> unchanged = table.unchangedFiles();
            if (unchanged.isPresent()) {
                files.addAll(unchanged.get());
            } else {
                write(table, progress);
                changed++;
            }
        }
        List<FileRef> written = builder.files();
        files.addAll(written);
        return new Made(
                publish(folded.catalog(), files),
                files.stream().mapToLong(FileRef::rows).sum(),
                folded.tables().size(),
                changed,
                written.stream().mapToLong(FileRef::bytes).sum(),
                folded.withoutRows().stream().map(Table::displayName).toList());
    }

    private void write(TableFold table, Progress progress) throws IOException {
        BaseBuilder.Part part = builder.part(table.table(), 0);
        try {
            table.rows(
                    row -> {
                        part.add(row);
                        progress.wrote(1);
                    });
        } catch (IOException | RuntimeException e) {
            part.discard();
            throw e;
        }
        part.close();
    }

    private Manifest publish(Catalog catalog, List<FileRef> files) throws IOException {
        List<FileRef> all = new ArrayList<>(files);
        all.add(archive.upload(catalog));
        Position there = end.span().to();
        Span span =
                new Span(
                        there,
                        there,
                        end.span().lastCommit(),
                        end.span().lastCommit(),
                        end.span().latestCommit(),
                        0,
                        0);
        for (int attempt = 0; ; attempt++) {
            if (!committer.isOurs()) {
                throw TidemarkException.failed(
                        "another process began to make a base of the archive " + archive.url(),
                        "One of them is enough: it goes on alone.");
            }
            FileRef newest = archive.state().catalog().orElseThrow();
            if (committer.commit(attempt, Manifest.Kind.FOLDED_BASE, span, newest, all)) {
                return archive.state().manifests().getLast();
            }
        }
    }
}
