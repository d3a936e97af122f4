package dev.tidemark.replay.drill;

import static java.util.stream.Collectors.joining;

import dev.tidemark.replay.load.Quoted;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.List;
import java.util.function.Function;

/**
 * SQL over hashes of a table's rows, alike on every server: of the text of a record, which tells
 * NULL from an empty text, by SHA-256, of which no server's build lacks the function.
 *
 * <p>A row is in a bucket by the hash of its key, or without a key by its own, so that the rows to
 * be compared are in the same one on both sides.
 */
record RowHashes(Table table) {
    private static final int VALUE_CHARS_MAX = 200; // enough to tell what it was

    boolean hasKey() {
        return !table.key().isEmpty();
    }

    List<String> columns() {
        return table.stored().stream().map(Column::name).toList();
    }

    List<String> keyColumns() {
        return table.stored().stream()
                .filter(column -> table.key().contains(column.id()))
                .map(Column::name)
                .toList();
    }

    /** How many rows each bucket holds, and their hashes' sum. */
    String sums(Buckets within, Buckets next) {
        return "SELECT b.hash >> %d, count(*), sum(%s) %s GROUP BY 1"
                .formatted(next.shift(), number(row(columns())), from(within));
    }

    /** Rows with a key: the key, a hash of each column and, if they are wanted, the values. */
    String keyedRows(Buckets within, Detail detail) {
        return "SELECT %s, %s, %s %s"
                .formatted(
                        array(keyColumns(), RowHashes::text),
                        array(columns(), name -> hex(row(List.of(name)))),
                        detail == Detail.VALUES
                                ? array(columns(), RowHashes::start)
                                : "ARRAY[]::text[]",
                        from(within));
    }

    /** Rows without a key: the hash of each that differs from others, and how often it is there. */
    String countedRows(Buckets within, Detail detail) {
        return "SELECT %s, count(*), %s %s GROUP BY %s"
                .formatted(
                        hex(row(columns())),
                        detail == Detail.VALUES
                                ? "min(left(" + row(columns()) + ", " + VALUE_CHARS_MAX + "))"
                                : "''",
                        from(within),
                        hex(row(columns())));
    }

    /** The hash of the key is made once a row, before the row's own is. */
    private String from(Buckets within) {
        String bucketed = hasKey() ? row(keyColumns()) : row(columns());
        String from =
                "FROM ONLY %s t CROSS JOIN LATERAL (SELECT %s AS hash OFFSET 0) b"
                        .formatted(Quoted.name(table.schema(), table.name()), number(bucketed));
        return within.isAll()
                ? from
                : from
                        + " WHERE b.hash >> %d IN (%s)"
                                .formatted(
                                        within.shift(),
                                        within.numbers().stream()
                                                .map(String::valueOf)
                                                .collect(joining(", ")));
    }

    private static String row(List<String> names) {
        return names.stream().map(RowHashes::column).collect(joining(", ", "ROW(", ")::text"));
    }

    private static String column(String name) {
        return "t." + Quoted.name(name);
    }

    private static String array(List<String> names, Function<String, String> each) {
        return names.stream().map(each).collect(joining(", ", "ARRAY[", "]::text[]"));
    }

    /** As the type's output function writes it, which not every cast to text does. */
    private static String text(String name) {
        return "CASE WHEN num_nulls(%1$s) = 0 THEN format('%%s', %1$s) END".formatted(column(name));
    }

    private static String start(String name) {
        return "left(%s, %d)".formatted(text(name), VALUE_CHARS_MAX);
    }

    private static String hash(String text) {
        return "substring(sha256(convert_to(%s, 'UTF8')) FROM 1 FOR 8)".formatted(text);
    }

    private static String hex(String text) {
        return "encode(" + hash(text) + ", 'hex')";
    }

    private static String number(String text) {
        return "('x' || " + hex(text) + ")::bit(64)::bigint";
    }
}
