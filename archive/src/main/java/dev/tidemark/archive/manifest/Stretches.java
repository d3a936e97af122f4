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
    private final Optional<FileRef> newest;
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

    private Stretches(Manifest origin, Optional<FileRef> newest, List<Manifest> after) {
        this.origin = origin;
        this.newest = newest;
        this.after = after;
    }

    /**
     * Finds them, in the order of time.
     *
     * @param newest the archive's newest catalog, when its end is theirs; empty before a gap
     * @param after what was published from the origin on, up to the next one, in commit order
     * @param isEmptied did the origin's own rows expire?
     */
    static List<Stretch> of(
            Manifest origin, Optional<FileRef> newest, List<Manifest> after, boolean isEmptied) {
        Stretches stretches = new Stretches(origin, newest, after);
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
        FileRef catalog = isLast ? newest.orElseGet(() -> last(run, ofTables)) : own(run);
        return new Stretch(origin, run.base, run.segments, ofTables, folded, catalog);
    }

    /** The catalog at its end: a base of a table there may say that its rows are known. */
    private static FileRef last(Run run, List<Manifest> ofTables) {
        return ofTables.reversed().stream()
                .filter(base -> base.span().to().equals(run.reached))
                .map(Manifest::catalog)
                .findFirst()
                .orElse(own(run));
    }

    private static FileRef own(Run run) {
        return (run.segments.isEmpty() ? run.base : run.segments.getLast()).catalogThere();
    }
}
