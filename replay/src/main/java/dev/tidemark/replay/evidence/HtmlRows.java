package dev.tidemark.replay.evidence;

import dev.tidemark.replay.evidence.AnswerRows.Column;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rows of an answer as a table that fits a page: a column that is NULL in every row is left
 * out, and what all rows have in common is said once above. For one thread.
 */
final class HtmlRows {
    /** More are in the other files: nobody reads them on paper. */
    static final int ROWS_MAX = 1_000;

    private final AnswerRows answer;
    private final List<Integer> common = new ArrayList<>(); // places of columns
    private final List<Integer> empty = new ArrayList<>();
    private final List<Integer> shown = new ArrayList<>();

    HtmlRows(AnswerRows answer) {
        this.answer = answer;
        for (int i = 0; i < answer.columns().size(); i++) {
            place(i);
        }
    }

    private void place(int column) {
        if (describes(column).isPresent()) {
            return; // it is shown with the column that it tells of
        }
        long different =
                answer.rows().stream()
                        .map(row -> List.of(row.get(column), tells(row, column)))
                        .distinct()
                        .limit(2)
                        .count();
        boolean isOne = different == 1;
        if (isOne && answer.rows().getFirst().get(column) == Value.Mark.NULL && !isTold(column)) {
            empty.add(column);
        } else if (isOne && answer.rows().size() > 1) {
            common.add(column);
        } else {
            shown.add(column);
        }
    }

    private boolean isTold(int column) {
        return !about(answer.rows().getFirst(), column).isEmpty();
    }

    /** The place of the column which a column tells of. */
    private Optional<Integer> describes(int column) {
        return switch (answer.columns().get(column).content()) {
            case VALUES -> Optional.empty();
            case WHAT_THEY_ARE -> Optional.of(column - 1);
        };
    }

    /** What the column behind it tells of a value; nothing where nothing has to be told. */
    private String about(List<Value> row, int column) {
        return tells(row, column)
                .map(Value::toString)
                .filter(is -> !is.equals(RowMaker.KNOWN))
                .orElse("");
    }

    private Optional<Value> tells(List<Value> row, int column) {
        return Optional.of(column + 1)
                .filter(next -> next < row.size() && describes(next).isPresent())
                .map(row::get)
                .filter(value -> value != Value.Mark.NULL);
    }

    /** Where nothing is told there is no such field, and so no NULL in it. */
    private boolean isNone(List<Value> row, int column) {
        return column + 1 < row.size()
                && describes(column + 1).isPresent()
                && tells(row, column).isEmpty();
    }

    private String text(List<Value> row, int column) {
        String is = about(row, column);
        Value value = row.get(column);
        if (value == Value.Mark.NULL) {
            String none = isNone(row, column) ? "" : "<i>NULL</i>";
            return is.isEmpty() ? none : "<i>%s</i>".formatted(HtmlText.of(is));
        }
        String text = HtmlText.cut(value.toString());
        return is.isEmpty() ? text : "%s <i>(%s)</i>".formatted(text, HtmlText.of(is));
    }

    void write(Appendable html) throws IOException {
        if (answer.rows().isEmpty()) {
            html.append("<p>The answer has no rows.</p>\n");
            return;
        }
        html.append("<p>").append(count()).append("</p>\n");
        writeCommon(html);
        if (!shown.isEmpty()) {
            writeTable(html);
        }
        if (!empty.isEmpty()) {
            html.append("<p>NULL in every row: ").append(names(empty)).append(".</p>\n");
        }
    }

    private String count() {
        int rows = answer.rows().size();
        String counted = rows == 1 ? "1 row" : rows + " rows";
        String more =
                answer.hasMore()
                        ? " <strong>There are more: the question was asked with a limit.</strong>"
                        : "";
        String cut =
                rows > ROWS_MAX
                        ? " The first %d are here, all of them in rows.csv and rows.parquet."
                                .formatted(ROWS_MAX)
                        : "";
        return counted + "." + more + cut;
    }

    private void writeCommon(Appendable html) throws IOException {
        if (common.isEmpty()) {
            return;
        }
        html.append("<p>The same in every row:</p>\n<table class=\"facts\">\n");
        for (int column : common) {
            html.append("<tr><th scope=\"row\">")
                    .append(HtmlText.of(answer.columns().get(column).name()))
                    .append("</th><td>")
                    .append(text(answer.rows().getFirst(), column))
                    .append("</td></tr>\n");
        }
        html.append("</table>\n");
    }

    private void writeTable(Appendable html) throws IOException {
        html.append("<table class=\"rows\">\n<thead><tr>");
        for (int column : shown) {
            Column one = answer.columns().get(column);
            html.append("<th scope=\"col\" title=\"%s\">".formatted(HtmlText.of(one.type())))
                    .append(HtmlText.of(one.name()))
                    .append("</th>");
        }
        html.append("</tr></thead>\n<tbody>\n");
        for (List<Value> row : answer.rows().subList(0, Math.min(ROWS_MAX, answer.rows().size()))) {
            html.append("<tr>");
            for (int column : shown) {
                html.append("<td>").append(text(row, column)).append("</td>");
            }
            html.append("</tr>\n");
        }
        html.append("</tbody>\n</table>\n");
    }

    private String names(List<Integer> columns) {
        return String.join(
                ", ",
                columns.stream()
                        .map(column -> HtmlText.of(answer.columns().get(column).name()))
                        .toList());
    }
}
