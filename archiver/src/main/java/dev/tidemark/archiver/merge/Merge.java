package dev.tidemark.archiver.merge;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Merged;
import dev.tidemark.archive.manifest.Span;
import dev.tidemark.archive.merge.DigestCheck;
import dev.tidemark.archive.merge.SegmentMerger;
import dev.tidemark.archiver.commit.SideCommitter;
import dev.tidemark.archiver.merge.Groups.Group;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Merges what is ready for it, beside an archiver that goes on. For one thread; used once.
 *
 * <p>Each merged segment counts once it is published, and the next follows: if this breaks off,
 * what is published stays, and whoever merges next goes on there. Of several that work at a time
 * only the one that began last may publish.
 */
public final class Merge {
    private final Archive archive;
    private final Path temporary;
    private final Clock clock;
    private final MergeLimits limits;
    private final boolean isOpenToo;
    private final SideCommitter committer;
    private boolean isOvertaken;

    /**
     * Prepares it.
     *
     * @param temporary a folder of its own on local disk
     * @param isOpenToo also what was committed in an hour that is not over
     */
    public Merge(
            Archive archive, Path temporary, Clock clock, MergeLimits limits, boolean isOpenToo) {
        this.archive = archive;
        this.temporary = temporary;
        this.clock = clock;
        this.limits = limits;
        this.isOpenToo = isOpenToo;
        this.committer = new SideCommitter(archive, clock);
    }

    /** Hears how far it is. */
    public interface Progress {
        /** Nobody. */
        Progress NONE =
                new Progress() {
                    @Override
                    public void begin(long changes) {}

                    @Override
                    public void read(long changes) {}
                };

        /** So many changes are to be merged. */
        void begin(long changes);

        /** So many of them are read so far. */
        void read(long changes);
    }

    /**
     * What was done.
     *
     * @param merged how many segments were published
     * @param ofTimeOver how many of these are of a time that is over; others are merged again then
     * @param replaced how many segments they replaced
     * @param filesBefore of those that were replaced, and their bytes
     * @param filesAfter of those that were published, and their bytes
     * @param deleted how many files of segments that were replaced before went now
     * @param waiting how many files of replaced segments are still there, for those who read them
     * @param open how many segments could be merged yet, were it not for an hour that is not over
     */
    public record Done(
            int merged,
            int ofTimeOver,
            int replaced,
            long changes,
            long filesBefore,
            long bytesBefore,
            long filesAfter,
            long bytesAfter,
            int deleted,
            long waiting,
            long open) {
        /** What was written; empty when nothing was merged. */
        public OptionalLong bytesIfAny() {
            return merged == 0 ? OptionalLong.empty() : OptionalLong.of(bytesAfter);
        }
    }

