package dev.tidemark.archive.plan;

import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.schemas.change.Position;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A base, the segments that follow it without a hole, and where to stop in the last of them.
 *
 * @param segments in commit order; empty when the base itself is the cut
 * @param following some segments after the last, where a sample of sequences may be found
 * @param tableBases where single tables start instead; at most one for each
 * @param unreadable files of it that are missing or altered: rows of their tables are left out as
 *     far as they are in them. Only of a plan that was made for that
 */
public record RestorePlan(
        Target target,
        Manifest base,
        List<Manifest> segments,
        Cut cut,
        List<Manifest> following,
        List<TableBase> tableBases,
        Set<FileRef> unreadable) {
    public RestorePlan {
        tableBases = List.copyOf(tableBases);
        unreadable = Set.copyOf(unreadable);
        segments = List.copyOf(segments);
        following = List.copyOf(following);
        Position reached = base.span().to();
        for (Manifest segment : segments) {
            if (!segment.span().from().equals(reached)) {
                throw new IllegalArgumentException(
                        "a plan with a hole between " + reached + " and " + segment.span().from());
            }
            reached = segment.span().to();
        }
        if (segments.isEmpty() && cut.transactions() > 0) {
            throw new IllegalArgumentException("transactions of no segment");
        }
        if (cut.position().isAfter(reached)) {
            throw new IllegalArgumentException(
                    "a cut at " + cut.position() + " after the end " + reached);
        }
    }

    /** The same without some files. */
    public RestorePlan without(Set<FileRef> files) {
        return new RestorePlan(target, base, segments, cut, following, tableBases, files);
    }

    /** The same with other segments after the last. */
    public RestorePlan followedBy(List<Manifest> others) {
        return new RestorePlan(target, base, segments, cut, others, tableBases, unreadable);
    }

    /** Bytes to read. */
    public long bytes() {
        return baseFiles().stream().mapToLong(FileRef::bytes).sum()
                + segments.stream().mapToLong(Manifest::dataBytes).sum();
    }

    /** The rows that all tables start from. */
    public List<FileRef> baseFiles() {
        Stream<FileRef> first =
                base.files().stream()
                        .filter(file -> file.kind() == FileRef.Kind.BASE)
                        .filter(file -> tableBase(file.table()).isEmpty());
        return Stream.concat(first, tableBases.stream().flatMap(own -> own.files().stream()))
                .toList();
    }

    /** Where a table starts, when that is not the base. */
    public Optional<TableBase> tableBase(long table) {
        return tableBases.stream().filter(own -> own.table() == table).findFirst();
    }

    /** Changes to read; those after the cut in the last segment included. */
    public long changes() {
        return segments.stream().mapToLong(segment -> segment.span().changes()).sum();
    }
}
