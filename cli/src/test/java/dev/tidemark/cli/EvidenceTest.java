package dev.tidemark.cli;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.proof.Signing;
import dev.tidemark.archive.proof.SigningKey;
import dev.tidemark.archive.store.LocalObjectStore;
import dev.tidemark.replay.history.TransactionContext;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bundles of evidence: what is in them, that they are the same each time, and what checks them. */
class EvidenceTest {
    private static final Table DEAL =
            table(
                    1,
                    "deal",
                    List.of(1),
                    List.of(
                            column(1, "id", "integer", Optional.empty()),
                            column(2, "note", "text", Optional.empty()),
                            column(3, "due", "date", Optional.empty())));

    private static final String SCRIPT = "<script>alert(1)</script>";

    @TempDir private Path directory;

    private Outcome last = Outcome.NOTHING_YET;
    private Path archive;

    /** A base as of noon, in three later segments a deal that is made, set, and lost; a gap. */
    @BeforeEach
    void writeAnArchive() throws IOException {
        archive = Files.createDirectory(directory.resolve("archive"));
        Files.writeString(
                directory.resolve("tidemark.yaml"),
                "archive: {url: %s}\ntimezone: Europe/Berlin\n".formatted(archive));
        SigningKey.create(directory.resolve("signing.pem"));
        try (Archive made = Archive.create(new LocalObjectStore(archive), Samples.IDENTITY)) {
            made.signWith(Signing.withFile(Optional.of(directory.resolve("signing.pem"))));
            WrittenArchive written = new WrittenArchive(made, directory);
            written.base(at(1), NOON, catalog(DEAL), Map.of(1L, List.of(row("0", "null", "null"))));
            segment(written, 1, insert("7", "a\nb", "2026-03-31"));
            segment(
                    written,
                    2,
                    said("ann"),
                    update(row("7", "a\nb", "2026-03-31"), row("7", SCRIPT, "null")));
            segment(written, 3, delete(row("7", SCRIPT, "null")));
            written.baseAfterGap(
                    at(1000),
                    NOON.plus(Duration.ofHours(1)),
                    catalog(DEAL),
                    Map.of(1L, List.of(row("0", "null", "null"))),
                    "the slot was lost");
        }
    }

    private static Entry insert(String... fields) {
        return new Entry.Row(1, Operation.INSERT, BeforeImage.NONE, List.of(), row(fields));
    }

    private static Entry update(
            List<dev.tidemark.schemas.change.Value> before,
            List<dev.tidemark.schemas.change.Value> after) {
        return new Entry.Row(1, Operation.UPDATE, BeforeImage.FULL, before, after);
    }

    private static Entry delete(List<dev.tidemark.schemas.change.Value> before) {
        return new Entry.Row(1, Operation.DELETE, BeforeImage.FULL, before, List.of());
    }

    private static Entry said(String actor) {
        return new Entry.Message(
                TransactionContext.MESSAGE,
                "{\"actor\":\"%s\",\"reason\":\"ticket 1\",\"sessionUser\":\"crm_app\"}"
                        .formatted(actor));
    }

    private static void segment(WrittenArchive written, int minute, Entry... entries)
            throws IOException {
        written.segment(
                List.of(
                        new Transaction(
                                at(minute * 10L),
                                700 + minute,
                                NOON.plus(Duration.ofMinutes(minute)),
                                List.of(entries))));
    }

