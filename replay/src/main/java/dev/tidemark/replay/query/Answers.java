package dev.tidemark.replay.query;

import dev.tidemark.replay.duckdb.LimitedDuckDb;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

/** Asks a DuckDB. */
final class Answers {
    /** What the driver says when something broke while rows were fetched, and not what. */
    private static final String BROKEN_OFF = "Invalid result set";

    private Answers() {}

    /** Did it break off while rows were fetched? */
    static boolean isBrokenOff(SQLException e) {
        return String.valueOf(e.getMessage()).contains(BROKEN_OFF);
    }

    static Answer of(Connection duckDb, String sql, int rowsMax, Course course)
            throws SQLException {
        try (Statement statement = duckDb.createStatement()) {
            course.running(statement);
            try (ResultSet rows = statement.executeQuery(sql)) {
                return read(rows, rowsMax);
            }
        } finally {
            course.done();
        }
    }

    /** Writes it as a file of Parquet instead; what is left is an answer without rows. */
    static Answer into(Path file, Connection duckDb, String sql, Course course)
            throws SQLException {
        try (Statement statement = duckDb.createStatement()) {
            course.running(statement);
            statement.execute(
                    "COPY (%s) TO %s (FORMAT parquet, COMPRESSION zstd)"
                            .formatted(sql, LimitedDuckDb.text(file.toString())));
            return new Answer(List.of(), List.of(), false);
        } finally {
            course.done();
        }
    }

    private static Answer read(ResultSet rows, int rowsMax) throws SQLException {
        List<AnswerColumn> columns = columns(rows.getMetaData());
        List<List<Cell>> read = new ArrayList<>();
        while (rows.next()) {
            if (read.size() == rowsMax) {
                return new Answer(columns, read, true);
            }
            List<Cell> row = new ArrayList<>();
            for (int i = 1; i <= columns.size(); i++) {
                row.add(Cells.of(rows, i));
            }
            read.add(row);
        }
        return new Answer(columns, read, false);
    }

    private static List<AnswerColumn> columns(ResultSetMetaData about) throws SQLException {
        List<AnswerColumn> columns = new ArrayList<>();
        for (int i = 1; i <= about.getColumnCount(); i++) {
            columns.add(
                    new AnswerColumn(
                            about.getColumnLabel(i),
                            about.getColumnTypeName(i),
                            isNumber(about.getColumnType(i), about.getColumnTypeName(i))));
        }
        return columns;
    }

    private static boolean isNumber(int type, String name) {
        return switch (type) {
            case Types.TINYINT,
                    Types.SMALLINT,
                    Types.INTEGER,
                    Types.BIGINT,
                    Types.REAL,
                    Types.FLOAT,
                    Types.DOUBLE,
                    Types.DECIMAL,
                    Types.NUMERIC ->
                    true;
            default -> name.endsWith("HUGEINT") || name.startsWith("UBIGINT");
        };
    }
}
