package dev.tidemark.replay.profile;

import dev.tidemark.replay.rows.VirtualReference;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the tables of references. A table that is named without a schema is one of each schema that
 * has it, and what it names is rather in the same schema than in another.
 */
final class ReferenceSearch {
    private final List<Table> tables;

    ReferenceSearch(Catalog catalog) {
        this.tables =
                catalog.tables().stream()
                        .filter(table -> table.holdsRows() || table.kind().equals("p"))
                        .filter(table -> table.partitionBound().isEmpty())
                        .toList();
    }

    /** All that a reference means; none when something of it is not there. */
    List<FoundReference> find(VirtualReference reference) {
        Optional<ColumnPath> from = ColumnPath.parse(reference.from());
        Optional<ColumnPath> to = ColumnPath.parse(reference.to());
        List<FoundReference> found = new ArrayList<>();
        if (from.isEmpty() || to.isEmpty()) {
            return found;
        }
        Pattern names = TableRules.expression(from.get().table());
        for (Table table : tables) {
            Matcher matcher = names.matcher(table.name());
            boolean isFrom =
                    from.get().schema().map(table.schema()::equals).orElse(true)
                            && has(table, from.get().column())
                            && matcher.matches();
            if (isFrom) {
                String rest = matcher.groupCount() == 0 ? "" : matcher.group(1);
                named(table, to.get(), rest)
                        .map(
                                there ->
                                        new FoundReference(
                                                table,
                                                from.get().column(),
                                                there,
                                                to.get().column(),
                                                reference.when()))
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    private Optional<Table> named(Table from, ColumnPath to, String rest) {
        String name = to.table().replace("*", rest);
        List<Table> all =
                tables.stream()
                        .filter(table -> table.name().equals(name))
                        .filter(table -> to.schema().map(table.schema()::equals).orElse(true))
                        .filter(table -> has(table, to.column()))
                        .toList();
        Optional<Table> beside =
                all.stream().filter(table -> table.schema().equals(from.schema())).findFirst();
        return beside.or(() -> all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty());
    }

    private static boolean has(Table table, String column) {
        return table.stored().stream().map(Column::name).anyMatch(column::equals);
    }
}
