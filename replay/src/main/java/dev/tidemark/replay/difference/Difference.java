package dev.tidemark.replay.difference;

import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The answer: the way from one moment to another.
 *
 * @param schema what of the schema differs
 * @param tables those of which rows differ or were changed, by name
 * @param rows of these tables in their order, and of each by key, as far as they are told
 * @param isMore are there more rows than are told?
 * @param isDifferent is anything of what was asked for different?
 * @param notes what is not known
 */
public record Difference(
        Place from,
        Place to,
        List<SchemaChange> schema,
        List<DifferingTable> tables,
        List<DifferingRow> rows,
        boolean isMore,
        boolean isDifferent,
        List<String> notes) {
    /**
     * One of the two.
     *
     * @param moment as it was asked for; {@code live} for the source now
     * @param position of the last transaction in it
     * @param time of that transaction; of the source, its clock
     */
    public record Place(String moment, Optional<Position> position, Instant time) {}

    public Difference {
        schema = List.copyOf(schema);
        tables = List.copyOf(tables);
        rows = List.copyOf(rows);
        notes = List.copyOf(notes);
    }
}
