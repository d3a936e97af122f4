package dev.tidemark.archive.plan;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Mark;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.parquet.TransactionsReader;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Finds the cut for a moment and what is needed to get there.
 *
 * <p>A time means: stop before the first transaction, in commit order, whose commit time is later
 * (PostgreSQL's own rule). Reads the transactions of the one segment that the cut falls into; for a
 * transaction's id, of all.
 */
public final class Planner {
    /** A sample of sequences comes with each heartbeat, of which a segment has some. */
    private static final int FOLLOWING_MAX = 3;

    private final Archive archive;
    private final ArchiveState state;
    private final Path temporary;

    /**
     * Plans for one archive.
     *
     * @param temporary a folder for files while they are read
     */
    public Planner(Archive archive, Path temporary) {
        this(archive, archive.state(), temporary);
    }

    /** The same as if the archive held no more than a state says. */
    public Planner(Archive archive, ArchiveState state, Path temporary) {
        this.archive = archive;
        this.state = state;
        this.temporary = temporary;
    }

    /**
     * The way to a moment.
     *
     * @throws TidemarkException when the moment is not in the archive, naming what is
     */
    public RestorePlan plan(Target target) throws IOException {
        return new Choice(target, stretches()).plan();
    }

    /**
     * The way to a position of one stretch, whatever others hold.
     *
     * @param origin the number of the base of the source that it goes back to
     * @throws TidemarkException when it is no longer in the archive, naming what is
     */
    public RestorePlan plan(long origin, Position position) throws IOException {
        Target target = new Target(new Moment.AtPosition(position), false);
        return new Choice(target, stretches()).atPositionOf(origin, position);
    }

    private List<Stretch> stretches() {
        List<Stretch> stretches = state.stretches();
        if (stretches.isEmpty()) {
            throw TidemarkException.refused(
                    "the archive " + archive.url() + " holds no base yet",
                    "Wait until 'tidemark init' has finished, or run it again.");
        }
        return stretches;
    }

    /** How far a cut goes into a segment. */
    private record Found(
            int included, Optional<TransactionRecord> last, Optional<TransactionRecord> next) {
        static final Found NOTHING = new Found(0, Optional.empty(), Optional.empty());

        Found with(TransactionRecord one) {
            return new Found(one.index() + 1, Optional.of(one), Optional.empty());
        }

        Found before(TransactionRecord one) {
            return new Found(included, last, Optional.of(one));
        }
    }

    /** The segment's transactions up to the first whose end is not in. */
    private Found findByPosition(Manifest segment, Predicate<Position> isIn) throws IOException {
        return find(segment, one -> isIn.test(one.position()), bounds -> isIn.test(bounds.last()));
    }

    /** The segment's transactions up to the first whose commit time is not in. */
    private Found findByTime(Manifest segment, Predicate<Instant> isIn) throws IOException {
        return find(
                segment, one -> isIn.test(one.commitTime()), bounds -> isIn.test(bounds.latest()));
    }

    /** All of the segment's transactions. */
    private Found findAll(Manifest segment) throws IOException {
        return find(segment, all -> true, all -> true);
    }

    /**
     * The segment's transactions up to the first that is not in.
     *
     * @param areIn holds of what transactions keep within if they are all in
     */
    private Found find(
            Manifest segment,
            Predicate<TransactionRecord> isIn,
            Predicate<TransactionsReader.Bounds> areIn)
            throws IOException {
        Found found = Found.NOTHING;
        try (SegmentTransactions all = SegmentTransactions.open(archive, segment, temporary)) {
            all.passOver(areIn);
            while (all.hasNext()) {
                TransactionRecord next = all.next();
                if (!isIn.test(next)) {
                    return found.before(next);
                }
                found = found.with(next);
            }
        }
        return found;
    }

    private TransactionRecord first(Manifest segment) throws IOException {
        return findByPosition(segment, none -> false).next().orElseThrow();
    }

    /**
     * The way to one moment: through the newest stretch whose base is not past it. Positions of two
     * stretches may overlap, after a failover to a server that was behind or on another cluster:
     * one that both have is that of the newer one.
     */
    private final class Choice {
        private final Target target;
        private final List<Stretch> stretches;
        private final Moments moments;

        Choice(Target target, List<Stretch> stretches) {
            this.target = target;
            this.stretches = stretches;
            this.moments = new Moments(target, stretches);
        }

        RestorePlan plan() throws IOException {
            return switch (target.moment()) {
                case Moment.Latest latest -> {
                    if (target.before()) {
                        throw TidemarkException.usage(
                                "there is nothing to stop before with 'latest'",
                                "Use --to latest.");
                    }
                    yield whole(stretches.getLast());
                }
                case Moment.AtTime at -> atTime(at.time());
                case Moment.AtPosition at -> atPosition(at.position());
                case Moment.AtTransaction at -> atTransaction(at.xid());
                case Moment.AtMark at -> atMark(at.name());
            };
        }

        private RestorePlan whole(Stretch stretch) throws IOException {
            List<Manifest> segments = stretch.segments();
            if (segments.isEmpty()) {
                return baseOnly(stretch, Optional.empty());
            }
            return cutAt(stretch, segments.size() - 1, findAll(segments.getLast()));
        }

        private RestorePlan atTime(Instant time) throws IOException {
            Predicate<Instant> isIn =
                    target.before()
                            ? commit -> commit.isBefore(time)
                            : commit -> !commit.isAfter(time);
            Stretch stretch =
                    newest(base -> isIn.test(base.span().latestCommit()))
                            .orElseThrow(() -> moments.tooEarly("moment"));
            for (int i = 0; i < stretch.segments().size(); i++) {
                Manifest segment = stretch.segments().get(i);
                if (!isIn.test(segment.span().latestCommit())) {
                    return cutAt(stretch, i, findByTime(segment, isIn));
                }
            }
            throw moments.notIn(stretch);
        }

        private RestorePlan atPosition(Position position) throws IOException {
            Predicate<Position> isIn =
                    target.before() ? end -> end.isBefore(position) : end -> !end.isAfter(position);
            Stretch reached =
                    newest(base -> isIn.test(base.span().to()))
                            .orElseThrow(() -> moments.tooEarly("position"));
            List<Stretch> holders =
                    stretches.stream()
                            .filter(one -> isIn.test(one.from()) && !position.isAfter(one.to()))
                            .toList();
            if (holders.size() > 1) {
                throw moments.inTwoHistories(holders);
            }
            return within(holders.isEmpty() ? reached : holders.getFirst(), position, isIn);
        }

        private RestorePlan atMark(String name) throws IOException {
            if (target.before()) {
                throw TidemarkException.usage(
                        "a mark stands after a transaction, which --before would leave out",
                        "Use --to mark:%s.".formatted(name));
            }
            Mark mark = state.neededMark(name, archive.url());
            return atPositionOf(mark.stretch(), mark.position());
        }

        RestorePlan atPositionOf(long origin, Position position) throws IOException {
            Stretch stretch =
                    stretches.stream()
                            .filter(one -> one.origin().number() == origin)
                            .filter(one -> one.holds(position))
                            .findFirst()
                            .orElseThrow(() -> moments.outside("is no longer in the archive"));
            return within(stretch, position, end -> !end.isAfter(position));
        }

        private RestorePlan within(Stretch stretch, Position position, Predicate<Position> isIn)
                throws IOException {
            for (int i = 0; i < stretch.segments().size(); i++) {
                Manifest segment = stretch.segments().get(i);
                Position end = segment.span().to();
                if (!isIn.test(end) || end.equals(position)) {
                    return cutAt(stretch, i, findByPosition(segment, isIn));
                }
            }
            if (position.equals(stretch.from())) {
                return baseOnly(stretch, Optional.empty());
            }
            throw moments.notIn(stretch);
        }

        private Optional<Stretch> newest(Predicate<Manifest> isReached) {
            return stretches.reversed().stream()
                    .filter(stretch -> isReached.test(stretch.base()))
                    .findFirst();
        }

        private RestorePlan atTransaction(long xid) throws IOException {
            List<RestorePlan> found = new ArrayList<>();
            List<Position> positions = new ArrayList<>();
            for (Stretch stretch : stretches) {
                for (int i = 0; i < stretch.segments().size(); i++) {
                    for (Position position : positionsOf(xid, stretch.segments().get(i))) {
                        Predicate<Position> isIn =
                                target.before()
                                        ? end -> end.isBefore(position)
                                        : end -> !end.isAfter(position);
                        Found until = findByPosition(stretch.segments().get(i), isIn);
                        found.add(cutAt(stretch, i, until));
                        positions.add(position);
                    }
                }
            }
            if (found.isEmpty()) {
                throw moments.outside("is in no archived transaction");
            }
            if (found.size() > 1) {
                throw TidemarkException.refused(
                        "%s names %d transactions, since the source's ids wrapped or began anew"
                                .formatted(target.moment(), found.size()),
                        "Name it by its position: " + positions + ".");
            }
            return found.getFirst();
        }

        private List<Position> positionsOf(long xid, Manifest segment) throws IOException {
            List<Position> positions = new ArrayList<>();
            try (SegmentTransactions all = SegmentTransactions.open(archive, segment, temporary)) {
                all.passOver(bounds -> !bounds.mayHold(xid));
                while (all.hasNext()) {
                    TransactionRecord transaction = all.next();
                    if (transaction.xid() == xid) {
                        positions.add(transaction.position());
                    }
                    all.passOver(bounds -> !bounds.mayHold(xid));
                }
            }
            return positions;
        }

        private RestorePlan cutAt(Stretch stretch, int segment, Found found) throws IOException {
            if (found.included() > 0) {
                return plan(stretch, segment + 1, cut(found));
            }
            if (segment == 0) {
                return baseOnly(stretch, found.next());
            }
            Found before = findAll(stretch.segments().get(segment - 1));
            return plan(
                    stretch,
                    segment,
                    cut(new Found(before.included(), before.last(), found.next())));
        }

        private static Cut cut(Found found) {
            return new Cut(
                    found.last().orElseThrow().position(),
                    found.included(),
                    found.last(),
                    found.next());
        }

        private RestorePlan baseOnly(Stretch stretch, Optional<TransactionRecord> next)
                throws IOException {
            return plan(stretch, 0, new Cut(stretch.from(), 0, Optional.empty(), next));
        }

        private RestorePlan plan(Stretch stretch, int segments, Cut cut) throws IOException {
            List<Manifest> all = stretch.segments();
            List<Manifest> following =
                    all.subList(segments, Math.min(segments + FOLLOWING_MAX, all.size()));
            Manifest base = stretch.baseBefore(cut.position());
            List<Manifest> read =
                    all.subList(0, segments).stream()
                            .filter(one -> !one.span().from().isBefore(base.span().to()))
                            .toList();
            return new RestorePlan(
                    target,
                    base,
                    read,
                    read.isEmpty() ? cut.atBase() : cut,
                    following,
                    tableBases(stretch, base, cut, following),
                    Set.of());
        }
    }

    /** Of each table the newest base that the cut has reached, if it is later than that of all. */
    private List<TableBase> tableBases(
            Stretch stretch, Manifest start, Cut cut, List<Manifest> following) throws IOException {
        Optional<Position> next = cut.next().map(TransactionRecord::position);
        Map<Long, TableBase> newest = new TreeMap<>();
        for (TableBase base : tableBases(stretch)) {
            if (base.position().isBefore(start.span().to())) {
                continue;
            }
            boolean isAfterCut = base.position().isAfter(cut.position());
            if (isAfterCut && next.isEmpty() && !following.isEmpty()) {
                next = Optional.of(first(following.getFirst()).position());
            }
            // Up to the next transaction nothing differs from the cut.
            if (!isAfterCut || next.filter(base.position()::isBefore).isPresent()) {
                newest.merge(base.table(), base, Planner::later);
            }
        }
        return List.copyOf(newest.values());
    }

    private static TableBase later(TableBase one, TableBase other) {
        return one.position().isAfter(other.position()) ? one : other;
    }

    /** The bases of single tables of a stretch. */
    public static List<TableBase> tableBases(Stretch stretch) {
        return stretch.tableBases().stream()
                .flatMap(manifest -> TableBase.of(manifest).stream())
                .toList();
    }
}
