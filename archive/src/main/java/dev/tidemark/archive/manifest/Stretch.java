package dev.tidemark.archive.manifest;

import dev.tidemark.schemas.change.Position;
import java.util.List;
import java.util.Optional;

/**
 * What an archive holds without a gap: a base of all tables, the segments that follow it, and the
 * bases of single tables and of all that were made since. Between two stretches lies a {@link Gap}.
 *
 * @param segments in commit order, each following the one before it
 * @param tableBases by number ascending
 * @param foldedBases bases of all tables that were made from the archive, by number ascending
 * @param last its newest manifest, of whatever kind
 */
public record Stretch(
        Manifest base,
        List<Manifest> segments,
        List<Manifest> tableBases,
        List<Manifest> foldedBases,
        Manifest last) {
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

    /** What is lost before it; empty for an archive's first. */
    public Optional<Gap> gap() {
        return base.gap();
    }

    /** For people. */
    public String describe() {
        return "from %s (%s) to %s (%s)"
                .formatted(base.span().latestCommit(), from(), end().span().latestCommit(), to());
    }
}
