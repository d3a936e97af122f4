package dev.tidemark.archiver.base;

import dev.tidemark.archive.fold.CatalogWalk;
import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.FoldedDatabase;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Span;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.Cut;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.SegmentTransactions;
import dev.tidemark.archive.plan.TableBase;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogState;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A base of all tables from bases of single ones that were just copied from the source: at the end
 * of the segment in which they lie, or of a later one. Of the archive it reads the changes of these
 * segments, and from before where sequences stood, but no row or change of one: so that a restore
 * that begins with it needs nothing of what is older. For one thread; used once.
 */
public final class SourcedBase {
    private final Archive archive;
    private final Path temporary;
    private final Clock clock;
    private final BesideArchiver committer;

    /**
     * @param temporary a folder of its own on local disk
     */
    public SourcedBase(Archive archive, Path temporary, Clock clock) {
        this.archive = archive;
        this.temporary = temporary;
        this.clock = clock;
        this.committer = new BesideArchiver(archive, clock, Manifest.Kind.FOLDED_BASE_BEGUN);
    }

    /**
     * Has the archive all that it takes? After a look at the source's whole catalog that is later
     * than the tables, nothing from before them is untold.
     */
    public static boolean isReady(ArchiveState state, Position position) {
        return end(state.stretches().getLast(), position).isPresent();
    }

    private static Optional<Manifest> end(Stretch stretch, Position position) {
        return stretch.segments().stream()
                .filter(segment -> !segment.span().to().isBefore(position))
                .filter(
                        segment ->
                                segment.look()
                                        .filter(look -> !look.at().isBefore(position))
                                        .isPresent())
                .findFirst();
    }

    private static Manifest neededEnd(Stretch stretch, Position position) {
        return end(stretch, position).orElseThrow(() -> overtaken(position));
    }

    private static TidemarkException overtaken(Position position) {
        return TidemarkException.failed(
                "meanwhile the archive went on after a gap, or lost the bases of tables as of "
                        + position,
                "What it holds is whole. Run the command again.");
    }

    /**
     * Makes and publishes it.
     *
     * @param position of the newest base of single tables, {@link #isReady}
     * @param jobs tables that are written side by side
     * @throws TidemarkException when that base lacks a table, the archive is not exact at the end,
     *     or somebody else began meanwhile
     */
    public FoldedBase.Made run(Position position, int jobs, FoldedBase.Progress progress)
            throws IOException {
        committer.begin(state -> neededEnd(state.stretches().getLast(), position).span());
        Way way = Way.of(archive, temporary, position);
        BaseBuilder builder = BaseBuilder.ofVersions(archive, temporary, clock);
        FoldedDatabase folded;
        Catalog catalog;
        FoldedTables tables;
        FinishedTables finished = FinishedTables.unrecorded(clock);
        try {
            folded =
                    Fold.runKnown(
                            archive, way.plan, Set.of(), Fold.memory(), temporary, progress::read);
            catalog = sampled(way, folded.catalog());
            tables =
                    new FoldedTables(
                            folded.tables(), builder, PartLimits.DEFAULT, finished, progress);
            tables.write(jobs);
        } catch (IOException | RuntimeException e) {
            archive.discard(builder.files());
            throw e;
        }
        List<FileRef> written = builder.files();
        List<FileRef> files = finished.files();
        return new FoldedBase.Made(
                publish(way, catalog, files),
                files.stream().mapToLong(FileRef::rows).sum(),
                folded.tables().size(),
                tables.changed(),
                written.stream().mapToLong(FileRef::bytes).sum(),
                folded.withoutRows().stream().map(Table::displayName).toList());
    }

    /** The catalogs of segments do not have where sequences stood since. */
    private Catalog sampled(Way way, Catalog folded) throws IOException {
        List<Manifest> segments =
                archive.state().stretches().getLast().segments().stream()
                        .filter(one -> !one.span().to().isAfter(way.end.span().to()))
                        .toList();
        CatalogState catalog = CatalogState.goingOn(folded);
        try {
            catalog.sample(NewestSample.in(archive, segments, temporary));
        } catch (TidemarkException e) {
            throw TidemarkException.failed(
                    "where sequences stood is in a part of the archive that cannot be read: "
                            + e.getMessage(),
                    "The bases of the tables count. Once a sequence of the source has moved, it is archived anew: call"
                            + " nextval of one, and run the command again.",
                    e);
        }
        return catalog.catalog();
    }

