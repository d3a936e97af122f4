package dev.tidemark.replay.difference;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What differs between two states, by comparing all rows in memory. */
final class NaiveDifference {
    /** A database, in memory. */
    record State(List<Table> tables, Map<Long, List<List<Value>>> rows) {
        Optional<Table> table(long id) {
            return tables.stream().filter(one -> one.id() == id).findFirst();
        }

        List<List<Value>> rowsOf(long id) {
            return rows.getOrDefault(id, List.of());
        }
    }

    private NaiveDifference() {}

    /**
     * Lines of all rows that differ, with how many of each, by table.
     *
     * @param isForwards is {@code to} the later one?
     */
    static Map<String, Map<String, Long>> of(State from, State to, boolean isForwards) {
        Map<String, Map<String, Long>> all = new TreeMap<>();
        Map<Long, Table> ids = new TreeMap<>();
        from.tables().forEach(table -> ids.put(table.id(), table));
        to.tables().forEach(table -> ids.put(table.id(), table));
        for (Table table : ids.values()) {
            Map<String, Long> lines = ofTable(table.id(), from, to, isForwards);
            if (!lines.isEmpty()) {
                all.put(table.displayName(), lines);
            }
        }
        return all;
    }

    private static Map<String, Long> ofTable(long id, State from, State to, boolean isForwards) {
        Table was = from.table(id).or(() -> to.table(id)).orElseThrow();
        Table is = to.table(id).orElse(was);
        List<Column> columns = new ArrayList<>();
        for (Column column : is.columns()) {
            if (isForwards || has(was, column.id())) {
                columns.add(column);
            }
        }
        for (Column column : was.columns()) {
            if (!isForwards && !has(is, column.id())) {
                columns.add(column);
            }
        }
        List<Map<String, String>> before = rows(was, from.rowsOf(id), columns);
        List<Map<String, String>> after = rows(is, to.rowsOf(id), columns);
        boolean isKeyed =
                !is.key().isEmpty()
                        && is.key().stream()
                                .sorted()
                                .toList()
                                .equals(was.key().stream().sorted().toList());
        List<String> key = is.key().stream().map(one -> columnName(is, one)).toList();
        return isKeyed ? byKey(before, after, key) : counted(before, after);
    }

    private static boolean has(Table table, int column) {
        return table.columns().stream().anyMatch(one -> one.id() == column);
    }

    private static String columnName(Table table, int id) {
        return table.columns().stream()
                .filter(one -> one.id() == id)
                .findFirst()
                .orElseThrow()
                .name();
    }

    private static List<Map<String, String>> rows(
            Table table, List<List<Value>> rows, List<Column> columns) {
        List<Integer> places = table.stored().stream().map(Column::id).toList();
        List<Map<String, String>> named = new ArrayList<>();
        for (List<Value> row : rows) {
            Map<String, String> fields = new LinkedHashMap<>();
            for (Column column : columns) {
                int place = places.indexOf(column.id());
                Value value =
                        place < 0
                                ? column.missing().map(Value::text).orElse(Value.Mark.NULL)
                                : row.get(place);
                fields.put(column.name(), value == Value.Mark.NULL ? "NULL" : "'" + value);
            }
            named.add(fields);
        }
        return named;
    }

    private static Map<String, Long> byKey(
            List<Map<String, String>> before, List<Map<String, String>> after, List<String> key) {
        Map<List<String>, Map<String, String>> was = byKey(before, key);
        Map<List<String>, Map<String, String>> is = byKey(after, key);
        Map<String, Long> lines = new TreeMap<>();
        was.forEach(
                (name, row) -> {
                    Map<String, String> now = is.get(name);
                    if (now == null) {
                        lines.put("DELETE " + name + " " + row, 1L);
                    } else if (!now.equals(row)) {
                        Map<String, String> changed = new LinkedHashMap<>();
                        row.forEach(
                                (column, value) -> {
                                    if (!value.equals(now.get(column))) {
                                        changed.put(column, value + "→" + now.get(column));
                                    }
                                });
                        lines.put("UPDATE " + name + " " + changed, 1L);
                    }
                });
        is.forEach(
                (name, row) -> {
                    if (!was.containsKey(name)) {
                        lines.put("INSERT " + name + " " + row, 1L);
                    }
                });
        return lines;
    }

    private static Map<List<String>, Map<String, String>> byKey(
            List<Map<String, String>> rows, List<String> key) {
        Map<List<String>, Map<String, String>> byKey = new HashMap<>();
        for (Map<String, String> row : rows) {
            byKey.put(key.stream().map(row::get).toList(), row);
        }
        return byKey;
    }

    private static Map<String, Long> counted(
            List<Map<String, String>> before, List<Map<String, String>> after) {
        Map<Map<String, String>, Long> more = new HashMap<>();
        before.forEach(row -> more.merge(row, -1L, Long::sum));
        after.forEach(row -> more.merge(row, 1L, Long::sum));
        Map<String, Long> lines = new TreeMap<>();
        more.forEach(
                (row, count) -> {
                    if (count != 0) {
                        lines.put(
                                (count < 0 ? "DELETE" : "INSERT") + " [] " + row, Math.abs(count));
                    }
                });
        return lines;
    }
}
