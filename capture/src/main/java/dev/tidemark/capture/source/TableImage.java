package dev.tidemark.capture.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import dev.tidemark.schemas.json.CanonicalJson;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows that the source wrote into its log by a message, after a command that changed them without
 * an event.
 *
 * @param table the table's id
 * @param columns how many a row has; the texts of no field and of one that is null are the same
 * @param rows each as the text of a record of the stored columns, as PostgreSQL writes it: <a
 *     href="https://www.postgresql.org/docs/current/rowtypes.html#ROWTYPES-IO-SYNTAX">Composite
 *     Type Input and Output Syntax</a>
 */
record TableImage(long table, int columns, List<String> rows) {
    /** The entries that a message's content stands for. */
    static List<Entry> entries(String json) {
        TableImage image =
                CanonicalJson.read(json.getBytes(UTF_8), TableImage.class, "a table's image");
        List<Entry> entries = new ArrayList<>();
        for (String row : image.rows) {
            entries.add(
                    new Entry.Row(
                            image.table,
                            Operation.REWRITE,
                            BeforeImage.NONE,
                            List.of(),
                            image.columns == 0 ? List.of() : fields(row)));
        }
        return entries;
    }

    /** The fields of the text of a record that has any. */
    static List<Value> fields(String record) {
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
