package dev.tidemark.replay.drill;

import dev.tidemark.replay.drill.TableDifference.Field;
import dev.tidemark.replay.drill.TableDifference.Kind;
import dev.tidemark.replay.drill.TableDifference.Row;
import dev.tidemark.replay.drill.TableDifference.Values;
import dev.tidemark.schemas.catalog.Table;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows in which a table of two databases differs, without reading the others: both
 * servers add up hashes of their rows by buckets, and only buckets with other sums are divided
 * further. Each division reads the table once on either side; a table of any size needs five at
 * most, and one of ten million rows two. Only reads; for one thread.
 */
public final class RowSearch {
    /** Fetched of one side at most; buckets are divided until they hold fewer. */
    private static final long FETCHED_MAX = 1_000;

    private final Connection source;
    private final Connection restored;
    private final Detail detail;
    private final int rowsMax;

    /**
     * Between two sessions of {@code Database.connect()}, each of which sees one snapshot.
     *
     * @param rowsMax so many rows of a table are told
     */
    public RowSearch(Connection source, Connection restored, Detail detail, int rowsMax) {
        this.source = source;
        this.restored = restored;
        this.detail = detail;
        this.rowsMax = rowsMax;
    }

    private record Sum(long rows, BigDecimal hashes) {
        static final Sum NONE = new Sum(0, BigDecimal.ZERO);
    }

    private record Found(Buckets buckets, boolean isAll) {}

    /** Of a table that both have, with the same columns. */
    public TableDifference find(Table table) throws SQLException {
        RowHashes hashes = new RowHashes(table);
        Found found = narrowed(hashes);
        if (found.buckets().numbers().isEmpty()) {
            return new TableDifference(table.displayName(), List.of(), true);
        }
        List<Row> rows =
                hashes.hasKey() ? keyed(hashes, found.buckets()) : counted(hashes, found.buckets());
        boolean isAll = found.isAll() && rows.size() <= rowsMax;
        return new TableDifference(
                table.displayName(), rows.subList(0, Math.min(rows.size(), rowsMax)), isAll);
    }

    private Found narrowed(RowHashes hashes) throws SQLException {
        Buckets buckets = Buckets.ALL;
        boolean isAll = true;
        while (true) {
            Buckets next = buckets.divided();
            Map<Long, Sum> there = sums(source, hashes.sums(buckets, next));
            Map<Long, Sum> here = sums(restored, hashes.sums(buckets, next));
            List<Long> unlike = unlike(there, here);
            List<Long> chosen = unlike.subList(0, Math.min(unlike.size(), rowsMax));
            isAll &= chosen.size() == unlike.size();
            buckets = next.of(chosen);
            boolean areFew =
                    rows(there, chosen) <= FETCHED_MAX && rows(here, chosen) <= FETCHED_MAX;
            if (areFew || buckets.isLast()) {
                return new Found(buckets, isAll);
            }
        }
    }

    private static List<Long> unlike(Map<Long, Sum> there, Map<Long, Sum> here) {
        TreeSet<Long> all = new TreeSet<>(there.keySet());
        all.addAll(here.keySet());
        return all.stream()
                .filter(
                        number ->
                                !there.getOrDefault(number, Sum.NONE)
                                        .equals(here.getOrDefault(number, Sum.NONE)))
                .toList();
    }

    private static long rows(Map<Long, Sum> sums, List<Long> chosen) {
        return chosen.stream()
                .mapToLong(number -> sums.getOrDefault(number, Sum.NONE).rows())
                .sum();
    }

