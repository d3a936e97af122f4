package dev.tidemark.replay.evidence;

import dev.tidemark.replay.evidence.AnswerRows.Column;
import dev.tidemark.replay.query.Answer;
import dev.tidemark.replay.query.AnswerColumn;
import dev.tidemark.replay.query.Cell;
import dev.tidemark.schemas.change.Value;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What SQL was answered with, in PostgreSQL's types and texts. */
public final class QueryRows {
    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    private QueryRows() {}

    public static AnswerRows of(Answer answer) {
        List<Column> columns =
                answer.columns().stream()
                        .map(column -> new Column(column.name(), type(column.type())))
                        .toList();
        List<List<Value>> rows = new ArrayList<>();
        for (List<Cell> cells : answer.rows()) {
            List<Value> row = new ArrayList<>();
            for (int i = 0; i < cells.size(); i++) {
                row.add(value(cells.get(i), answer.columns().get(i)));
            }
            rows.add(row);
        }
        return new AnswerRows(columns, rows, answer.hasMore());
    }

    /** PostgreSQL's name of a type of DuckDB; what has none there is text. */
    private static String type(String name) {
        return switch (name) {
            case "TINYINT", "UTINYINT", "SMALLINT" -> "smallint";
            case "USMALLINT", "INTEGER" -> "integer";
            case "UINTEGER", "BIGINT" -> RowMaker.NUMBER;
            case "UBIGINT", "HUGEINT", "UHUGEINT" -> "numeric(38,0)";
            case "FLOAT" -> "real";
            case "DOUBLE" -> "double precision";
            case "BOOLEAN" -> RowMaker.TRUTH;
            case "DATE" -> "date";
            case "TIME" -> "time without time zone";
            case "TIMESTAMP" -> "timestamp without time zone";
            case "TIMESTAMP WITH TIME ZONE" -> RowMaker.TIME;
            case "UUID" -> "uuid";
            case "BLOB" -> "bytea";
            case "JSON" -> "json";
            default -> other(name);
        };
    }

    private static String other(String name) {
        if (name.startsWith("DECIMAL(")) {
            return name.replace("DECIMAL", "numeric");
        }
        boolean isNested =
                name.endsWith("]") || name.startsWith("STRUCT") || name.startsWith("MAP");
        return isNested ? "json" : RowMaker.TEXT;
    }

    private static Value value(Cell cell, AnswerColumn column) {
        if (cell.isNull()) {
            return Value.Mark.NULL;
        }
        try {
            return Value.text(text(cell.text(), column.type()));
        } catch (DateTimeException e) {
            return Value.text(cell.text()); // such as infinity
        }
    }

    private static String text(String text, String type) {
        return switch (type) {
            case "BOOLEAN" -> text.substring(0, 1);
            case "TIMESTAMP WITH TIME ZONE" -> RowMaker.instant(Instant.parse(text));
            case "TIMESTAMP" -> RowMaker.local(LocalDateTime.parse(text));
            case "TIME" -> timeOfDay(text);
            default -> text;
        };
    }

    /** Java leaves out seconds that are none. */
    private static String timeOfDay(String text) {
        LocalTime time = LocalTime.parse(text);
        return time.getSecond() == 0 && time.getNano() == 0 ? SECONDS.format(time) : text;
    }
}
