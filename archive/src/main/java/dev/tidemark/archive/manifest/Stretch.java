package dev.tidemark.archive.manifest;

import static java.util.Comparator.comparing;

import dev.tidemark.schemas.change.Position;
import java.util.List;
import java.util.Optional;

/**
 * What an archive holds without a hole: a base of all tables, the segments that follow it, and the
 * bases of single tables and of all that were made since. Before it lies a {@link Gap}, or what
 * expired, or nothing.
 *
 * @param origin the base of the source from which changes were told without a gap
 * @param base what it begins with: the origin, or a base made from the archive when what is before
 *     that expired
 * @param segments in commit order, each following the one before it
 * @param tableBases by number ascending
 * @param foldedBases bases of all tables that were made from the archive, by number ascending;
 *     without the one that it begins with
 * @param catalog the one at its end, as it is known there
 */
public record Stretch(
        Manifest origin,
        Manifest base,
        List<Manifest> segments,
        List<Manifest> tableBases,
        List<Manifest> foldedBases,
        FileRef catalog) {
    public Stretch {
        segments = List.copyOf(segments);
        tableBases = List.copyOf(tableBases);
        foldedBases = List.copyOf(foldedBases);
    }

    /** The newest manifest that says how far it reaches. */
    public Manifest end() {
        return segments.isEmpty() ? base : segments.getLast();
    }

    /** The first position that can be restored. */
    public Position from() {
        return base.span().to();
    }

    /** The last position that can be restored. */
    public Position to() {
        return end().span().to();
    }

    /** Is a position of the same origin in it? */
    public boolean holds(Position position) {
        return !position.isBefore(from()) && !position.isAfter(to());
    }

    /** What is lost before it; empty for an archive's first, and where the rest expired. */
    public Optional<Gap> gap() {
        return hasExpiredBefore() ? Optional.empty() : base.gap();
    }

    /** Was there something before it, that nobody needed any more? */
    public boolean hasExpiredBefore() {
        return !base.equals(origin);
    }

    /** Of the cluster that it is of, when that is another than the archive's first. */
    public Optional<String> systemId() {
        return origin.gap().map(Gap::systemId);
    }

    /** The newest base of all tables that a position has reached. */
    public Manifest baseBefore(Position position) {
        return foldedBases.stream()
                .filter(made -> !made.span().to().isAfter(position))
                .filter(this::isWhole)
                .max(comparing(made -> made.span().to()))
                .orElse(base);
    }

    /**
     * Rows that were not known when it was made may have become known since, by a base of a table
     * that was taken before its position: changes between the two are not in it.
     */
    public boolean isWhole(Manifest foldedBase) {
        return tableBases.stream()
                .filter(one -> one.number() > foldedBase.number())
                .noneMatch(one -> one.span().to().isBefore(foldedBase.span().to()));
    }

    /** For people. */
    public String describe() {
        return "from %s (%s) to %s (%s)"
                .formatted(base.span().latestCommit(), from(), end().span().latestCommit(), to());
    }
}
