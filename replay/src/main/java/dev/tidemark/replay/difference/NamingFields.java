package dev.tidemark.replay.difference;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of rows by which a foreign key names them, or others. For one thread. */
final class NamingFields {
    private final Map<Long, List<String>> columns = new HashMap<>(); // of each table, in order

    /** Those of a row; one that is generated is NULL. */
    List<Value> of(Table table, List<String> names, List<Value> row) {
        List<String> there =
                columns.computeIfAbsent(
                        table.id(), id -> table.stored().stream().map(Column::name).toList());
        return names.stream()
                .map(
                        name ->
                                Optional.of(there.indexOf(name))
                                        .filter(place -> place >= 0)
                                        .map(row::get)
                                        .orElse(Value.Mark.NULL))
                .toList();
    }
}
