package dev.tidemark.replay.evidence;

import static dev.tidemark.archive.Samples.row;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.replay.evidence.AnswerRows.Column;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HtmlRowsTest {
    private static String html(List<String> columns, List<List<Value>> rows) throws IOException {
        return htmlOf(columns.stream().map(name -> new Column(name, "text")).toList(), rows);
    }

    private static String htmlOf(List<Column> columns, List<List<Value>> rows) throws IOException {
        StringBuilder html = new StringBuilder();
        new HtmlRows(new AnswerRows(columns, rows, false)).write(html);
        return html.toString();
    }

    /** Whoever asks in SQL calls columns as they like. */
    @Test
    void aColumnIsWhatItIsMadeAsAndNotWhatItsNameSays() throws IOException {
        assertThat(html(List.of("v", "v_is"), List.of(row("1", "known"), row("null", "unknown"))))
                .contains(
                        """
                        <tr><td>1</td><td>known</td></tr>
                        <tr><td><i>NULL</i></td><td>unknown</td></tr>
                        """);
    }

    @Test
    void whatAllRowsHaveIsSaidOnceAndWhatNoneHasIsLeftOut() throws IOException {
        assertThat(
                        html(
                                List.of("a", "b", "c"),
                                List.of(row("1", "x", "null"), row("2", "x", "null"))))
                .isEqualTo(
                        """
                        <p>2 rows.</p>
                        <p>The same in every row:</p>
                        <table class="facts">
                        <tr><th scope="row">b</th><td>x</td></tr>
                        </table>
                        <table class="rows">
                        <thead><tr><th scope="col" title="text">a</th></tr></thead>
                        <tbody>
                        <tr><td>1</td></tr>
                        <tr><td>2</td></tr>
                        </tbody>
                        </table>
                        <p>NULL in every row: c.</p>
                        """);
    }

    @Test
    void whatIsNotKnownIsNotNull() throws IOException {
        assertThat(
                        htmlOf(
                                List.of(
                                        new Column("v", "text"),
                                        Column.whatIs(new Column("v", "text"))),
                                List.of(
                                        row("null", "unknown"),
                                        row("null", "absent"),
                                        row("null", "known"),
                                        row("null", "null"),
                                        row("ann", "claimed by the row"),
                                        row("x", "known"))))
                .contains(
                        """
                        <tr><td><i>unknown</i></td></tr>
                        <tr><td><i>absent</i></td></tr>
                        <tr><td><i>NULL</i></td></tr>
                        <tr><td></td></tr>
                        <tr><td>ann <i>(claimed by the row)</i></td></tr>
                        <tr><td>x</td></tr>
                        """)
                .doesNotContain("v_is");
    }

    @Test
    void noTextIsMarkupAndNothingIsHidden() {
        assertThat(HtmlText.of("<b a=\"1\" c='2'>&\n\t\u0000\u202e\u200bä\ud83d\ude00"))
                .isEqualTo(
                        "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;\n\\u0009\\u0000\\u202e\\u200bä\ud83d\ude00");
        assertThat(HtmlText.cut("x".repeat(4_001)))
                .endsWith("x… <i>(4001 characters; all of them are in rows.csv)</i>");
    }

    @Test
    void namesDifferInMoreThanCase() {
        AnswerRows rows =
                new AnswerRows(
                        Arrays.asList(
                                new Column("a", "text"),
                                new Column("A", "text"),
                                new Column("", "text")),
                        List.of(),
                        false);

        assertThat(rows.columns()).extracting(Column::name).containsExactly("a", "A_1", "column");
    }
}
