package dev.tidemark.replay.load;

import static java.util.stream.Collectors.joining;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.replay.content.Content;
import dev.tidemark.schemas.Nearest;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which tables are meant by the names that a user gave of those that he wants first. */
public final class FirstTables {
    private final Content content;

    private FirstTables(Content content) {
        this.content = content;
    }

    /**
     * Finds them.
     *
     * @param names {@code schema.table}, or {@code table} where one schema alone has it; a
     *     partitioned table means its partitions
     * @return those that hold rows, in the order of the names
     * @throws TidemarkException (usage) naming what there is, when a name is none, or of several
     */
    public static Set<Table> named(Collection<String> names, Content content) {
        FirstTables all = new FirstTables(content);
        Set<Table> tables = new LinkedHashSet<>();
        for (String name : names) {
            tables.addAll(all.withRows(name, all.named(name)));
        }
        return tables;
    }

    private Table named(String name) {
        List<Table> tables = content.catalog().tables();
        Optional<Table> exact =
                tables.stream().filter(table -> table.displayName().equals(name)).findFirst();
        if (exact.isPresent()) {
            return exact.get();
        }
        List<Table> meant = tables.stream().filter(table -> table.name().equals(name)).toList();
        if (meant.size() > 1) {
            throw TidemarkException.usage(
                    "--priority names %s, and there are several: %s"
                            .formatted(
                                    name,
                                    meant.stream()
                                            .map(Table::displayName)
                                            .sorted()
                                            .collect(joining(", "))),
                    "Give the schema too.");
        }
        return meant.stream().findFirst().orElseThrow(() -> unknown(name, tables));
    }

    private static TidemarkException unknown(String name, List<Table> tables) {
        boolean hasSchema = name.indexOf('.') >= 0;
        List<String> known =
                tables.stream()
                        .map(hasSchema ? Table::displayName : Table::name)
                        .distinct()
                        .sorted()
                        .toList();
        return TidemarkException.usage(
                "--priority names the table %s, which does not exist at that moment"
                        .formatted(name),
                Nearest.to(name, known)
                        .map(near -> "Did you mean %s?".formatted(near))
                        .orElse("Give schema.table, as 'tidemark restore' lists them."));
    }

    /** The table, or the partitions of it. */
    private Set<Table> withRows(String name, Table table) {
        Set<Table> found = new LinkedHashSet<>();
        Deque<Table> todo = new ArrayDeque<>(List.of(table));
        while (!todo.isEmpty()) {
            Table next = todo.remove();
            if (content.tables().stream().map(TableRows::table).anyMatch(next::equals)) {
                found.add(next);
            }
            if (next.kind().equals("p")) {
                content.catalog().tables().stream()
                        .filter(part -> part.parents().contains(next.id()))
                        .forEach(todo::add);
            }
        }
        if (found.isEmpty()) {
            throw TidemarkException.usage(
                    "--priority names the table %s, which comes back without rows".formatted(name),
                    "Leave it out.");
        }
        return found;
    }
}