    /**
     * Merges all.
     *
     * @throws TidemarkException when the archive is damaged, or somebody else began to merge
     *     meanwhile
     */
    public Done run(Progress progress) throws IOException {
        archive.refresh();
        List<Group> groups = groups();
        if (groups.isEmpty() && collectable() < 0) {
            return done(List.of(), List.of(), 0, 0);
        }
        begin();
        int deleted = archive.collectReplaced();
        archive.pack(clock.instant().minus(limits.keepManifests()));
        groups = groups(); // others may have published meanwhile
        progress.begin(groups.stream().mapToLong(Merge::changes).sum());
        List<Manifest> replaced = new ArrayList<>();
        List<Manifest> published = new ArrayList<>();
        int ofTimeOver = 0;
        Optional<TidemarkException> failure = Optional.empty();
        long read = 0;
        for (Group group : groups) {
            long before = read;
            try {
                published.add(merge(group, changes -> progress.read(before + changes)));
                replaced.addAll(group.segments());
                ofTimeOver += group.isOver() ? 1 : 0;
            } catch (TidemarkException e) {
                if (isOvertaken) {
                    throw e;
                }
                failure = Optional.of(failure.orElse(e)); // the others do not need it
            }
            read += changes(group);
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        return done(replaced, published, ofTimeOver, deleted);
    }

    private List<Group> groups() {
        return Groups.of(archive.state(), limits, isOpenToo, clock.instant());
    }

    private long open() {
        return Groups.of(archive.state(), limits, true, clock.instant()).stream()
                .mapToLong(group -> group.segments().size())
                .sum();
    }

    private static long changes(Group group) {
        return group.segments().stream().mapToLong(segment -> segment.span().changes()).sum();
    }

    private Done done(
            List<Manifest> replaced, List<Manifest> published, int ofTimeOver, int deleted) {
        return new Done(
                published.size(),
                ofTimeOver,
                replaced.size(),
                published.stream().mapToLong(one -> one.span().changes()).sum(),
                replaced.stream().mapToLong(one -> one.files().size()).sum(),
                replaced.stream().mapToLong(Manifest::dataBytes).sum(),
                published.stream().mapToLong(one -> one.files().size()).sum(),
                published.stream().mapToLong(Manifest::dataBytes).sum(),
                deleted,
                archive.state().waitingFiles(),
                open());
    }

    /** Says that it begins, and that what was replaced long enough ago may go. */
    private void begin() throws IOException {
        for (int attempt = 0; ; attempt++) {
            Manifest draft =
                    committer.draft(
                            Manifest.Kind.MERGED_SEGMENT_BEGUN,
                            new Merged(List.of(), collectable()));
            if (committer.commit(attempt, draft)) {
                return;
            }
        }
    }

    private long collectable() {
        return archive.state().collectable(clock.instant().minus(limits.keep()));
    }

    private Manifest merge(Group group, LongConsumer progress) throws IOException {
        Manifest last = group.segments().getLast();
        List<FileRef> files =
                new ArrayList<>(
                        SegmentMerger.run(
                                archive, group.before(), group.segments(), temporary, progress));
        files.add(last.catalogThere());
        Merged merged =
                new Merged(
                        Merged.ranges(
                                group.segments().stream().map(Manifest::number).sorted().toList()),
                        -1);
        for (int attempt = 0; ; attempt++) {
            checkIsAsPlanned(group);
            Manifest draft = committer.draft(merged, span(group.segments()), files).asOf(last);
            if (attempt == 0) {
                checkSaysTheSame(draft, group);
            }
            if (committer.commit(attempt, draft)) {
                return archive.state().published().orElseThrow();
            }
        }
    }

    /** Of one who was overtaken, files may be gone already. */
    private void checkSaysTheSame(Manifest merged, Group group) throws IOException {
        try {
            checkSaysTheSame(merged);
        } catch (TidemarkException e) {
            archive.refresh();
            checkIsAsPlanned(group);
            throw e;
        }
    }

    /** Read back from the archive before anything is replaced by it. */
    private void checkSaysTheSame(Manifest merged) throws IOException {
        List<String> problems = new ArrayList<>();
        DigestCheck.Read read =
                DigestCheck.run(
                        file -> archive.fetch(file, temporary), merged, temporary, problems::add);
        boolean isComplete =
                read.transactions() == merged.span().transactions()
                        && read.changes() == merged.span().changes();
        if (!isComplete || !problems.isEmpty()) {
            archive.discard(
                    merged.files().stream()
                            .filter(file -> file.kind() != FileRef.Kind.CATALOG)
                            .toList());
            throw TidemarkException.failed(
                    "segments of the archive %s were merged to something else than they say: %s"
                            .formatted(
                                    archive.url(),
                                    problems.isEmpty()
                                            ? "%d transactions with %d changes instead of %d with %d"
                                                    .formatted(
                                                            read.transactions(),
                                                            read.changes(),
                                                            merged.span().transactions(),
                                                            merged.span().changes())
                                            : problems.getFirst()),
                    "Nothing was replaced. Run 'tidemark verify'; if it finds nothing, look at memory and disk of this machine,"
                            + " and please report this.");
        }
    }

    private static Span span(List<Manifest> segments) {
        Span first = segments.getFirst().span();
        Span last = segments.getLast().span();
        return new Span(
                first.from(),
                last.to(),
                first.firstCommit(),
                last.lastCommit(),
                last.latestCommit(),
                segments.stream().mapToLong(segment -> segment.span().transactions()).sum(),
                segments.stream().mapToLong(segment -> segment.span().changes()).sum());
    }

    /** Did it end because somebody else began to merge? */
    public boolean isOvertaken() {
        return isOvertaken;
    }

    /** What others published since must leave the segments as they are. */
    private void checkIsAsPlanned(Group group) {
        isOvertaken =
                archive.state()
                        .writerSince(Manifest.Kind.MERGED_SEGMENT_BEGUN)
                        .filter(archive.writer()::equals)
                        .isEmpty();
        if (isOvertaken) {
            throw TidemarkException.failed(
                    "another process began to merge the archive " + archive.url(),
                    "One of them is enough. If the other one broke off, run the command again.");
        }
        boolean isThere = new HashSet<>(archive.state().manifests()).containsAll(group.segments());
        if (!isThere || isBaseWithin(group.segments())) {
            throw TidemarkException.failed(
                    "meanwhile a base was published in the midst of what was merged in the archive "
                            + archive.url(),
                    "The archive is whole. Run the command again.");
        }
    }

    private boolean isBaseWithin(List<Manifest> segments) {
        Set<Position> ends =
                segments.stream()
                        .limit(segments.size() - 1L)
                        .map(segment -> segment.span().to())
                        .collect(Collectors.toSet());
        return archive.state().stretchOf(segments.getLast()).foldedBases().stream()
                .anyMatch(base -> ends.contains(base.span().to()));
    }
}
