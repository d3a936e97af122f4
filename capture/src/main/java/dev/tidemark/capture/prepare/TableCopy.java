package dev.tidemark.capture.prepare;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads rows of tables as of a snapshot: the server's own text of every stored value.
 *
 * <p>The connections are {@link SourceSnapshot#session()}s. One connection copies one part at a
 * time; after an error it is to be closed: what the server still sent is in its way.
 */
public final class TableCopy {
    private TableCopy() {}

    /**
     * Hands over the rows of a part, in no order.
     *
     * @return how many they were
     */
    public static long copy(Connection session, TablePart part, RowSink sink) throws IOException {
        if (!part.isKept()) {
            TableParts.keep(session, part.table());
        }
        try {
            CopyOut copy = session.unwrap(PGConnection.class).getCopyAPI().copyOut(statement(part));
            try {
                return handOver(copy, new CopyLine(part.table().stored().size()), sink);
            } catch (IOException | RuntimeException e) {
                cancel(copy, e);
                throw e;
            }
        } catch (SQLException e) {
            throw TidemarkException.failed(
                    "cannot read table %s: %s"
                            .formatted(part.table().displayName(), SourceErrors.message(e)),
                    SourceErrors.state(e).equals(SourceErrors.NO_MEMORY)
                            ? SourceErrors.LOCKS_HINT
                            : "Run the command again: it starts from a new snapshot.",
                    e);
        }
    }

    /** Else closing the connection would wait for the rest of the rows. */
    private static void cancel(CopyOut copy, Exception cause) {
        try {
            copy.cancelCopy();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private static long handOver(CopyOut copy, CopyLine lines, RowSink sink)
            throws SQLException, IOException {
        long rows = 0;
        for (byte[] line = copy.readFromCopy(); line != null; line = copy.readFromCopy()) {
            sink.row(lines.parse(line));
            rows++;
        }
        return rows;
    }

    /** A range of ctid reads just its pages, from PostgreSQL 14 on. */
    private static String statement(TablePart part) {
        String columns =
                part.table().stored().stream()
                        .map(column -> PreparationSql.identifier(column.name()))
                        .collect(Collectors.joining(", "));
        String where = part.isWhole() ? "" : " WHERE ctid >= '(%d,0)'".formatted(part.firstPage());
        if (part.endPage().isPresent()) {
            where +=
                    (where.isEmpty() ? " WHERE " : " AND ")
                            + "ctid < '(%d,0)'".formatted(part.endPage().getAsLong());
        }
        return "COPY (SELECT %s FROM ONLY %s%s) TO STDOUT"
                .formatted(columns, quoted(part.table()), where);
    }

    static String quoted(Table table) {
        return PreparationSql.identifier(table.schema())
                + "."
                + PreparationSql.identifier(table.name());
    }
}
