package dev.tidemark.replay.history;

import dev.tidemark.archive.merge.KeyMove;
import dev.tidemark.archive.merge.TableInSegment;
import dev.tidemark.archive.merge.TableInSegment.Placed;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Walks along a row's life line within one segment. The line has a key at each place; which keys it
 * has, only the walk itself tells, so that it is done again when it came to a key whose changes
 * were not read yet. For one thread.
 */
final class SegmentWalk {
    private final TableInSegment segment;
    private final Shapes shapes;
    private final Predicate<Placed> isWanted;
    private final Set<List<Value>> keys = new HashSet<>();

    /**
     * @param isWanted which changes count
     */
    SegmentWalk(TableInSegment segment, Shapes shapes, Predicate<Placed> isWanted) {
        this.segment = segment;
        this.shapes = shapes;
        this.isWanted = isWanted;
    }

    /**
     * What was found.
     *
     * @param steps in commit order
     * @param key the line's, where the walk ended
     */
    record Found(List<LineStep> steps, List<Value> key) {}

    /** Walks from the segment's end to its beginning. */
    Found backwards(List<Value> key) throws IOException {
        return walk(key, rows -> backwards(rows, key));
    }

    /** Walks from the segment's beginning to its end. */
    Found forwards(List<Value> key) throws IOException {
        return walk(key, rows -> forwards(rows, key));
    }

    private interface Way {
        Found along(List<Placed> rows);
    }

    private Found walk(List<Value> start, Way way) throws IOException {
        keys.add(start);
        while (true) {
            List<Placed> rows = segment.rows(keys, shapes::of).stream().filter(isWanted).toList();
            Found found = way.along(rows);
            int known = keys.size();
            keys.add(found.key());
            for (LineStep step : found.steps()) {
                keys.add(step.keyBefore());
                keys.add(step.keyAfter());
            }
            if (keys.size() == known) {
                return found;
            }
        }
    }

    private Found backwards(List<Placed> rows, List<Value> start) {
        List<LineStep> steps = new ArrayList<>();
        List<Value> key = start;
        for (Placed placed : rows.reversed()) {
            Table table = shapes.of(placed.change().version()).orElseThrow();
            KeyMove move = KeyMove.of(table, (Entry.Row) placed.change().entry());
            if (!move.touches(key)) {
                continue;
            }
            List<Value> after = key;
            boolean isGivenHere = move.is().filter(key::equals).isPresent();
            if (isGivenHere) {
                key = move.was().orElse(key);
            }
            steps.add(new LineStep(placed, table, key, after));
        }
        Collections.reverse(steps);
        return new Found(steps, key);
    }

    private Found forwards(List<Placed> rows, List<Value> start) {
        List<LineStep> steps = new ArrayList<>();
        List<Value> key = start;
        for (Placed placed : rows) {
            Table table = shapes.of(placed.change().version()).orElseThrow();
            KeyMove move = KeyMove.of(table, (Entry.Row) placed.change().entry());
            if (!move.touches(key)) {
                continue;
            }
            List<Value> before = key;
            Optional<List<Value>> is = move.is();
            if (move.was().filter(key::equals).isPresent() && is.isPresent()) {
                key = is.get();
            }
            steps.add(new LineStep(placed, table, before, key));
        }
        return new Found(steps, key);
    }
}
