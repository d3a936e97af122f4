package dev.tidemark.replay.search;

import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All changes with the rows before and after them: everything is in memory. */
final class NaiveChanges {
    /**
     * A change of a row, or that all rows of a table went.
     *
     * @param before by the ids of the columns; empty when it was not there
     * @param after the same
     */
    record Known(
            String system,
            long position,
            Table table,
            ChangeKind kind,
            Map<Integer, Value> before,
            Map<Integer, Value> after) {
        /** The columns of which the field differs; NULL is nothing where there is no row. */
        List<Column> changed() {
            return table.stored().stream()
                    .filter(column -> !was(column.id()).equals(is(column.id())))
                    .toList();
        }

        Value was(int column) {
            return before.getOrDefault(column, Value.Mark.NULL);
        }

        Value is(int column) {
            return after.getOrDefault(column, Value.Mark.NULL);
        }

        Value was(String column) {
            return was(id(column));
        }

        Value is(String column) {
            return is(id(column));
        }

        private int id(String column) {
            return table.stored().stream()
                    .filter(one -> one.name().equals(column))
                    .findFirst()
                    .orElseThrow()
                    .id();
        }

        String told(ChangeKind as) {
            return position + " " + table.displayName() + " " + as;
        }
    }

    /** A table as it was for a time. */
    static final class Shape {
        final String system;
        final int stretch;
        final Table table;
        final long from; // the position since which it was so
        long to = Long.MAX_VALUE; // that at which it was so no more
        boolean isAtEnd; // of its stretch

        private Shape(String system, int stretch, Table table, long from) {
            this.system = system;
            this.stretch = stretch;
            this.table = table;
            this.from = from;
        }
    }

    private final Map<Long, Table> tables = new HashMap<>();
    private final Map<Long, List<List<Value>>> rows = new HashMap<>();
    private final List<Known> all = new ArrayList<>();
    private final List<Shape> shapes = new ArrayList<>();
    private String system = "";
    private int stretch = -1;

    /** A stretch begins with a base. */
    void begin(String cluster, long position, EventfulHistory there) {
        shapes.stream().filter(one -> one.to == Long.MAX_VALUE).forEach(one -> one.to = position);
        system = cluster;
        stretch++;
        tables.clear();
        rows.clear();
        for (Table table : there.tables()) {
            rows.put(table.id(), new ArrayList<>(there.rows().getOrDefault(table.id(), List.of())));
            become(position, table);
        }
    }

    private void become(long position, Table table) {
        end(position, table.id());
        tables.put(table.id(), table);
        Shape shape = new Shape(system, stretch, table, position);
        shape.isAtEnd = true;
        shapes.add(shape);
    }

    private void end(long position, long table) {
        for (Shape one : shapes) {
            if (one.stretch == stretch && one.table.id() == table && one.isAtEnd) {
                one.to = position;
                one.isAtEnd = false;
            }
        }
    }

    /** In commit order. */
    List<Known> all() {
        return all;
    }

    /** In the order in which they came. */
    List<Shape> shapes() {
        return shapes;
    }

    void add(Transaction transaction) {
        for (Entry entry : transaction.entries()) {
            add(transaction.position().value(), entry);
        }
    }

    private void add(long position, Entry entry) {
        switch (entry) {
            case Entry.Row row -> add(position, row);
            case Entry.Truncate truncate -> {
                long id = truncate.tables().getFirst();
                rows(id).clear();
                all.add(
                        new Known(
                                system,
                                position,
                                table(id),
                                ChangeKind.TRUNCATE,
                                Map.of(),
                                Map.of()));
            }
            case Entry.Schema schema -> {
                CatalogChange change = CatalogChange.read(schema.content());
                change.tables().forEach(next -> alter(position, next));
                for (long id : change.rewritten()) {
                    rows(id).replaceAll(row -> EventfulHistory.rewritten(table(id), row));
                }
                for (long id : change.dropped()) {
                    end(position, id);
                    tables.remove(id);
                }
            }
            default -> {}
        }
    }

    private void alter(long position, Table next) {
        Table before = tables.get(next.id());
        rows.computeIfAbsent(next.id(), first -> new ArrayList<>());
        if (before != null) {
            AddedColumns added = new AddedColumns();
            added.learn(next);
            Table later = next.withVersion(before.version() + 1);
            rows(next.id()).replaceAll(row -> added.move(before, row, later));
        }
        become(position, next);
    }

    private Table table(long id) {
        Table table = tables.get(id);
        if (table == null) {
            throw new IllegalStateException("no table " + id);
        }
        return table;
    }

    private List<List<Value>> rows(long id) {
        return rows.getOrDefault(id, new ArrayList<>());
    }

    private void add(long position, Entry.Row row) {
        if (row.operation() == Operation.REWRITE) {
            return; // told again
        }
        Table table = table(row.table());
        List<List<Value>> there = rows(row.table());
        List<Value> before = List.of();
        if (row.operation() != Operation.INSERT) {
            List<Value> told = row.before().isEmpty() ? row.after() : row.before();
            before =
                    there.stream()
                            .filter(one -> key(table, one).equals(key(table, told)))
                            .findFirst()
                            .orElseThrow();
            there.remove(before);
        }
        List<Value> after = new ArrayList<>(row.after());
        for (int i = 0; i < after.size(); i++) {
            after.set(i, after.get(i) == Value.Mark.UNCHANGED ? before.get(i) : after.get(i));
        }
        if (!after.isEmpty()) {
            there.add(after);
        }
        all.add(
                new Known(
                        system,
                        position,
                        table,
                        ChangeKind.valueOf(row.operation().name()),
                        byColumn(table, before),
                        byColumn(table, after)));
    }

    private static List<Value> key(Table table, List<Value> row) {
        List<Integer> stored = table.stored().stream().map(Column::id).toList();
        return table.key().isEmpty()
                ? row
                : table.key().stream().map(stored::indexOf).map(row::get).toList();
    }

    private static Map<Integer, Value> byColumn(Table table, List<Value> row) {
        Map<Integer, Value> fields = new LinkedHashMap<>();
        for (int i = 0; i < row.size(); i++) {
            fields.put(table.stored().get(i).id(), row.get(i));
        }
        return fields;
    }
}
