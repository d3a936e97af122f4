package dev.tidemark.archive.plan;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What was committed between two cuts of one stretch, so that nothing is missing in between.
 *
 * @param after the earlier cut; what it holds is not between them
 * @param to the later cut, which may be the same
 * @param parts in commit order, without a hole
 */
public record Between(Stretch stretch, Position after, Position to, List<Part> parts) {
    /**
     * A segment, or a part of it.
     *
     * @param first index of the first of its transactions that counts
     * @param end index of the first after that which does not
     */
    public record Part(Manifest segment, int first, int end) {
        /** Is a transaction in it? */
        public boolean holds(int transaction) {
            return transaction >= first && transaction < end;
        }
    }

    public Between {
        parts = List.copyOf(parts);
        if (to.isBefore(after)) {
            throw new IllegalArgumentException("between " + after + " and " + to);
        }
    }

    /**
     * Finds it; of the two segments at its ends it reads the transactions.
     *
     * @param one a position in the stretch
     * @param other another, before or after it
     */
    public static Between of(
            Archive archive, Stretch stretch, Position one, Position other, Path temporary)
            throws IOException {
        Position after = one.isBefore(other) ? one : other;
        Position to = one.isBefore(other) ? other : one;
        if (!stretch.holds(after) || !stretch.holds(to)) {
            throw new IllegalArgumentException("%s or %s is not in it".formatted(after, to));
        }
        List<Part> parts = new ArrayList<>();
        for (Manifest segment : stretch.segments()) {
            if (segment.span().to().isAfter(after) && segment.span().from().isBefore(to)) {
                int first =
                        segment.span().from().isBefore(after)
                                ? upTo(archive, segment, after, temporary)
                                : 0;
                int end =
                        segment.span().to().isAfter(to)
                                ? upTo(archive, segment, to, temporary)
                                : Integer.MAX_VALUE;
                parts.add(new Part(segment, first, end));
            }
        }
        return new Between(stretch, after, to, parts);
    }

    /** How many of a segment's transactions a cut at a position has. */
    private static int upTo(Archive archive, Manifest segment, Position position, Path temporary)
            throws IOException {
        int count = 0;
        try (SegmentTransactions all = SegmentTransactions.open(archive, segment, temporary)) {
            all.passOver(bounds -> !bounds.last().isAfter(position));
            while (all.hasNext()) {
                TransactionRecord next = all.next();
                if (next.position().isAfter(position)) {
                    break;
                }
                count = next.index() + 1;
            }
        }
        return count;
    }

    /** Bases of single tables that lie in it: what was told of their rows before counts no more. */
    public List<TableBase> tableBases() {
        return Planner.tableBases(stretch).stream()
                .filter(base -> base.position().isAfter(after) && !base.position().isAfter(to))
                .toList();
    }

    /** How many changes its segments have. */
    public long changes() {
        return parts.stream().mapToLong(part -> part.segment().span().changes()).sum();
    }
}
