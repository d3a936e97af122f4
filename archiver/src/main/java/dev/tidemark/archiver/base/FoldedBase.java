package dev.tidemark.archiver.base;

import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.FoldedDatabase;
import dev.tidemark.archive.fold.TableFold;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Span;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a base of all tables from what the archive holds, as of the end of its newest segment: a
 * restore to a later moment reads no change before it. Nobody asks the source. For one thread; used
 * once.
 *
 * <p>Files of the base that the archive has, none of whose rows changed since, are not copied: the
 * new base names them too. Tables whose rows are not known stay so. If it breaks off, nothing
 * counts; but the next one goes on with the tables that the archive knows to be finished, as of the
 * same position.
 */
public final class FoldedBase {
    private final Archive archive;
    private final Path temporary;
    private final BesideArchiver committer;
    private final BaseBuilder builder;
    private final RestorePlan plan;
    private final Making making;
    private final Optional<UnfinishedBase> unfinished;
    private final Manifest end; // the segment at whose end it is
    private final FinishedTables finished;
    private final long plannedAt; // the newest manifest then

    private FoldedBase(
            Archive archive,
            Path temporary,
            BaseBuilder builder,
            BesideArchiver committer,
            RestorePlan plan,
            Making making,
            Optional<UnfinishedBase> unfinished,
            Clock clock) {
        this.archive = archive;
        this.temporary = temporary;
        this.builder = builder;
        this.committer = committer;
        this.plan = plan;
        this.making = making;
        this.unfinished = unfinished;
        this.end = plan.segments().getLast();
        this.plannedAt = archive.state().last();
        List<FileRef> before =
                unfinished.map(UnfinishedBase::soFar).map(Manifest::files).orElse(List.of());
        this.finished = new FinishedTables(before, clock, making.recordEvery(), this::record);
    }

    /**
     * Begins one.
     *
     * @param temporary a folder of its own on local disk
     * @return empty when a restore to the archive's end begins with a base as of there already;
     *     {@link #goesOn} says whether it is one that broke off
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
        return begin(archive, temporary, Making.within(memory), clock);
    }

    static Optional<FoldedBase> begin(Archive archive, Path temporary, Making making, Clock clock)
            throws IOException {
        archive.refresh();
        if (plan(archive, temporary, Optional.empty()).segments().isEmpty()) {
            return Optional.empty();
        }
        var committer = new BesideArchiver(archive, clock, Manifest.Kind.FOLDED_BASE_BEGUN);
        committer.begin(state -> place(state, UnfinishedBase.find(state, clock.instant())));
        // Others may have published meanwhile.
        var unfinished = UnfinishedBase.find(archive.state(), clock.instant());
        RestorePlan plan = plan(archive, temporary, unfinished);
        if (plan.segments().isEmpty()) {
            return Optional.empty();
        }
        BaseBuilder builder = BaseBuilder.ofVersions(archive, temporary, clock);
        return Optional.of(
                new FoldedBase(
                        archive, temporary, builder, committer, plan, making, unfinished, clock));
    }

    /** What it begins by: the end of the segment at which it will be. */
    private static Span place(ArchiveState state, Optional<UnfinishedBase> unfinished) {
        return unfinished.map(UnfinishedBase::end).or(state::newest).orElseThrow().span();
    }

    private static RestorePlan plan(
            Archive archive, Path temporary, Optional<UnfinishedBase> unfinished)
            throws IOException {
        Moment moment =
                unfinished
                        .<Moment>map(one -> new Moment.AtPosition(one.end().span().to()))
                        .orElse(new Moment.Latest());
        RestorePlan plan = new Planner(archive, temporary).plan(new Target(moment, false));
        return plan.followedBy(List.of()); // it is as of there
    }

    /** What it goes on with; empty when it is one of its own. */
    public Optional<GoesOn> goesOn() throws IOException {
        if (unfinished.isEmpty()) {
            return Optional.empty();
        }
        Catalog there = archive.catalog(end.catalogThere());
        return Optional.of(
                new GoesOn(
                        unfinished.get().soFar().written(),
                        unfinished.get().files().size(),
                        Math.toIntExact(there.tables().stream().filter(Table::holdsRows).count())));
    }

    /**
     * A base that broke off.
     *
     * @param recorded when the archive was last told what is finished, by the clock of who did
     * @param finished of its tables
     */
    public record GoesOn(Instant recorded, int finished, int tables) {}

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
     * @param changed those of them that had changed, and were written; not those that were finished
     *     by one that broke off
     * @param bytes written; the rest is in files of bases before, and of the one that broke off
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
            Set<Long> done =
                    unfinished.map(UnfinishedBase::files).map(Map::keySet).orElse(Set.of());
            folded = Fold.runKnown(archive, plan, done, making.memory(), temporary, progress::read);
            List<TableFold> rest =
                    folded.tables().stream()
                            .filter(fold -> !done.contains(fold.table().id()))
                            .toList();
            tables = new FoldedTables(rest, builder, making.limits(), finished, progress);
            tables.write(jobs);
        } catch (IOException | RuntimeException e) {
            discardAfter(e);
            throw e;
        }
        List<FileRef> files = sorted(finished.files());
        return new Made(
                publish(folded.catalog(), files),
                files.stream().mapToLong(FileRef::rows).sum(),
                folded.tables().size(),
                tables.changed(),
                builder.files().stream().mapToLong(FileRef::bytes).sum(),
                folded.withoutRows().stream().map(Table::displayName).toList());
    }

    private static List<FileRef> sorted(List<FileRef> files) {
        return files.stream().sorted(Comparator.comparing(FileRef::name)).toList();
    }

    /** Says what is finished. */
    private void record(List<FileRef> files) throws IOException {
        for (int attempt = 0; ; attempt++) {
            checkIsAsPlanned();
            FileRef newest = archive.state().catalog().orElseThrow();
            if (committer.commit(
                    attempt,
                    Manifest.Kind.FOLDED_BASE_SO_FAR,
                    end.span().end(),
                    newest,
                    sorted(files))) {
                return;
            }
        }
    }

    /** Files that it was never tried to publish; the others are for who goes on. */
    private void discardAfter(Exception failure) {
        try {
            archive.discard(
                    builder.files().stream().filter(file -> !finished.isRecorded(file)).toList());
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
            if (committer.commit(
                    attempt, Manifest.Kind.FOLDED_BASE, end.span().end(), newest, all)) {
                return archive.state().manifests().getLast();
            }
        }
    }

    /** What others published since the plan was made must not concern what is before its end. */
    private void checkIsAsPlanned() {
        if (!committer.isOurs()) {
            throw TidemarkException.failed(
                    "another process began to make a base of the archive " + archive.url(),
                    "One of them is enough. If the other one broke off, run the command again.");
        }
        Position position = end.span().to();
        boolean isEnd =
                archive.state().segments().stream()
                        .anyMatch(segment -> segment.span().to().equals(position));
        if (!isEnd) {
            throw TidemarkException.failed(
                    "meanwhile segments were merged, and none ends at %s any more, where this base is"
                            .formatted(position),
                    "The archive is whole. Run the command again.");
        }
        Set<FileRef> others = new HashSet<>(finished.files());
        builder.files().forEach(others::remove);
        if (!archive.state().namesAll(others)) {
            throw TidemarkException.failed(
                    "meanwhile files expired that the base as of %s was to have in common with bases before it"
                            .formatted(position),
                    "The archive is whole. Run the command again.");
        }
        for (Manifest since : archive.state().manifests()) {
            boolean isEarlier = since.span().to().isBefore(position);
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
