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
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Takes rows out of a table and puts others in, within the transaction of its session, and reads
 * back what it did. For one thread; used once.
 */
final class TableMove {
    /** What was done, and what the table holds since. */
    record Moved(RowsChecksum taken, RowsChecksum put, RowsChecksum now) {}

    private static final String KEYS = "pg_temp.tidemark_keys";

    /**
     * Types of which equal values have equal texts, and the server compares them by their bytes.
     */
    private static final Pattern COMPARABLE =
            Pattern.compile("smallint|integer|bigint|oid|uuid|date|timestamp.*");

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
        Moved moved = table.key().isEmpty() ? unkeyed(move, before) : keyed(move, before);
        execute("DROP TABLE " + KEYS);
        return moved;
    }

    private Moved keyed(RowsMove move, RowsChecksum before) throws SQLException, IOException {
        KeyColumns key = KeyColumns.of(connection, table);
        List<List<Value>> keys = move.taken().stream().map(RowsMove.Taken::row).toList();
        createKeys(names(key.columns(), ""));
        add(keys);
        RowsChecksum taken =
                RowsOut.read(
                        connection,
                        "DELETE FROM ONLY %s t USING %s k WHERE %s RETURNING %s"
                                .formatted(name(), KEYS, key.condition(), list("t.")),
                        move::took);
        Set<List<Value>> others = new HashSet<>();
        RowsChecksum put = put(move, others);
        keys.forEach(others::remove);
        add(others);
        requireEqual(
                put,
                RowsOut.read(
                        connection,
                        // Keys that differ as texts may be one key of one row.
                        "SELECT %s FROM ONLY %s t WHERE EXISTS (SELECT FROM %s k WHERE %s)"
                                .formatted(list("t."), name(), KEYS, key.condition()),
                        row -> {}));
        return new Moved(taken, put, before.minus(taken).plus(put));
    }

    /**
     * Of equal rows so many go as are too many. The text of a row tells it from all that look
     * different; some types have no equality, and some call equal what is not the same text.
     */
    private Moved unkeyed(RowsMove move, RowsChecksum before) throws SQLException, IOException {
        String times = Quoted.name(freeName());
        createKeys(names(columns, "") + ", 0::bigint AS " + times);
        List<RowsMove.Taken> wanted = move.taken();
        List<List<Value>> keys = new ArrayList<>();
        for (RowsMove.Taken taken : wanted) {
            List<Value> line = new ArrayList<>(taken.row());
            line.add(Value.text(Long.toString(taken.times())));
            keys.add(line);
        }
        add(keys);
        RowsChecksum taken =
                keys.isEmpty() // else the whole table would be read for nothing
                        ? RowsChecksum.NONE
                        : RowsOut.read(
                                connection, deleteLines(comparable(wanted), times), move::took);
        RowsChecksum put = put(move, new HashSet<>());
        // The rows that this transaction made are those put in, unless somebody else's trigger made
        // more.
        requireEqual(
                put,
                RowsOut.read(
                        connection,
                        "SELECT %s FROM ONLY %s t WHERE t.xmin = pg_current_xact_id()::xid"
                                .formatted(list("t."), name()),
                        row -> {}));
        return new Moved(taken, put, before.minus(taken).plus(put));
    }

    /**
     * Deletes the rows that are listed. The text of a row takes long to make, and is made only of
     * those that have the same values in columns that are quickly compared, where there are such.
     */
    private String deleteLines(List<Column> comparable, String times) {
        String same =
                comparable.stream()
                        .map(column -> "r.%1$s = k.%1$s AND ".formatted(Quoted.name(column.name())))
                        .collect(Collectors.joining());
        String further =
                comparable.stream()
                        .map(column -> ", k0." + Quoted.name(column.name()))
                        .collect(Collectors.joining());
        return """
        DELETE FROM ONLY %1$s t
         USING (SELECT r.ctid AS place, k.times, row_number() OVER (PARTITION BY k.line) AS nth
                  FROM ONLY %1$s r
                  JOIN (SELECT %2$s::text AS line, sum(k0.%3$s) AS times%7$s FROM %4$s k0 GROUP BY 1%7$s) k
                    ON %8$s%5$s::text %9$s k.line) x
         WHERE t.ctid = x.place AND x.nth <= x.times
        RETURNING %6$s"""
                .formatted(
                        name(),
                        row("k0"),
                        times,
                        KEYS,
                        row("r"),
                        list("t."),
                        further,
                        same,
                        // By an equality the server would hash the texts of all rows.
                        comparable.isEmpty() ? "=" : "IS NOT DISTINCT FROM");
    }

    /** The columns in which each of these rows has a value whose equality is that of its text. */
    private List<Column> comparable(List<RowsMove.Taken> rows) {
        List<Column> comparable = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            int place = i;
            if (COMPARABLE.matcher(columns.get(i).type()).matches()
                    && rows.stream().noneMatch(one -> one.row().get(place) == Value.Mark.NULL)) {
                comparable.add(columns.get(i));
            }
        }
        return comparable;
    }

    /** A name that no column has. */
    private String freeName() {
        Set<String> taken = columns.stream().map(Column::name).collect(Collectors.toSet());
        String name = "times";
        while (taken.contains(name)) {
            name += "_";
        }
        return name;
    }

    /**
     * Puts rows in.
     *
     * @param keys takes theirs, where the table has one
     */
    private RowsChecksum put(RowsMove move, Set<List<Value>> keys)
            throws SQLException, IOException {
        int[] places =
                table.key().stream()
                        .mapToInt(id -> columns.stream().map(Column::id).toList().indexOf(id))
                        .toArray();
        try (RowsInto into = RowsInto.open(connection, target())) {
            move.finish(
                    row -> {
                        into.row(row);
                        if (places.length > 0) {
                            keys.add(key(row, places));
                        }
                    });
            RowsChecksum put = into.finish();
            if (into.copied() != put.rows()) {
                throw notTaken("that the server put in are %d".formatted(into.copied()), put);
            }
            return put;
        }
    }

    private static List<Value> key(List<Value> row, int[] places) {
        List<Value> key = new ArrayList<>();
        for (int place : places) {
            key.add(row.get(place));
        }
        return key;
    }

    private void createKeys(String list) throws SQLException {
        execute(
                "CREATE TEMPORARY TABLE tidemark_keys ON COMMIT DROP AS SELECT %s FROM ONLY %s WITH NO DATA"
                        .formatted(list, name()));
    }

    private void add(Collection<List<Value>> keys) throws SQLException, IOException {
        if (keys.isEmpty()) {
            return;
        }
        try (RowsInto into = RowsInto.open(connection, KEYS)) {
            for (List<Value> key : keys) {
                into.row(key);
            }
            RowsChecksum unused = into.finish();
        }
        execute("ANALYZE " + KEYS);
    }

    private void requireEqual(RowsChecksum wanted, RowsChecksum there) {
        if (!there.equals(wanted)) {
            throw notTaken("that were read back are " + there, wanted);
        }
    }

    private TidemarkException notTaken(String found, RowsChecksum wanted) {
        return TidemarkException.failed(
                "the rows of %s %s, and those put in were %s"
                        .formatted(table.displayName(), found, wanted),
                "Nothing was changed. Does a trigger or a rule of the table act in replicas too (ENABLE ALWAYS)?"
                        + " Else please report this.");
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
