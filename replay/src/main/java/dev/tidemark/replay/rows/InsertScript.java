package dev.tidemark.replay.rows;

import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.replay.keys.DeclaredKeys;
import dev.tidemark.replay.keys.ForeignKey;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Rows as INSERTs that fail where a row is there already, parents first. For one thread. */
public final class InsertScript {
    private InsertScript() {}

    /** What decides how a text is read; to be set by the transaction. */
    public static List<String> settings() {
        return RowScript.SETTINGS;
    }

    /** Tables in an order in which rows can be inserted; those that name each other together. */
    public static List<List<Table>> order(Catalog catalog, List<Table> tables) {
        return InsertOrder.of(catalog, tables.stream().map(InsertScript::empty).toList()).stream()
                .map(group -> group.stream().map(Chosen.ChosenTable::table).toList())
                .toList();
    }

    private static Chosen.ChosenTable empty(Table table) {
        return chosen(new ChosenRows(table, Path.of(""), new long[0]));
    }

    private static Chosen.ChosenTable chosen(TableRows rows) {
        return new Chosen.ChosenTable(rows, 0, false);
    }

    /** Do rows of a table name rows of the same one? */
    public static boolean isOfItself(Catalog catalog, Table table) {
        return InsertOrder.isOfItself(catalog, table);
    }

    /**
     * Rows of one table that name rows of another, by a foreign key.
     *
     * @param child id of the one
     * @param columns names of its columns
     * @param parent id of the other
     * @param parentColumns names of its columns, in the same order
     * @param onDelete what becomes of the one when the other is deleted
     */
    public record Naming(
            long child,
            List<String> columns,
            long parent,
            List<String> parentColumns,
            ForeignKey.OnDelete onDelete) {
        public Naming {
            columns = List.copyOf(columns);
            parentColumns = List.copyOf(parentColumns);
        }
    }

    /** All of a schema, between tables that hold rows themselves. */
    public static List<Naming> namings(Catalog catalog) {
        TableSearch tables = new TableSearch(catalog);
        List<Naming> namings = new ArrayList<>();
        for (ForeignKey key : DeclaredKeys.of(catalog).foreign()) {
            Optional<Table> named = tables.table(key.parent().schema(), key.parent().name());
            for (Table child : tables.holders(tables.table(key.child()))) {
                for (Table parent : named.map(tables::holders).orElse(List.of())) {
                    namings.add(
                            new Naming(
                                    child.id(),
                                    key.columns(),
                                    parent.id(),
                                    key.parentColumns(),
                                    key.onDelete()));
                }
            }
        }
        return namings;
    }

    /**
     * Writes the rows of some tables.
     *
     * @param otherWay what to do where it would be too much, as a hint
     */
    public static void write(
            OutputStream out, Catalog catalog, List<TableRows> tables, String otherWay)
            throws IOException {
        Inserts inserts = Inserts.failing(out, otherWay);
        Map<Long, TableRows> byId =
                tables.stream()
                        .collect(Collectors.toMap(one -> one.table().id(), Function.identity()));
        for (List<Table> together :
                order(catalog, tables.stream().map(TableRows::table).toList())) {
            List<Chosen.ChosenTable> rows = new ArrayList<>();
            together.forEach(
                    table -> rows.add(chosen(Objects.requireNonNull(byId.get(table.id())))));
            if (together.size() == 1 && !isOfItself(catalog, together.getFirst())) {
                inserts.alone(rows.getFirst());
            } else {
                inserts.together(rows);
            }
        }
    }
}
