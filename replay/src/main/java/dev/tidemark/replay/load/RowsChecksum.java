package dev.tidemark.replay.load;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * What a table holds, in two numbers that do not depend on the order of its rows: how many there
 * are, and the sum modulo 2^128 of the first 16 bytes of the SHA-256 of each row's line as COPY
 * writes it (a sum, not an exclusive or: equal rows must not cancel each other out).
 *
 * @param high the sum's upper 64 bits
 * @param low the sum's lower 64 bits
 */
public record RowsChecksum(long rows, long high, long low) {
    private static final int HEX_DIGITS = 16; // of each half
    private static final long PAGE_MAX = 0xFFFF_FFFEL; // MaxBlockNumber

    /**
     * Of a table that can be read now, without tables that inherit from it.
     *
     * @param connection a session of {@code Database.connect()}: values have Tidemark's text form
     */
    public static RowsChecksum ofTable(Connection connection, Table table) throws SQLException {
        List<String> columns = table.stored().stream().map(Column::name).toList();
        return ofTable(connection, table.schema(), table.name(), columns);
    }

    /**
     * Of some columns of a table, in this order.
     *
     * @param connection a session of {@code Database.connect()}: values have Tidemark's text form
     */
    public static RowsChecksum ofTable(
            Connection connection, String schema, String table, List<String> columns)
            throws SQLException {
        return ofCopy(connection, "COPY (" + select(schema, table, columns) + ") TO STDOUT");
    }

    /**
     * The same of the rows in some pages of a heap.
     *
     * @param end the first page that is not read any more, or a number that is larger than any
     */
    static RowsChecksum ofPages(Connection connection, Table table, long first, long end)
            throws SQLException {
        List<String> columns = table.stored().stream().map(Column::name).toList();
        String rows =
                select(table.schema(), table.name(), columns)
                        + " WHERE ctid >= '(%d,0)'".formatted(first)
                        + (end <= PAGE_MAX ? " AND ctid < '(%d,0)'".formatted(end) : "");
        return ofCopy(connection, "COPY (" + rows + ") TO STDOUT");
    }

    private static String select(String schema, String table, List<String> columns) {
        return "SELECT %s FROM ONLY %s"
                .formatted(
                        columns.stream().map(Quoted::name).collect(Collectors.joining(", ")),
                        Quoted.name(schema, table));
    }

    private static RowsChecksum ofCopy(Connection connection, String command) throws SQLException {
        RowsDigest digest = new RowsDigest();
        CopyOut copy = connection.unwrap(PGConnection.class).getCopyAPI().copyOut(command);
        try {
            boolean isMore = true;
            while (isMore) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new SQLException("interrupted", SqlStates.QUERY_CANCELED);
                }
                isMore = addNext(copy, digest);
            }
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
        return digest.checksum();
    }

    /**
     * Adds a row, of which nothing is held when the next is read: one may take much of the heap.
     * PostgreSQL sends each as a message of its own: "COPY Operations" in its protocol.
     */
    private static boolean addNext(CopyOut copy, RowsDigest digest) throws SQLException {
        byte[] line = copy.readFromCopy();
        if (line == null) {
            return false;
        }
        digest.add(line, 0, line.length - 1);
        return true;
    }

    /** Of no rows. */
    public static final RowsChecksum NONE = new RowsChecksum(0, 0, 0);

    /** Of all of these rows and those. */
    public RowsChecksum plus(RowsChecksum more) {
        long sum = low + more.low;
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        return new RowsChecksum(rows + more.rows, high + more.high + carry, sum);
    }

    /** Of what is left when some of the rows go. */
    public RowsChecksum minus(RowsChecksum gone) {
        long borrow = Long.compareUnsigned(low, gone.low) < 0 ? 1 : 0;
        return new RowsChecksum(rows - gone.rows, high - gone.high - borrow, low - gone.low);
    }

    /** Reads {@link #hex}. */
    public static RowsChecksum of(long rows, String hex) {
        return new RowsChecksum(
                rows,
                Long.parseUnsignedLong(hex, 0, HEX_DIGITS, 16),
                Long.parseUnsignedLong(hex, HEX_DIGITS, 2 * HEX_DIGITS, 16));
    }

    /** The sum as 32 hexadecimal digits. */
    public String hex() {
        return String.format(Locale.ROOT, "%016x%016x", high, low);
    }

    @Override
    public String toString() {
        return rows + " rows with checksum " + hex();
    }
}
