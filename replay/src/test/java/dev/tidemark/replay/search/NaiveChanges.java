package dev.tidemark.replay.search;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All changes with the rows before and after them: everything is in memory. */
final class NaiveChanges {
    /**
     * A change of a row, or that all rows of a table went.
     *
     * @param before by the names of the columns; empty when it was not there
     * @param after the same
     */
    record Known(
            long position,
            String table,
            ChangeKind kind,
            Map<String, Value> before,
            Map<String, Value> after) {
        /** The columns of which the field differs; NULL is nothing where there is no row. */
        List<String> changed() {
            Map<String, Value> all = new LinkedHashMap<>(before);
            all.putAll(after);
            return all.keySet().stream().filter(name -> !was(name).equals(is(name))).toList();
        }

        Value was(String column) {
            return before.getOrDefault(column, Value.Mark.NULL);
        }

        Value is(String column) {
            return after.getOrDefault(column, Value.Mark.NULL);
        }

        private boolean has(Map<String, Value> row, String column, Value value) {
            return !row.isEmpty() && row.getOrDefault(column, Value.Mark.NULL).equals(value);
        }

        boolean answers(SearchRequest request) {
            if (kind == ChangeKind.TRUNCATE && request.fields().isAny()) {
                return false;
            }
            return request.table().map(table::equals).orElse(true)
                    && (request.kinds().isEmpty() || request.kinds().contains(kind))
                    && answers(request.fields());
        }

        private boolean answers(FieldQuestion asked) {
            List<String> columns =
                    changed().stream()
                            .filter(name -> asked.column().map(name::equals).orElse(true))
                            .toList();
            return (!asked.isAny() || !columns.isEmpty())
                    && asked.from()
                            .map(FieldQuestion.Wanted::text)
                            .map(
                                    text ->
                                            columns.stream()
                                                    .anyMatch(n -> has(before, n, value(text))))
                            .orElse(true)
                    && asked.to()
                            .map(FieldQuestion.Wanted::text)
                            .map(text -> columns.stream().anyMatch(n -> has(after, n, value(text))))
                            .orElse(true)
                    && asked.value()
                            .map(Value::text)
                            .map(
                                    v ->
                                            columns.stream()
                                                    .anyMatch(
                                                            n ->
                                                                    is(n).equals(v)
                                                                            || was(n).equals(v)))
                            .orElse(true)
                    && asked.text()
                            .map(
                                    t ->
                                            columns.stream()
                                                    .anyMatch(
                                                            n ->
                                                                    contains(is(n), t)
                                                                            || contains(was(n), t)))
                            .orElse(true);
        }

        private static Value value(Optional<String> text) {
            return text.map(Value::text).orElse(Value.Mark.NULL);
        }

        private static boolean contains(Value value, String text) {
            return value instanceof Value.Text && value.toString().contains(text);
        }

        String told() {
            return position + " " + table + " " + kind;
        }
    }

    private final Map<Long, Table> tables = new HashMap<>();
    private final Map<Long, List<List<Value>>> rows = new HashMap<>();
    private final List<Known> all = new ArrayList<>();

    void begin(Table table, Collection<List<Value>> there) {
        tables.put(table.id(), table);
        rows.put(table.id(), new ArrayList<>(there));
    }

    /** In commit order. */
    List<Known> all() {
        return all;
    }

    Collection<Table> tables() {
        return tables.values();
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
                                position,
                                table(id).displayName(),
                                ChangeKind.TRUNCATE,
                                Map.of(),
                                Map.of()));
            }
            case Entry.Schema schema -> {
                CatalogChange change = CatalogChange.read(schema.content());
                for (Table next : change.tables()) {
                    Table before = tables.put(next.id(), next);
                    rows.computeIfAbsent(next.id(), first -> new ArrayList<>());
                    if (before != null) {
                        AddedColumns added = new AddedColumns();
                        added.learn(next);
                        rows(next.id())
                                .replaceAll(
                                        row ->
                                                added.move(
                                                        before,
                                                        row,
                                                        next.withVersion(before.version() + 1)));
                    }
                }
                change.dropped().forEach(tables::remove);
            }
            default -> {}
        }
    }

    private Table table(long id) {
        return tables.getOrDefault(id, Samples.table(0, "", List.of(), List.of()));
    }

    private List<List<Value>> rows(long id) {
        return rows.getOrDefault(id, new ArrayList<>());
    }

    private void add(long position, Entry.Row row) {
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
                        position,
                        table.displayName(),
                        ChangeKind.valueOf(row.operation().name()),
                        named(table, before),
                        named(table, after)));
    }

    private static List<Value> key(Table table, List<Value> row) {
        List<Integer> stored = table.stored().stream().map(Column::id).toList();
        return table.key().isEmpty()
                ? row
                : table.key().stream().map(stored::indexOf).map(row::get).toList();
    }

    private static Map<String, Value> named(Table table, List<Value> row) {
        Map<String, Value> named = new LinkedHashMap<>();
        for (int i = 0; i < row.size(); i++) {
            named.put(table.stored().get(i).name(), row.get(i));
        }
        return named;
    }
}
