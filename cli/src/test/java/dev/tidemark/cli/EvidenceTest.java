package dev.tidemark.cli;

import static dev.tidemark.archive.Samples.row;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bundles of evidence: what is in them, and that they are the same each time. */
class EvidenceTest {
    @TempDir private Path directory;

    private EvidenceBundles bundles;

    @BeforeEach
    void writeAnArchive() throws IOException {
        bundles = new EvidenceBundles(directory);
    }

    @Test
    void theSameQuestionGivesTheSameBytes() throws IOException {
        assertThat(
                        bundles.run(
                                "evidence",
                                "--output",
                                "one.zip",
                                "history",
                                "deal",
                                "7",
                                "--limit",
                                "9"))
                .isZero();
        assertThat(bundles.run("evidence", "history", "--limit=9", "deal", "7", "--output=sub.zip"))
                .isZero();

        assertThat(Files.mismatch(directory.resolve("one.zip"), directory.resolve("sub.zip")))
                .isEqualTo(-1);
        assertThat(bundles.out()).contains("one.zip: 6 rows, read from ", "\nSHA-256 ");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(directory.resolve("one.zip"))))
                .isEqualTo("rw-------");
    }

    @Test
    void nothingIsReplaced() throws IOException {
        Files.writeString(directory.resolve("there.zip"), "mine");

        assertThat(bundles.run("evidence", "--output", "there.zip", "history", "deal", "7"))
                .isEqualTo(3);
        assertThat(bundles.err())
                .isEqualTo(
                        """
                        error: '%s' is there already
                        HINT: Give another name.
                        """
                                .formatted(directory.resolve("there.zip")));
        assertThat(directory.resolve("there.zip")).hasContent("mine");
    }

    @Test
    void aBundleNeedsAFile() {
        assertThat(bundles.run("evidence", "history", "deal", "7")).isEqualTo(2);
        assertThat(bundles.err())
                .isEqualTo(
                        """
                        error: there is no file for the bundle
                        HINT: Give one with --output FILE.zip.
                        """);
    }

    @Test
    void aQuestionThatIsRefusedLeavesNothing() {
        assertThat(bundles.run("evidence", "history", "daal", "7", "--output", "no.zip"))
                .isEqualTo(3);

        assertThat(directory).isDirectoryNotContaining("glob:**no.zip*");
    }

    @Test
    void theReportShowsValuesAsTextAndSaysWhatIsNotKnown() throws IOException {
        Path bundle = bundles.bundle("history", "deal", "7");

        String html = Files.readString(bundle.resolve("report.html"));
        assertThat(html)
                .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                .doesNotContain("<script")
                .contains("ann <i>(said by the application)</i>")
                .contains("<i>unknown</i>")
                .contains("the slot was lost")
                .contains("times without an offset in the question are those of Europe/Berlin")
                .contains("tidemark history deal 7</code>");
        assertThat(html).doesNotContain(directory.toString());
        assertThat(Files.readString(bundle.resolve("question.json")))
                .contains("\"reason\":\"the slot was lost\"")
                .doesNotContain(directory.toString());
    }

    @Test
    void rowsAreTheSameAsCsvAndAsParquet() throws Exception {
        Path bundle = bundles.bundle("query", "SELECT * FROM history.deal ORDER BY _number, id");

        List<String> csv =
                ask(
                        "SELECT id, note, due, epoch(_commit_time), _tx FROM read_csv('%s', all_varchar = false)"
                                .formatted(bundle.resolve("rows.csv")));
        assertThat(
                        ask(
                                "SELECT id, note, due, epoch(_commit_time), _tx FROM read_parquet('%s')"
                                        .formatted(bundle.resolve("rows.parquet"))))
                .isEqualTo(csv)
                .hasSize(5)
                .element(1)
                .isEqualTo("7|a\nb|2026-03-31|1.79517606E9|701");
        assertThat(
                        ask(
                                "SELECT column_name, column_type FROM (DESCRIBE FROM read_parquet('%s'))"
                                        .formatted(bundle.resolve("rows.parquet"))))
                .contains(
                        "id|INTEGER",
                        "due|DATE",
                        "_commit_time|TIMESTAMP WITH TIME ZONE",
                        "_before|JSON");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "random()",
                "random() < 2",
                "current_date",
                "ago(INTERVAL 30 DAY)",
                "count(*) FROM deal USING SAMPLE 1 ROWS",
                "(SELECT age(max(due)) FROM deal)"
            })
    void anAnswerThatDependsOnChanceOrOnTheDayIsNone(String what) {
        assertThat(bundles.run("evidence", "query", "SELECT " + what, "--output", "no.zip"))
                .isEqualTo(3);

        assertThat(bundles.err())
                .isEqualTo(
                        """
                        error: the answer would be another one when the question is asked again
                        HINT: Leave out what depends on chance or on the present time: write the time that you mean.
                        """);
    }

    @Test
    void thatThereIsMoreIsSaid() throws IOException {
        Path bundle = bundles.bundle("history", "deal", "7", "--limit", "1");

        assertThat(bundles.out()).contains("there are more, see --limit");
        assertThat(Files.readString(bundle.resolve("report.html"))).contains("There are more:");
    }

    /** A bar, drawn again and again in its line. */
    @ParameterizedTest
    @CsvSource({"find deal --column note, search", "diff 0/1 0/1E, changes"})
    void whoeverWaitsAtATerminalSeesHowFarItIs(String question, String shown) {
        List<String> words = new ArrayList<>(List.of("evidence", "--output", "bundle.zip"));
        words.addAll(List.of(question.split(" ")));

        assertThat(bundles.run(EvidenceBundles.Watched.ON_A_TERMINAL, words.toArray(String[]::new)))
                .as(bundles.err())
                .isZero();

        assertThat(bundles.err()).contains("\r" + shown + " ");
    }

    private static List<String> ask(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                var statement = duckDb.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                List<String> fields = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    fields.add(String.valueOf(row.getObject(i)));
                }
                rows.add(String.join("|", fields));
            }
        }
        return rows;
    }
}
