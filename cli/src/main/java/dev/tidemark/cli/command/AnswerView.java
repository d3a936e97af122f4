package dev.tidemark.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.cli.output.JsonOutput;
import dev.tidemark.cli.output.TextTable;
import dev.tidemark.replay.query.Answer;
import dev.tidemark.replay.query.AnswerColumn;
import dev.tidemark.replay.query.Cell;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** The rows of an answer, printed. */
final class AnswerView {
    private static final String NULL = "NULL";

    /** A longer value is cut in the table; {@code --json} and {@code --csv} have it whole. */
    private static final int VALUE_CHARACTERS_MAX = 200;

    private AnswerView() {}

    static void print(CommandContext context, Answer answer, AnswerFormat format) {
        if (format.isJson || format.isCsv) {
            context.out().print(text(answer, format));
        } else {
            context.print(table(answer));
            context.out().println(count(answer));
        }
        if (answer.hasMore()) {
            context.warn(more(answer));
        }
    }

    /** The same for a terminal, where all of it is shown together. */
    static String text(Answer answer, AnswerFormat format) {
        if (format.isJson) {
            return JsonOutput.text(objects(answer)) + System.lineSeparator();
        }
        if (format.isCsv) {
            return csv(answer);
        }
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        table(answer).print(new PrintStream(text, true, UTF_8), false);
        String more = answer.hasMore() ? "%n%s".formatted(more(answer)) : "";
        return "%s%s%s%n".formatted(text.toString(UTF_8), count(answer), more);
    }

    private static String more(Answer answer) {
        return "there are more rows than the %d that are shown: give --limit, or ask for fewer"
                .formatted(answer.rows().size());
    }

    static String count(Answer answer) {
        int rows = answer.rows().size();
        return "%s%d row%s".formatted(answer.hasMore() ? "first " : "", rows, rows == 1 ? "" : "s");
    }

    static TextTable table(Answer answer) {
        TextTable table =
                new TextTable(
                        answer.columns().stream().map(AnswerColumn::name).toArray(String[]::new));
        for (int i = 0; i < answer.columns().size(); i++) {
            if (answer.columns().get(i).isNumber()) {
                table.numbers(i);
            }
        }
        for (List<Cell> row : answer.rows()) {
            table.row(row.stream().map(AnswerView::text).toArray());
        }
        return table;
    }

    /** A text that reads as NULL does is in quotes. */
    private static Object text(Cell cell) {
        if (cell.isNull()) {
            return NULL;
        }
        if (cell.text().equals(NULL)) {
            return "\"" + NULL + "\"";
        }
        return cell.text().length() <= VALUE_CHARACTERS_MAX
                ? cell.text()
                : "%s… (%d characters)"
                        .formatted(
                                cell.text().substring(0, VALUE_CHARACTERS_MAX),
                                cell.text().length());
    }

    static List<Map<String, JsonNode>> objects(Answer answer) {
        List<String> names = names(answer);
        List<Map<String, JsonNode>> objects = new ArrayList<>();
        for (List<Cell> row : answer.rows()) {
            Map<String, JsonNode> object = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                object.put(names.get(i), row.get(i).json());
            }
            objects.add(object);
        }
        return objects;
    }

    /** An object has one field of a name: the second of two columns gets a number. */
    private static List<String> names(Answer answer) {
        Set<String> taken = new HashSet<>();
        List<String> names = new ArrayList<>();
        for (AnswerColumn column : answer.columns()) {
            String name = column.name();
            for (int n = 1; !taken.add(name); n++) {
                name = column.name() + "_" + n;
            }
            names.add(name);
        }
        return names;
    }

    private static String csv(Answer answer) {
        StringWriter text = new StringWriter();
        try (CSVPrinter csv = new CSVPrinter(text, CSVFormat.POSTGRESQL_CSV)) {
            csv.printRecord(answer.columns().stream().map(AnswerColumn::name).toList());
            for (List<Cell> row : answer.rows()) {
                for (Cell cell : row) {
                    csv.print(cell.isNull() ? null : cell.text());
                }
                csv.println();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a text in memory takes all
        }
        return text.toString();
    }
}
