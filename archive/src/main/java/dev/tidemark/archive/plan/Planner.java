package dev.tidemark.archive.plan;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.parquet.TransactionsReader;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final Archive archive;
    private final Path temporary;

    /**
     * Plans for one archive.
     *
     * @param temporary a folder for files while they are read
     */
    public Planner(Archive archive, Path temporary) {
        this.archive = archive;
        this.temporary = temporary;
    }

    /**
     * The way to a moment.
     *
     * @throws TidemarkException when the moment is not in the archive, naming what is
     */
    public RestorePlan plan(Target target) throws IOException {
        Window window = window();
        return switch (target.moment()) {
            case Moment.Latest latest -> {
                if (target.before()) {
                    throw TidemarkException.usage(
                            "there is nothing to stop before with 'latest'", "Use --to latest.");
                }
                yield whole(target, window);
            }
            case Moment.AtTime at -> atTime(target, at.time(), window);
            case Moment.AtPosition at -> atPosition(target, at.position(), window);
            case Moment.AtTransaction at -> atTransaction(target, at.xid(), window);
        };
    }

    /** The transactions of a segment, in commit order. */
    public List<TransactionRecord> transactions(Manifest segment) throws IOException {
        FileRef file =
                segment.file(FileRef.Kind.TRANSACTIONS)
                        .orElseThrow(
                                () ->
                                        TidemarkException.refused(
                                                segment.name() + " names no transactions",
                                                "Run 'tidemark verify'."));
        Path local = archive.fetch(file, temporary);
        try {
            return TransactionsReader.read(local);
        } finally {
            Files.deleteIfExists(local);
        }
    }

    /** The base and the segments that follow it without a hole. */
    private record Window(Manifest base, List<Manifest> segments) {
        Position end() {
            return segments.isEmpty() ? base.span().to() : segments.getLast().span().to();
        }

        Instant latestCommit() {
            return segments.isEmpty()
                    ? base.span().latestCommit()
                    : segments.getLast().span().latestCommit();
        }

        String describe() {
            return "The archive reaches from %s (%s) to %s (%s)."
                    .formatted(base.span().latestCommit(), base.span().to(), latestCommit(), end());
        }
    }

    private Window window() {
        ArchiveState state = archive.state();
        Manifest base =
                state.bases().stream()
                        .findFirst()
                        .orElseThrow(
                                () ->
                                        TidemarkException.refused(
                                                "the archive "
                                                        + archive.url()
                                                        + " holds no base yet",
                                                "Wait until 'tidemark init' has finished, or run it again."));
        List<Manifest> segments = new ArrayList<>();
        Position reached = base.span().to();
        for (Manifest segment : state.segments()) {
            if (!segment.span().from().equals(reached)) {
                break; // a hole: nothing after it can be reached from this base
            }
            segments.add(segment);
            reached = segment.span().to();
        }
        return new Window(base, segments);
    }

    private RestorePlan whole(Target target, Window window) throws IOException {
        if (window.segments().isEmpty()) {
            return baseOnly(target, window, Optional.empty());
        }
        List<TransactionRecord> last = transactions(window.segments().getLast());
        return cutAt(target, window, window.segments().size() - 1, last, last.size());
    }

    private RestorePlan atTime(Target target, Instant time, Window window) throws IOException {
        Predicate<Instant> isIn =
                target.before() ? commit -> commit.isBefore(time) : commit -> !commit.isAfter(time);
        if (!isIn.test(window.base().span().latestCommit())) {
            throw outside(target, window, tooEarly(target, "moment"));
        }
        for (int i = 0; i < window.segments().size(); i++) {
            if (!isIn.test(window.segments().get(i).span().latestCommit())) {
                List<TransactionRecord> transactions = transactions(window.segments().get(i));
                int included = 0;
                while (isIn.test(transactions.get(included).commitTime())) {
                    included++;
                }
                return cutAt(target, window, i, transactions, included);
            }
        }
        throw outside(target, window, "is not archived yet");
    }

    private RestorePlan atPosition(Target target, Position position, Window window)
            throws IOException {
        Predicate<Position> isIn =
                target.before() ? end -> end.isBefore(position) : end -> !end.isAfter(position);
        if (!isIn.test(window.base().span().to())) {
            throw outside(target, window, tooEarly(target, "position"));
        }
        for (int i = 0; i < window.segments().size(); i++) {
            Position end = window.segments().get(i).span().to();
            if (!isIn.test(end) || end.equals(position)) {
                List<TransactionRecord> transactions = transactions(window.segments().get(i));
                int included = 0;
                while (included < transactions.size()
                        && isIn.test(transactions.get(included).position())) {
                    included++;
                }
                return cutAt(target, window, i, transactions, included);
            }
        }
        if (position.equals(window.base().span().to())) {
            return baseOnly(target, window, Optional.empty());
        }
        throw outside(target, window, "is not archived yet");
    }

    private RestorePlan atTransaction(Target target, long xid, Window window) throws IOException {
        List<RestorePlan> found = new ArrayList<>();
        List<Position> positions = new ArrayList<>();
        for (int i = 0; i < window.segments().size(); i++) {
            List<TransactionRecord> transactions = transactions(window.segments().get(i));
            for (TransactionRecord transaction : transactions) {
                if (transaction.xid() == xid) {
                    int included = transaction.index() + (target.before() ? 0 : 1);
                    found.add(cutAt(target, window, i, transactions, included));
                    positions.add(transaction.position());
                }
            }
        }
        if (found.isEmpty()) {
            throw outside(target, window, "is in no archived transaction");
        }
        if (found.size() > 1) {
            throw TidemarkException.refused(
                    "%s names %d transactions, since the source's ids wrapped"
                            .formatted(target.moment(), found.size()),
                    "Name it by its position: " + positions + ".");
        }
        return found.getFirst();
    }

    private RestorePlan cutAt(
            Target target,
            Window window,
            int segment,
            List<TransactionRecord> transactions,
            int included)
            throws IOException {
        if (included == 0) {
            Optional<TransactionRecord> next = Optional.of(transactions.getFirst());
            if (segment == 0) {
                return baseOnly(target, window, next);
            }
            List<TransactionRecord> before = transactions(window.segments().get(segment - 1));
            Cut cut =
                    new Cut(
                            before.getLast().position(),
                            before.size(),
                            Optional.of(before.getLast()),
                            next);
            return plan(target, window, segment, cut);
        }
        TransactionRecord last = transactions.get(included - 1);
        Optional<TransactionRecord> next =
                included < transactions.size()
                        ? Optional.of(transactions.get(included))
                        : Optional.empty();
        return plan(
                target,
                window,
                segment + 1,
                new Cut(last.position(), included, Optional.of(last), next));
    }

    private RestorePlan baseOnly(Target target, Window window, Optional<TransactionRecord> next)
            throws IOException {
        return plan(
                target, window, 0, new Cut(window.base().span().to(), 0, Optional.empty(), next));
    }

    private RestorePlan plan(Target target, Window window, int segments, Cut cut)
            throws IOException {
        List<Manifest> all = window.segments();
        List<Manifest> following = all.subList(segments, Math.min(segments + 1, all.size()));
        return new RestorePlan(
                target,
                window.base(),
                all.subList(0, segments),
                cut,
                following,
                tableBases(cut, following));
    }

    /** Of each table the newest base that the cut has reached. */
    private List<TableBase> tableBases(Cut cut, List<Manifest> following) throws IOException {
        Optional<Position> next = cut.next().map(TransactionRecord::position);
        Map<Long, TableBase> newest = new TreeMap<>();
        for (TableBase base : tableBases()) {
            boolean isAfterCut = base.position().isAfter(cut.position());
            if (isAfterCut && next.isEmpty() && !following.isEmpty()) {
                next = Optional.of(transactions(following.getFirst()).getFirst().position());
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

    /** All bases of single tables. */
    public List<TableBase> tableBases() {
        return archive.state().tableBases().stream()
                .flatMap(manifest -> TableBase.of(manifest).stream())
                .toList();
    }

    /** Just before the first one is outside too, and to say "is before" of it would be wrong. */
    private static String tooEarly(Target target, String what) {
        return target.before()
                ? "is not after the archive's first "
                        + what
                        + ", so that nothing before it is known"
                : "is before the archive's first " + what;
    }

    private static TidemarkException outside(Target target, Window window, String how) {
        String hint =
                how.endsWith("yet")
                        ? " Wait until the archiver is past it, or use --to latest."
                        : " Choose a moment in it.";
        return TidemarkException.refused(target.moment() + " " + how, window.describe() + hint);
    }
}
