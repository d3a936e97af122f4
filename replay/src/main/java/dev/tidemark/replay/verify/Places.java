package dev.tidemark.replay.verify;

import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Span;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.schemas.change.Position;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Do bases and segments follow each other without a hole? For one thread. */
final class Places {
    private final Consumer<String> problems;
    private final Set<Position> ends = new HashSet<>();
    private final Set<Position> begins = new HashSet<>(); // where what is before expired

    Places(List<Stretch> stretches, Consumer<String> problems) {
        this.problems = problems;
        stretches.forEach(this::add);
    }

    /** What expired leaves stretches that begin with a folded base. */
    private void add(Stretch stretch) {
        if (stretch.hasExpiredBefore()) {
            begins.add(stretch.from());
        }
        stretch.segments().forEach(segment -> ends.add(segment.span().to()));
    }

    /**
     * Does it follow from what is before it?
     *
     * @param reached where what is before it ends
     */
    void check(Manifest manifest, Position reached) {
        Span span = manifest.span();
        if (manifest.isSegment() && !span.from().equals(reached) && !begins.contains(span.from())) {
            problems.accept(
                    "%s begins at %s, and what is before it ends at %s"
                            .formatted(manifest.name(), span.from(), reached));
        }
        if (manifest.kind() == Manifest.Kind.BASE
                && !reached.equals(Position.ZERO)
                && manifest.gap().isEmpty()) {
            problems.accept(
                    "%s is a base as of %s that does not say what is lost before it"
                            .formatted(manifest.name(), span.to()));
        }
        if (manifest.kind() == Manifest.Kind.TABLE_BASE
                && span.to().isAfter(reached)
                && !begins.contains(span.to())) {
            problems.accept(
                    "%s is a base as of %s, and what is before it ends at %s"
                            .formatted(manifest.name(), span.to(), reached));
        }
        checkEnd(manifest);
    }

    /** A folded base is as of the end of a segment, unless that expired. */
    private void checkEnd(Manifest manifest) {
        Position at = manifest.span().to();
        if (manifest.kind() == Manifest.Kind.FOLDED_BASE
                && !ends.contains(at)
                && !begins.contains(at)) {
            problems.accept(
                    "%s is a base as of %s, where no segment ends".formatted(manifest.name(), at));
        }
    }
}
