package dev.tidemark.archiver.base;

import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.FoldedDatabase;
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
 * <p>Files of the base that the archive has, none of whose rows changed since, are not copied: the
 * new base names them too. Tables whose rows are not known stay so. If it breaks off, nothing
 * counts, and what it uploaded is garbage.
 */
public final class FoldedBase {
    private final Archive archive;
    private final Path temporary;
    private final BesideArchiver committer;
    private final BaseBuilder builder;
    private final RestorePlan plan;
    private final long memory;
    private final PartLimits limits;
    private final Stretch stretch;
    private final long plannedAt; // the newest manifest then

    private FoldedBase(
            Archive archive,
            Path temporary,
            BaseBuilder builder,
            BesideArchiver committer,
            RestorePlan plan,
            long memory,
            PartLimits limits) {
        this.archive = archive;
        this.temporary = temporary;
        this.builder = builder;
        this.committer = committer;
        this.plan = plan;
        this.memory = memory;
        this.limits = limits;
        this.stretch = archive.state().stretchOf(plan.base());
        this.plannedAt = archive.state().last();
    }

    /**
     * Begins one.
     *
     * @param temporary a folder of its own on local disk
     * @return empty when a restore to the archive's end begins with a base as of there already
     */
    public static Optional<FoldedBase> begin(Archive archive, Path temporary, Clock clock)
            throws IOException {
        return begin(archive, temporary, Fold.memory(), clock);
    }

    /**
     * The same in other memory.
     *
     * @param memory bytes that changes may take before they go to local disk, nearly
     */
    public static Optional<FoldedBase> begin(
            Archive archive, Path temporary, long memory, Clock clock) throws IOException {
        return begin(archive, temporary, memory, PartLimits.DEFAULT, clock);
    }

    static Optional<FoldedBase> begin(
            Archive archive, Path temporary, long memory, PartLimits limits, Clock clock)
            throws IOException {
        archive.refresh();
        if (latest(archive, temporary).segments().isEmpty()) {
            return Optional.empty();
        }
        var committer = new BesideArchiver(archive, clock, Manifest.Kind.FOLDED_BASE_BEGUN);
        committer.begin();
        RestorePlan plan = latest(archive, temporary); // others may have published meanwhile
        if (plan.segments().isEmpty()) {
            return Optional.empty();
        }
        BaseBuilder builder = BaseBuilder.ofVersions(archive, temporary, clock);
        return Optional.of(
                new FoldedBase(archive, temporary, builder, committer, plan, memory, limits));
    }

    private static RestorePlan latest(Archive archive, Path temporary) throws IOException {
        return new Planner(archive, temporary).plan(new Target(new Moment.Latest(), false));
    }

    /** How many changes there are to read. */
    public long changes() {
        return plan.changes();
    }

    /** Hears how far it is. */
    public interface Progress {
        /** Nobody. */
        Progress NONE =
                new Progress() {
                    @Override
                    public void read(long changes) {}

                    @Override
                    public void wrote(long rows) {}
                };

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
     * Makes and publishes it, one table after the other.
     *
     * @throws TidemarkException as below
     */
    public Made run(Progress progress) throws IOException {
        return run(1, progress);
    }

    /**
     * Makes and publishes it.
     *
     * @param jobs tables that are written side by side
     * @throws TidemarkException when the archive is not exact at its end, or somebody else began
     *     meanwhile
     */
    public Made run(int jobs, Progress progress) throws IOException {
        FoldedDatabase folded;
        FoldedTables tables;
        try {
            folded = Fold.runKnown(archive, plan, memory, temporary, progress::read);
            tables = new FoldedTables(folded.tables(), builder, limits, progress);
            tables.write(jobs);
        } catch (IOException | RuntimeException e) {
            discardAfter(e);
            throw e;
        }
        List<FileRef> written = builder.files();
        List<FileRef> files = new ArrayList<>(tables.kept());
        files.addAll(written);
        return new Made(
                publish(folded.catalog(), files),
                files.stream().mapToLong(FileRef::rows).sum(),
                folded.tables().size(),
                tables.changed(),
                written.stream().mapToLong(FileRef::bytes).sum(),
                folded.withoutRows().stream().map(Table::displayName).toList());
    }

    /** It was never tried to publish them. */
    private void discardAfter(Exception failure) {
        try {
            archive.discard(builder.files());
        } catch (IOException e) {
            failure.addSuppressed(e); // the next one to begin collects them
        }
    }

    private Manifest publish(Catalog catalog, List<FileRef> files) throws IOException {
        List<FileRef> all = new ArrayList<>(files);
        all.add(archive.upload(catalog));
        for (int attempt = 0; ; attempt++) {
            checkIsAsPlanned();
            FileRef newest = archive.state().catalog().orElseThrow();
            if (committer.commit(attempt, Manifest.Kind.FOLDED_BASE, span(), newest, all)) {
                return archive.state().manifests().getLast();
            }
        }
    }

    private Span span() {
        Span end = stretch.end().span();
        return new Span(
                end.to(), end.to(), end.lastCommit(), end.lastCommit(), end.latestCommit(), 0, 0);
    }

    /** What others published since the plan was made must not concern what is before its end. */
    private void checkIsAsPlanned() {
        if (!committer.isOurs()) {
            throw TidemarkException.failed(
                    "another process began to make a base of the archive " + archive.url(),
                    "One of them is enough. If the other one broke off, run the command again.");
        }
        boolean isEnd =
                archive.state().segments().stream()
                        .anyMatch(segment -> segment.span().to().equals(stretch.to()));
        if (!isEnd) {
            throw TidemarkException.failed(
                    "meanwhile segments were merged, and none ends at %s any more, where this base is"
                            .formatted(stretch.to()),
                    "The archive is whole. Run the command again.");
        }
        for (Manifest since : archive.state().manifests()) {
            boolean isEarlier = since.span().to().isBefore(stretch.to());
            if (since.number() > plannedAt
                    && (since.kind() == Manifest.Kind.BASE
                            || (since.kind() == Manifest.Kind.TABLE_BASE && isEarlier))) {
                throw TidemarkException.failed(
                        "meanwhile a base of the source was published, in %s, which this one lacks"
                                .formatted(since.name()),
                        "The archive is whole. Run the command again.");
            }
        }
    }
}