    private static Map<Long, Sum> sums(Connection session, String query) throws SQLException {
        Map<Long, Sum> sums = new HashMap<>();
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                sums.put(row.getLong(1), new Sum(row.getLong(2), row.getBigDecimal(3)));
            }
        }
        return sums;
    }

    private record Fields(List<String> hashes, List<Optional<String>> values) {}

    private List<Row> keyed(RowHashes hashes, Buckets buckets) throws SQLException {
        Map<String, Fields> there = keyedRows(source, hashes, buckets);
        Map<String, Fields> here = keyedRows(restored, hashes, buckets);
        List<Row> rows = new ArrayList<>();
        there.forEach(
                (key, fields) -> {
                    Fields other = here.get(key);
                    if (other == null) {
                        rows.add(new Row(key, Kind.MISSING, 1, 0, of(hashes, fields, NONE)));
                    } else if (!fields.hashes().equals(other.hashes())) {
                        rows.add(new Row(key, Kind.CHANGED, 1, 1, of(hashes, fields, other)));
                    }
                });
        here.forEach(
                (key, fields) -> {
                    if (!there.containsKey(key)) {
                        rows.add(new Row(key, Kind.ADDITIONAL, 0, 1, of(hashes, NONE, fields)));
                    }
                });
        return rows;
    }

    private static final Fields NONE = new Fields(List.of(), List.of());

    private List<Field> of(RowHashes hashes, Fields there, Fields here) {
        boolean isOneSided = there.equals(NONE) || here.equals(NONE);
        if (isOneSided && detail == Detail.KEYS) {
            return List.of();
        }
        List<String> columns = hashes.columns();
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (isOneSided || !there.hashes().get(i).equals(here.hashes().get(i))) {
                fields.add(new Field(columns.get(i), values(there, here, i)));
            }
        }
        return fields;
    }

    private Optional<Values> values(Fields there, Fields here, int column) {
        return detail == Detail.KEYS
                ? Optional.empty()
                : Optional.of(new Values(value(there, column), value(here, column)));
    }

    private static Optional<String> value(Fields fields, int column) {
        return fields.equals(NONE) ? Optional.empty() : fields.values().get(column);
    }

    private Map<String, Fields> keyedRows(Connection session, RowHashes hashes, Buckets buckets)
            throws SQLException {
        List<String> names = hashes.keyColumns();
        Map<String, Fields> rows = new LinkedHashMap<>();
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(hashes.keyedRows(buckets, detail))) {
            while (row.next()) {
                List<Optional<String>> key = texts(row.getArray(1));
                List<String> parts = new ArrayList<>();
                for (int i = 0; i < names.size(); i++) {
                    parts.add(names.get(i) + "=" + key.get(i).orElse("NULL"));
                }
                List<String> columns = texts(row.getArray(2)).stream().map(Optional::get).toList();
                rows.put(String.join(", ", parts), new Fields(columns, texts(row.getArray(3))));
            }
        }
        return rows;
    }

    private static List<Optional<String>> texts(Array array) throws SQLException {
        List<Optional<String>> texts = new ArrayList<>();
        for (@Nullable Object text : (@Nullable Object[]) array.getArray()) {
            texts.add(Optional.ofNullable((String) text));
        }
        return texts;
    }

    private record Counted(long rows, String start) {}

    private List<Row> counted(RowHashes hashes, Buckets buckets) throws SQLException {
        String query = hashes.countedRows(buckets, detail);
        Map<String, Counted> there = countedRows(source, query);
        Map<String, Counted> here = countedRows(restored, query);
        TreeSet<String> all = new TreeSet<>(there.keySet());
        all.addAll(here.keySet());
        Counted none = new Counted(0, "");
        List<Row> rows = new ArrayList<>();
        for (String hash : all) {
            Counted one = there.getOrDefault(hash, none);
            Counted other = here.getOrDefault(hash, none);
            if (one.rows() != other.rows()) {
                rows.add(row(hash, one, other));
            }
        }
        return rows;
    }

    private Row row(String hash, Counted one, Counted other) {
        Kind kind =
                one.rows() == 0 ? Kind.ADDITIONAL : other.rows() == 0 ? Kind.MISSING : Kind.COUNTED;
        List<Field> fields =
                detail == Detail.KEYS
                        ? List.of()
                        : List.of(
                                new Field(
                                        "the row",
                                        Optional.of(new Values(start(one), start(other)))));
        return new Row(hash, kind, one.rows(), other.rows(), fields);
    }

    private static Optional<String> start(Counted row) {
        return row.rows() == 0 ? Optional.empty() : Optional.of(row.start());
    }

    private static Map<String, Counted> countedRows(Connection session, String query)
            throws SQLException {
        Map<String, Counted> rows = new HashMap<>();
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            while (row.next()) {
                rows.put(row.getString(1), new Counted(row.getLong(2), row.getString(3)));
            }
        }
        return rows;
    }
}
