package dev.tidemark.replay.history;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.replay.profile.RowFields;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What some rows of a table were at each position of one stretch, by their keys. */
final class RowTimes {
    /**
     * A row's life line.
     *
     * @param atEnd the row at the stretch's end
     */
    private record Line(List<LineEntry> entries, Optional<Map<Integer, Value>> atEnd) {}

    private final Table table;
    private final Map<List<Value>, Line> lines;

    private RowTimes(Table table, Map<List<Value>, Line> lines) {
        this.table = table;
        this.lines = lines;
    }

    /**
     * Reads them.
     *
     * @param stretch the number of it
     * @param table as of its end
     */
    static RowTimes read(
            Archive archive, Path temporary, int stretch, Table table, Set<List<Value>> keys)
            throws IOException {
        Stretch of = archive.state().stretches().get(stretch);
        Map<List<Value>, StretchLine> found =
                new StretchWalk(archive, temporary, of, table.id(), table.key(), Until.end(of))
                        .ofKeys(keys);
        BaseRows inBases = new BaseRows(archive, temporary, keys);
        Map<List<Value>, Line> lines = new HashMap<>();
        for (Map.Entry<List<Value>, StretchLine> line : found.entrySet()) {
            LineFold fold =
                    new LineFold(archive, inBases, stretch, line.getValue(), table, of.to());
            Optional<Map<Integer, Value>> atEnd = fold.run(Optional.empty());
            lines.put(line.getKey(), new Line(fold.entries(), atEnd));
        }
        return new RowTimes(table, lines);
    }

    /** A row just after the transaction at a position, if it was there and is known. */
    Optional<RowFields> at(List<Value> key, Position position) {
        Line line = lines.get(key);
        if (line == null) {
            return Optional.empty();
        }
        if (line.entries().isEmpty()) {
            return line.atEnd().map(row -> RowFields.of(table, row));
        }
        LineEntry first = line.entries().getFirst();
        if (position.isBefore(first.position())) {
            return first.before().map(row -> RowFields.of(first.table(), row));
        }
        LineEntry last =
                line.entries().stream()
                        .filter(entry -> !position.isBefore(entry.position()))
                        .reduce(first, (one, later) -> later);
        return last.row().map(row -> RowFields.of(last.table(), row));
    }
}
