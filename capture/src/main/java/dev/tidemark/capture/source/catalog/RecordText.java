package dev.tidemark.capture.source.catalog;

import dev.tidemark.schemas.change.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the text of a record, as PostgreSQL writes it: <a
 * href="https://www.postgresql.org/docs/current/rowtypes.html#ROWTYPES-IO-SYNTAX">Composite Type
 * Input and Output Syntax</a>.
 */
public final class RecordText {
    private RecordText() {}

    /**
     * The fields of a record.
     *
     * @param columns how many it has; the texts of no field and of one that is null are the same
     */
    public static List<Value> fields(String record, int columns) {
        return columns == 0 ? List.of() : fields(record);
    }

    private static List<Value> fields(String record) {
        List<Value> fields = new ArrayList<>();
        int at = 1; // after the opening parenthesis
        while (at < record.length()) {
            char first = record.charAt(at);
            if (first == ',' || first == ')') {
                fields.add(Value.Mark.NULL);
                at++;
            } else if (first == '"') {
                StringBuilder text = new StringBuilder();
                at = unquote(record, at + 1, text) + 1;
                fields.add(Value.text(text.toString()));
            } else {
                int end = end(record, at);
                fields.add(Value.text(record.substring(at, end)));
                at = end + 1;
            }
        }
        return fields;
    }

    /** Where an unquoted field ends: the server quotes all that holds a comma or parenthesis. */
    private static int end(String record, int from) {
        int end = from;
        while (record.charAt(end) != ',' && record.charAt(end) != ')') {
            end++;
        }
        return end;
    }

    /**
     * Reads to the closing quote; the place after it. The server doubles quotes and backslashes.
     */
    private static int unquote(String record, int from, StringBuilder text) {
        int at = from;
        while (true) {
            char letter = record.charAt(at);
            if (letter == '"' || letter == '\\') {
                if (record.charAt(at + 1) != letter) {
                    return at + 1;
                }
                at++;
            }
            text.append(letter);
            at++;
        }
    }
}
