package dev.tidemark.replay.query;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rows of a base, as a part of a history. Immutable.
 *
 * @param holder the table in the files' version
 * @param time no commit in it is later
 * @param number its own, among those of changes
 * @param ids of the holder's columns, by those of the table whose history it is
 */
record BaseRows(
        Table holder,
        Instant time,
        Position position,
        long number,
        Map<Integer, Integer> ids,
        List<Path> files) {
    BaseRows {
        ids = Map.copyOf(ids);
        files = List.copyOf(files);
    }

    /** A column of the table whose history it is, if the rows have it. */
    Optional<Column> in(SourceColumn column) {
        return Optional.ofNullable(ids.get(column.column().id()))
                .flatMap(id -> holder.stored().stream().filter(one -> one.id() == id).findFirst());
    }

    /** In SQL: what a row has in a column; NULL where there was none yet. */
    String field(SourceColumn column) {
        return in(column)
                .map(one -> column.type().value(Views.stored(one)))
                .orElse("CAST(NULL AS " + column.type().name() + ")");
    }
}
