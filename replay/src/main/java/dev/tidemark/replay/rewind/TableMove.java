package dev.tidemark.replay.rewind;

import dev.tidemark.archive.fold.RowsMove;
import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.replay.load.Quoted;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Takes rows out of a table and puts others in, within the transaction of its session, and reads
 * back what it did. For one thread; used once.
 */
final class TableMove {
    /** What was done, and what the table holds since. */
    record Moved(RowsChecksum taken, RowsChecksum put, RowsChecksum now) {}

    private static final String KEYS = "pg_temp.tidemark_keys";

    private final Connection connection;
    private final Table table;
    private final List<Column> columns;

    TableMove(Connection connection, Table table) {
        this.connection = connection;
        this.table = table;
        this.columns = table.stored();
    }

    /** All rows go, and those of the other moment come. Others can read the table meanwhile. */
    Moved reload(TableRows rows) throws SQLException, IOException {
        long gone;
        try (Statement statement = connection.createStatement()) {
            gone = statement.executeLargeUpdate("DELETE FROM ONLY " + name());
        }
        RowsChecksum put;
        try (RowsInto into = RowsInto.open(connection, target())) {
            rows.rows(into);
            put = into.finish();
        }
        requireEqual(put, RowsChecksum.ofTable(connection, table));
        return new Moved(new RowsChecksum(gone, 0, 0), put, put);
    }

    /**
     * The rows that differ go, and come as they are at the other moment.
     *
     * @param before what the table holds
     * @throws IllegalStateException when the rows there are others than they should be
     */
    Moved move(RowsMove move, RowsChecksum before) throws SQLException, IOException {
        List<List<Value>> keys = move.taken();
        boolean isKeyed = !table.key().isEmpty();
        KeyColumns key = KeyColumns.of(connection, table);
        List<Column> keyColumns = isKeyed ? key.columns() : columns;
        createKeys(keyColumns);
        add(keyColumns, keys);
        String condition =
                isKeyed
                        ? key.condition()
                        // The text of a row tells it from all that look different; some types have
                        // no equality, and some call equal what is not the same text.
                        : "%s::text = k.line".formatted(row("t"));
        String from =
                isKeyed
                        ? KEYS + " k"
                        : "(SELECT DISTINCT %s::text AS line FROM %s k0) k"
                                .formatted(row("k0"), KEYS);
        List<List<Value>> again = new ArrayList<>();
        RowsChecksum taken =
                RowsOut.read(
                        connection,
                        "DELETE FROM ONLY %s t USING %s WHERE %s RETURNING %s"
                                .formatted(name(), from, condition, list("t.")),
                        row -> move.took(row, again::add));
        Set<List<Value>> others = new HashSet<>();
        RowsChecksum put = put(move, again, isKeyed ? others : Set.of());
        RowsChecksum now = before.minus(taken).plus(put);
        if (isKeyed) {
            keys.forEach(others::remove);
            add(keyColumns, List.copyOf(others));
            requireEqual(
                    put,
                    RowsOut.read(
                            connection,
                            // Keys that differ as texts may be one key of one row.
                            "SELECT %s FROM ONLY %s t WHERE EXISTS (SELECT FROM %s WHERE %s)"
                                    .formatted(list("t."), name(), from, condition),
                            row -> {}));
        } else {
            requireEqual(now, RowsChecksum.ofTable(connection, table));
        }
        execute("DROP TABLE " + KEYS);
        return new Moved(taken, put, now);
    }

    private RowsChecksum put(RowsMove move, List<List<Value>> again, Set<List<Value>> keys)
            throws SQLException, IOException {
        int[] places =
                table.key().stream()
                        .mapToInt(id -> columns.stream().map(Column::id).toList().indexOf(id))
                        .toArray();
        try (RowsInto into = RowsInto.open(connection, target())) {
            for (List<Value> row : again) {
                into.row(row);
            }
            move.finish(
                    row -> {
                        into.row(row);
                        if (places.length > 0) {
                            keys.add(key(row, places));
                        }
                    });
            return into.finish();
        }
    }

    private static List<Value> key(List<Value> row, int[] places) {
        List<Value> key = new ArrayList<>();
        for (int place : places) {
            key.add(row.get(place));
        }
        return key;
    }

    private void createKeys(List<Column> of) throws SQLException {
        execute(
                "CREATE TEMPORARY TABLE tidemark_keys ON COMMIT DROP AS SELECT %s FROM ONLY %s WITH NO DATA"
                        .formatted(names(of, ""), name()));
    }

    private void add(List<Column> of, List<List<Value>> keys) throws SQLException, IOException {
        try (RowsInto into = RowsInto.open(connection, KEYS + " (" + names(of, "") + ")")) {
            for (List<Value> key : keys) {
                into.row(key);
            }
            RowsChecksum unused = into.finish();
        }
        execute("ANALYZE " + KEYS);
    }

    private void requireEqual(RowsChecksum wanted, RowsChecksum there) {
        if (!there.equals(wanted)) {
            throw TidemarkException.failed(
                    "the rows of %s that were read back are %s, and those put in were %s"
                            .formatted(table.displayName(), there, wanted),
                    "Nothing was changed. Does a trigger or a rule of the table act in replicas too (ENABLE ALWAYS)?"
                            + " Else please report this.");
        }
    }

    private void execute(String text) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(text);
        }
    }

    private String row(String alias) {
        return "ROW(" + names(columns, alias + ".") + ")";
    }

    private String list(String prefix) {
        return names(columns, prefix);
    }

    private static String names(List<Column> of, String prefix) {
        return of.stream()
                .map(column -> prefix + Quoted.name(column.name()))
                .collect(Collectors.joining(", "));
    }

    private String name() {
        return Quoted.name(table.schema(), table.name());
    }

    /** Without a list of columns it means all that are not generated: none has any. */
    private String target() {
        return columns.isEmpty() ? name() : name() + " (" + list("") + ")";
    }
}
