package dev.tidemark.replay.rows;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.replay.content.Content;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The rows that were chosen.
 *
 * @param tables those with any, by name; each can be read again
 */
public record Chosen(List<ChosenTable> tables) {
    /**
     * Rows of a table.
     *
     * @param isStart is it the one that the condition is about?
     */
    public record ChosenTable(TableRows source, long rows, boolean isStart) {
        /** The table. */
        public Table table() {
            return source.table();
        }
    }

    public Chosen {
        tables = List.copyOf(tables);
    }

    /** Of all tables. */
    public long rows() {
        return tables.stream().mapToLong(ChosenTable::rows).sum();
    }

    /** A whole database, in which all other tables are empty. */
    public Content wholeOf(Catalog catalog) {
        List<TableRows> all = new ArrayList<>(sources());
        Set<Long> there = tables.stream().map(one -> one.table().id()).collect(Collectors.toSet());
        catalog.tables().stream()
                .filter(table -> table.holdsRows() && !there.contains(table.id()))
                .forEach(table -> all.add(new ChosenRows(table, Path.of(""), new long[0])));
        return new Content(catalog, all, List.of());
    }

    /** The tables that have rows, and no others. */
    public Content partOf(Catalog catalog) {
        return new Content(catalog, sources(), List.of());
    }

    /** The same rows as another content has them; tables that it lacks are left out. */
    public Chosen as(Content content) {
        Map<Long, TableRows> others =
                content.tables().stream()
                        .collect(Collectors.toMap(rows -> rows.table().id(), rows -> rows));
        return new Chosen(
                tables.stream()
                        .filter(one -> others.containsKey(one.table().id()))
                        .map(
                                one ->
                                        new ChosenTable(
                                                Objects.requireNonNull(
                                                        others.get(one.table().id())),
                                                one.rows(),
                                                one.isStart()))
                        .toList());
    }

    private List<TableRows> sources() {
        return tables.stream().map(ChosenTable::source).toList();
    }
}