    @Test
    void theSameQuestionGivesTheSameBytes() throws IOException {
        assertThat(run("evidence", "--output", "one.zip", "history", "deal", "7", "--limit", "9"))
                .isZero();
        assertThat(run("evidence", "history", "--limit=9", "deal", "7", "--output=sub.zip"))
                .isZero();

        assertThat(Files.mismatch(directory.resolve("one.zip"), directory.resolve("sub.zip")))
                .isEqualTo(-1);
        assertThat(last.out()).contains("sub.zip: 6 rows, read from ", "\nSHA-256 ");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(directory.resolve("one.zip"))))
                .isEqualTo("rw-------");
    }

    @Test
    void nothingIsReplaced() throws IOException {
        Files.writeString(directory.resolve("there.zip"), "mine");

        assertThat(run("evidence", "--output", "there.zip", "history", "deal", "7")).isEqualTo(3);
        assertThat(last.err())
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
        assertThat(run("evidence", "history", "deal", "7")).isEqualTo(2);
        assertThat(last.err())
                .isEqualTo(
                        """
                        error: there is no file for the bundle
                        HINT: Give one with --output FILE.zip.
                        """);
    }

    @Test
    void aQuestionThatIsRefusedLeavesNothing() {
        assertThat(run("evidence", "history", "daal", "7", "--output", "no.zip")).isEqualTo(3);

        assertThat(directory).isDirectoryNotContaining("glob:**no.zip*");
    }

    @Test
    void theReportShowsValuesAsTextAndSaysWhatIsNotKnown() throws IOException {
        Path bundle = bundle("history", "deal", "7");

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
        Path bundle = bundle("query", "SELECT * FROM history.deal ORDER BY _number, id");

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
        assertThat(run("evidence", "query", "SELECT " + what, "--output", "no.zip")).isEqualTo(3);

        assertThat(last.err())
                .isEqualTo(
                        """
                        error: the answer would be another one when the question is asked again
                        HINT: Leave out what depends on chance or on the present time: write the time that you mean.
                        """);
    }

    @Test
    void thatThereIsMoreIsSaid() throws IOException {
        Path bundle = bundle("history", "deal", "7", "--limit", "1");

        assertThat(last.out()).contains("there are more, see --limit");
        assertThat(Files.readString(bundle.resolve("report.html"))).contains("There are more:");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "blame deal 7",
                "tx xid:702",
                "history deal 7 --view versions",
                "find deal --column note",
                "diff 2026-11-20T12:01:00Z 2026-11-20T12:02:00Z"
            })
    void otherQuestionsHaveBundlesToo(String question) throws Exception {
        Path bundle = bundle(question.split(" "));

        assertThat(Files.readString(bundle.resolve("report.html")))
                .contains("<code>tidemark " + question + "</code>")
                .contains("&lt;script&gt;");
        assertGood(bundle);
    }

    @Test
    void aBundleThatLacksAFileAndSaysSoIsNotWhole() throws Exception {
        Path bundle = bundle("history", "deal", "7");
        Path sums = bundle.resolve("SHA256SUMS");
        Files.delete(bundle.resolve("rows.csv"));
        Files.writeString(
                sums,
                Files.readString(sums)
                        .lines()
                        .filter(line -> !line.contains("rows.csv") && !line.contains("report.html"))
                        .map(line -> line + "\n")
                        .collect(Collectors.joining()));

        assumePython();
        assertThat(verify(bundle))
                .startsWith("7 ")
                .contains(
                        "SHA256SUMS does not list rows.csv",
                        "report.html is there, and SHA256SUMS does not list it");
    }

    @Test
    void aBundleInAnArchiveDoesNotStandForIt() throws Exception {
        Path bundle = bundle("history", "deal", "7");
        for (String name : List.of("SHA256SUMS", "question.json", "manifests.jsonl")) {
            Files.copy(bundle.resolve(name), archive.resolve(name));
        }
        try (Stream<Path> manifests = Files.list(archive.resolve("manifests"))) {
            Files.delete(manifests.sorted().skip(1).findFirst().orElseThrow());
        }

        assumePython();
        assertThat(verify(archive)).startsWith("6 ").contains("missing");
    }

    @Test
    void theScriptFindsABundleGoodAndTheFilesInTheArchive() throws Exception {
        Path bundle = bundle("history", "deal", "7");

        assertGood(bundle);
        assertThat(
                        verify(
                                bundle,
                                "--public-key",
                                directory.resolve("signing.pem.pub").toString(),
                                "--archive",
                                archive.toString()))
                .startsWith(
                        "0 GOOD: 8 files as SHA256SUMS has them, 5 manifests in the chain, 5 of");
    }

    @Test
    void theScriptSaysWhatIsWrongAfterAnyByteWasChanged() throws Exception {
        Path bundle = bundle("history", "deal", "7");
        assumePython();
        List<Path> files;
        try (var there = Files.list(bundle)) {
            files = there.sorted().toList();
        }
        for (Path file : files) {
            byte[] whole = Files.readAllBytes(file);
            byte[] changed = whole.clone();
            changed[changed.length / 2] ^= 1;
            Files.write(file, changed);

            String name = file.getFileName().toString();
            assertThat(verify(bundle))
                    .as(name)
                    .matches(said -> said.startsWith("7 ") || said.startsWith("6 "))
                    .contains(name.equals("SHA256SUMS") ? "SHA256SUMS" : name + " is not the one");
            Files.write(file, whole);
        }
        assertGood(bundle);
    }

    /** Whoever changes a manifest and all hashes after it still lacks the key. */
    @Test
    void aForgedManifestIsFoundByItsSignature() throws Exception {
        Path bundle = bundle("history", "deal", "7");
        assumePython();
        Path manifests = bundle.resolve("manifests.jsonl");
        List<String> lines = new ArrayList<>(Files.readAllLines(manifests));
        lines.set(lines.size() - 1, lines.getLast().replace("the slot was lost", "it rained"));
        Files.writeString(manifests, String.join("\n", lines) + "\n");

        assertThat(verify(bundle, "--public-key", directory.resolve("signing.pem.pub").toString()))
                .startsWith("7 ")
                .contains(
                        "manifests/00000000000000000004.json or tidemark.json was altered after being signed")
                .contains(
                        "question.json is of another archive, or of other manifests, than those in the bundle");
    }

    private Path bundle(String... question) throws IOException {
        List<String> words = new ArrayList<>(List.of("evidence", "--output", "bundle.zip"));
        words.addAll(Arrays.asList(question));
        assertThat(run(words.toArray(String[]::new))).as(last.err()).isZero();
        Path folder = Files.createDirectory(directory.resolve("bundle"));
        try (ZipInputStream zip =
                new ZipInputStream(Files.newInputStream(directory.resolve("bundle.zip")))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Files.copy(zip, folder.resolve(entry.getName()));
            }
        }
        return folder;
    }

    private static void assertGood(Path bundle) throws Exception {
        assumePython();
        assertThat(python(List.of("python3", bundle.resolve("verify.py").toString())))
                .startsWith("0 GOOD: ");
    }

    private static void assumePython() throws InterruptedException {
        boolean isThere = true;
        try {
            new ProcessBuilder("python3", "--version").start().waitFor();
        } catch (IOException e) {
            isThere = false;
        }
        assumeTrue(isThere, "python3 is not there");
    }

    private static String verify(Path bundle, String... options) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("python3", "../docs/verify.py", bundle.toString()));
        command.addAll(Arrays.asList(options));
        return python(command);
    }

    private static String python(List<String> command) throws Exception {
        Process python = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return python.waitFor() + " " + said;
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

    private int run(String... arguments) {
        last = Outcome.of(directory, NOON.plus(Duration.ofDays(1)), arguments);
        return last.code();
    }
}