    private Manifest publish(Way way, Catalog catalog, List<FileRef> files) throws IOException {
        List<FileRef> all = new ArrayList<>(files);
        all.add(archive.upload(catalog));
        Span span = way.end.span().end();
        for (int attempt = 0; ; attempt++) {
            checkIsAsPlanned(way);
            FileRef newest = archive.state().catalog().orElseThrow();
            if (committer.commit(attempt, Manifest.Kind.FOLDED_BASE, span, newest, all)) {
                return archive.state().published().orElseThrow();
            }
        }
    }

    private void checkIsAsPlanned(Way way) {
        boolean isThere = archive.state().manifests().contains(way.end);
        boolean isNewer =
                archive.state().manifests().stream()
                        .filter(one -> one.number() > way.tables.number())
                        .anyMatch(
                                one ->
                                        one.kind() == Manifest.Kind.BASE
                                                || (one.kind() == Manifest.Kind.TABLE_BASE
                                                        && one.span()
                                                                .to()
                                                                .isBefore(way.end.span().to())));
        if (!committer.isOurs() || !isThere || isNewer) {
            throw TidemarkException.failed(
                    "meanwhile another base was begun or published, or segments were merged, in the archive "
                            + archive.url(),
                    "The archive is whole, and the bases of the tables count. Run the command again.");
        }
    }

    /**
     * From the tables to the end of a segment.
     *
     * @param tables what was copied
     * @param end the last segment
     */
    private record Way(Manifest tables, Manifest end, RestorePlan plan) {
        static Way of(Archive archive, Path temporary, Position position) throws IOException {
            Stretch stretch = archive.state().stretches().getLast();
            Manifest tables =
                    stretch.tableBases().stream()
                            .filter(one -> one.span().to().equals(position))
                            .reduce((first, second) -> second)
                            .orElseThrow(() -> overtaken(position));
            Manifest end = neededEnd(stretch, position);
            Manifest start = stretch.base();
            List<Manifest> read = new ArrayList<>();
            for (Manifest segment : stretch.segments()) {
                if (segment.span().to().isBefore(position)) {
                    start = segment;
                } else if (!segment.span().to().isAfter(end.span().to())) {
                    read.add(segment);
                }
            }
            List<TableBase> starts = TableBase.of(tables);
            refuseLacking(archive, temporary, start, position, starts);
            RestorePlan plan =
                    new RestorePlan(
                            new Target(new Moment.AtPosition(end.span().to()), false),
                            start,
                            read,
                            cut(archive, end, temporary),
                            List.of(),
                            starts,
                            Set.of());
            return new Way(tables, end, plan);
        }

        private static Cut cut(Archive archive, Manifest end, Path temporary) throws IOException {
            Optional<TransactionRecord> last = Optional.empty();
            try (SegmentTransactions all = SegmentTransactions.open(archive, end, temporary)) {
                all.passOver(any -> true);
                while (all.hasNext()) {
                    last = Optional.of(all.next());
                }
            }
            int count = last.map(one -> one.index() + 1).orElse(0);
            return new Cut(end.span().to(), count, last, Optional.empty());
        }

        /** A table that is not among them would get its rows from before, or none. */
        private static void refuseLacking(
                Archive archive,
                Path temporary,
                Manifest start,
                Position position,
                List<TableBase> starts)
                throws IOException {
            List<Catalog> there = new ArrayList<>();
            there.add(CatalogWalk.after(archive, start).catalog());
            CatalogWalk.run(
                    archive,
                    temporary,
                    start,
                    starts,
                    (transaction, after) -> {
                        if (!transaction.position().isAfter(position)) {
                            there.set(0, after.catalog());
                        }
                    });
            Set<Long> copied = starts.stream().map(TableBase::table).collect(Collectors.toSet());
            List<String> lacking =
                    there.getFirst().tables().stream()
                            .filter(Table::holdsRows)
                            .filter(table -> !copied.contains(table.id()))
                            .map(Table::displayName)
                            .toList();
            if (!lacking.isEmpty()) {
                throw TidemarkException.failed(
                        "the copy of all tables as of %s lacks %s, or has other columns of them"
                                .formatted(position, lacking),
                        "The bases of the other tables count. Their columns were changed meanwhile, or they are not"
                                + " published: 'tidemark check' says so. Then run the command again.");
            }
        }
    }
}
