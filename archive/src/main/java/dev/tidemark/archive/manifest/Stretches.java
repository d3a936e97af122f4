package dev.tidemark.archive.manifest;

import static java.util.Comparator.comparing;

import dev.tidemark.schemas.change.Position;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What of one origin is there: one stretch, or several when something in the midst expired. What
 * fits nowhere, in an archive that was tampered with, is out of reach.
 */
final class Stretches {
    private final Manifest origin;
    private final long next;
    private final List<Manifest> after;
    private final List<Run> runs = new ArrayList<>();

    /** A base, and segments that follow each other. */
    private static final class Run {
        final Manifest base;
        final List<Manifest> segments = new ArrayList<>();
        Position reached;

        Run(Manifest base) {
            this.base = base;
            this.reached = base.span().to();
        }

        void add(Manifest segment) {
            segments.add(segment);
            reached = segment.span().to();
        }

        boolean holds(Position position) {
            return !position.isBefore(base.span().to()) && !position.isAfter(reached);
        }
    }

    private Stretches(Manifest origin, long next, List<Manifest> after) {
        this.origin = origin;
        this.next = next;
        this.after = after;
    }

    /**
     * Finds them, in the order of time.
     *
     * @param next the number of the next origin: what was published beside segments since then says
     *     where the archive stood, which is none of these stretches
     * @param after what was published from the origin on, up to the next one, in commit order
     * @param isEmptied did the origin's own rows expire?
     */
    static List<Stretch> of(Manifest origin, long next, List<Manifest> after, boolean isEmptied) {
        Stretches stretches = new Stretches(origin, next, after);
        if (!isEmptied) {
            stretches.runs.add(new Run(origin));
        }
        after.stream().filter(Manifest::isSegment).forEach(stretches::follow);
        stretches.addLone();
        return stretches.runs.stream()
                .sorted(comparing(run -> run.base.span().to()))
                .map(stretches::stretch)
                .toList();
    }

    private void follow(Manifest segment) {
        Position from = segment.span().from();
        if (!runs.isEmpty() && runs.getLast().reached.equals(from)) {
            runs.getLast().add(segment);
            return;
        }
        newestAt(from)
                .map(Run::new)
                .ifPresent(
                        run -> {
                            run.add(segment);
                            runs.add(run);
                        });
    }

    private Optional<Manifest> newestAt(Position position) {
        return made().reversed().stream()
                .filter(base -> base.span().to().equals(position))
                .findFirst();
    }

    private List<Manifest> made() {
        return after.stream().filter(one -> one.kind() == Manifest.Kind.FOLDED_BASE).toList();
    }

    /** Bases that are kept for themselves. */
    private void addLone() {
        for (Manifest base : made().reversed()) {
            if (runs.stream().noneMatch(run -> run.holds(base.span().to()))) {
                runs.add(new Run(base));
            }
        }
    }

    private Stretch stretch(Run run) {
        Set<Position> ends = new HashSet<>();
        run.segments.forEach(segment -> ends.add(segment.span().to()));
        List<Manifest> folded =
                made().stream()
                        .filter(base -> !base.equals(run.base) && ends.contains(base.span().to()))
                        .toList();
        List<Manifest> ofTables =
                after.stream()
                        .filter(base -> base.kind() == Manifest.Kind.TABLE_BASE)
                        .filter(base -> run.holds(base.span().to()))
                        .toList();
        boolean isLast = runs.stream().noneMatch(other -> run.reached.isBefore(other.reached));
        Manifest end = run.segments.isEmpty() ? run.base : run.segments.getLast();
        boolean isToldLast = isLast && !after.isEmpty() && after.getLast().number() < next;
        FileRef catalog = // a base of a table may have said since that its rows are known
                isToldLast ? after.getLast().catalog() : end.catalogThere();
        return new Stretch(origin, run.base, run.segments, ofTables, folded, catalog);
    }
}
