package dev.tidemark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** Files of an export have what the source had at the moment, for programs that are not ours. */
final class ExportIT {
    private static final Path PSQL = Path.of("/usr/bin/psql");
    private static final String TABLES =
            """
            CREATE TABLE public.deal (id int PRIMARY KEY, won bool, big bigint, due date, at timestamptz, stage text,
              twice int GENERATED ALWAYS AS (id * 2) STORED);
            CREATE TABLE public."Odd/näme" (who text, "a ""b"" c" text);
            """
                    + ExportedFigures.TABLE;

    private static final String MASKS =
            """
            tables:
              public.deal: {id: keep, won: keep, big: null, due: keep, at: keep, stage: {fixed: masked}}
              public.Odd/näme: drop-rows
              public.figure: drop-rows
            """;

    private static final long SEED = Long.getLong("seed", 1);

    @TempDir private static Path directory;

    private static Deployment tidemark;
    private static Deployment.Truth truth;

    @BeforeAll
    static void archiveSomething() throws Exception {
        tidemark =
                Deployment.start(
                        directory,
                        PostgresBinaries.onClassPath(),
                        "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms}");
        tidemark.execute("crm", TABLES);
        tidemark.succeed("init");
        tidemark.service("run");
        tidemark.execute(
                "crm",
                """
                INSERT INTO public.deal (id, won, big, due, at, stage)
                  SELECT n, n % 2 = 0, n::bigint << 40, '2026-11-20', '2026-11-20 12:00:00.5+02', 'new' FROM generate_series(1, 300) n;
                UPDATE public.deal SET due = 'infinity', stage = '' WHERE id = 7;
                UPDATE public.deal SET stage = NULL, won = NULL WHERE id = 8;
                UPDATE public.deal SET stage = E'a "quoted", \\n new \\t \\\\ line' WHERE id = 9;
                INSERT INTO public."Odd/näme" VALUES ('a', ''), (NULL, NULL), ('\\.', ',');
                CREATE VIEW public.won AS SELECT * FROM public.deal WHERE won;
                CREATE INDEX ON public.deal (stage);
                """);
        tidemark.execute("crm", ExportedFigures.insert(SEED));
        truth = tidemark.truth();
        tidemark.awaitArchivedPast(truth.position(), truth.time());
        tidemark.execute("crm", "UPDATE public.deal SET stage = 'later'");
    }

    @AfterAll
    static void stop() {
        tidemark.close();
    }

    private static String export(String format, Path into, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "export",
                                "--as-of",
                                truth.position().toString(),
                                "--format",
                                format,
                                "--into",
                                into.toString()));
        arguments.addAll(List.of(more));
        return tidemark.succeed(arguments.toArray(String[]::new)).out();
    }

    @Test
    void postgresReadsTheCsvBackToTheSameRows() throws Exception {
        Path into = directory.resolve("csv");

        String said = export("csv", into);

        assertThat(said)
                .startsWith("603 rows of 3 tables as of ")
                .endsWith(" are in file://" + into + ".\n");
        assertThat(Files.readString(into.resolve("export.json")))
                .contains("\"file\":\"public.Odd_n_me.csv\"", "\"rows\":300");
        tidemark.execute("postgres", "CREATE DATABASE csv");
        tidemark.execute("csv", TABLES);
        copy("public.deal (id, won, big, due, at, stage)", into.resolve("public.deal.csv"));
        copy("public.\"Odd/näme\"", into.resolve("public.Odd_n_me.csv"));
        copy("public.figure", into.resolve("public.figure.csv"));
        assertThat(tidemark.rows("csv")).isEqualTo(truth.tables());
        try (Stream<Path> files = Files.list(into)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "export.json",
                            "public.Odd_n_me.csv",
                            "public.deal.csv",
                            "public.figure.csv");
        }
    }

    private static void copy(String table, Path file) throws SQLException, IOException {
        try (Connection session = tidemark.database("csv").connect();
                Reader rows = Files.newBufferedReader(file)) {
            session.unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY " + table + " FROM STDIN WITH (FORMAT csv, HEADER)", rows);
        }
    }

    @Test
    void psqlMakesTheWholeDatabaseFromTheSql() throws Exception {
        assumeTrue(Files.isExecutable(PSQL), "no psql is installed");
        Path into = directory.resolve("sql");

        export("sql", into);

        tidemark.execute("postgres", "CREATE DATABASE sql");
        Process psql =
                new ProcessBuilder(
                                PSQL.toString(),
                                "-X",
                                "-q",
                                "-f",
                                into.resolve("export.sql").toString(),
                                tidemark.database("sql").url().toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(psql.getInputStream().readAllBytes(), UTF_8);
        assertThat(psql.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(psql.exitValue()).as(said).isZero();
        assertThat(tidemark.rows("sql")).isEqualTo(truth.tables());
        assertThat(tidemark.ask("sql", "SELECT count(*) FROM public.won")).isEqualTo("149");
        assertThat(
                        tidemark.ask(
                                "sql",
                                "SELECT count(*) FROM pg_index WHERE indrelid = 'public.deal'::regclass"))
                .isEqualTo("2");
    }

    @Test
    void duckDbReadsTypesFromTheParquet() throws Exception {
        Path into = directory.resolve("parquet");

        export("parquet", into, "--table", "deal");

        Path file = into.resolve("public.deal.parquet");
        assertThat(Files.exists(into.resolve("public.Odd_n_me.parquet"))).isFalse();
        assertThat(
                        duckDb(
                                "SELECT string_agg(column_name || ' ' || column_type, ', ') FROM (DESCRIBE SELECT * FROM '%s')"
                                        .formatted(file)))
                .isEqualTo(
                        "id INTEGER, won BOOLEAN, big BIGINT, due VARCHAR, at TIMESTAMP WITH TIME ZONE, stage VARCHAR");
        assertThat(
                        duckDb(
                                ("SELECT count(*) || ' ' || sum(id) || ' ' || count(stage) || ' ' || count(*) FILTER (stage = '')"
                                                + " || ' ' || count(*) FILTER (due = 'infinity') FROM '%s'")
                                        .formatted(file)))
                .isEqualTo("300 45150 299 1 1");
        assertThat(duckDb("SELECT epoch_ms(\"at\") FROM '%s' WHERE id = 1".formatted(file)))
                .isEqualTo("1795168800500");
    }

    @Test
    void duckDbReadsFromTheParquetWhatTheSourcePrints() throws Exception {
        Path into = directory.resolve("figures");

        Deployment.Outcome outcome =
                tidemark.tidemark(
                        "export",
                        "--as-of",
                        truth.position().toString(),
                        "--format",
                        "parquet",
                        "--table",
                        "figure",
                        "--into",
                        into.toString());

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.err())
                .contains(
                        "warning: of public.figure these columns are text, since a type of Parquet cannot hold some value:"
                                + " odd (numeric(5,2)), night (time without time zone)\n");
        assertThat(Files.readString(into.resolve("export.json")))
                .contains("\"asText\":[\"odd\",\"night\"]");
        Path file = into.resolve("public.figure.parquet");
        assertThat(
                        duckDb(
                                "SELECT string_agg(column_name || ' ' || column_type, ', ') FROM (DESCRIBE SELECT * FROM '%s')"
                                        .formatted(file)))
                .isEqualTo(ExportedFigures.TYPES);
        assertThat(ExportedFigures.of(file))
                .as("seed %d", SEED)
                .isEqualTo(ExportedFigures.ofSource(tidemark));
    }

    @Test
    void aRestoreIntoADuckDbFileHasTheRowsOfTheMoment() throws Exception {
        Path file = directory.resolve("look.duckdb");
        String[] restore = {
            "restore", "--to", truth.position().toString(), "--into", "duckdb:" + file
        };

        String said = tidemark.succeed(restore).out();
        Deployment.Outcome again = tidemark.tidemark(restore);

        assertThat(said)
                .contains("public.deal")
                .endsWith(
                        ": 603 rows of 3 tables, each read back and equal to what was written.\n");
        assertThat(
                        duckDb(
                                file.toString(),
                                "SELECT count(*) || ' ' || sum(id) || ' ' || count(stage) || ' ' || count(*) FILTER (due = 'infinity') FROM public.deal"))
                .isEqualTo("300 45150 299 1");
        assertThat(again.code()).isEqualTo(3);
        assertThat(again.err())
                .contains("error: '%s' is there already\n".formatted(file), "--replace --confirm");
    }

    @Test
    void filesForOthersHaveMaskedColumnsAndNoneThatNobodyDecidedAbout() throws Exception {
        Path masks = Files.writeString(directory.resolve("masks.yaml"), MASKS);
        Path into = directory.resolve("masked");
        Path open =
                Files.writeString(
                        directory.resolve("open.yaml"), "tables:\n  public.deal: {id: keep}\n");

        String said = export("csv", into, "--mask", masks.toString());
        Deployment.Outcome refused =
                tidemark.tidemark(
                        "export",
                        "--as-of",
                        "latest",
                        "--format",
                        "csv",
                        "--table",
                        "deal",
                        "--mask",
                        open.toString(),
                        "--into",
                        directory.resolve("refused").toString());

        assertThat(said)
                .containsPattern("public\\.deal +stage +fixed +299\n")
                .containsPattern("\n300 rows of 1 table as of .*, 2 columns masked, are in ");
        assertThat(Files.readString(into.resolve("public.deal.csv")))
                .contains(
                        "\n\"11\",\"f\",,\"2026-11-20\",\"2026-11-20 10:00:00.5+00\",\"masked\"\n")
                .doesNotContain("new");
        assertThat(Files.readString(into.resolve("export.json")))
                .contains(
                        "\"masked\":[{\"column\":\"big\",\"decision\":\"null\",\"rowsChanged\":300,\"table\":\"public.deal\"}",
                        "\"withoutRows\":[\"public.Odd/näme\",\"public.figure\"]");
        assertThat(into.resolve("public.Odd_n_me.csv")).doesNotExist();
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err())
                .contains("5 columns have no decision: public.deal (won, big, due, at, stage)");
        assertThat(directory.resolve("refused")).doesNotExist();
    }

    @Test
    void chosenRowsAreCountedFirstAndComeAsAScriptForADatabaseThatLivesOn() throws Exception {
        Path file = directory.resolve("deals.sql");
        List<String> choice =
                List.of(
                        "restore",
                        "--to",
                        truth.position().toString(),
                        "--table",
                        "deal",
                        "--where",
                        "id IN (7, 8) OR stage LIKE 'a \"quoted\"%'",
                        "--related");

        String counted = run(choice, "--dry-run").out();
        Deployment.Outcome written = run(choice, "--into", "sql:" + file);
        Deployment.Outcome refused =
                tidemark.tidemark(
                        "restore",
                        "--to",
                        "latest",
                        "--table",
                        "deal",
                        "--where",
                        "idd = 7",
                        "--dry-run");

        assertThat(counted).contains("public.deal     3").contains("3 rows of 1 table as of ");
        assertThat(written.err()).contains("chosen: 3 of public.deal\n");
        tidemark.execute("postgres", "CREATE DATABASE living");
        tidemark.execute("living", TABLES);
        tidemark.execute("living", "INSERT INTO public.deal (id, stage) VALUES (8, 'mine')");
        tidemark.execute("living", Files.readString(file));
        assertThat(
                        tidemark.ask(
                                "living",
                                "SELECT string_agg(id || ' ' || stage, ';' ORDER BY id) FROM public.deal"))
                .isEqualTo("7 ;8 mine;9 a \"quoted\", \n new \t \\ line");
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err())
                .contains(
                        "error: there is no column 'idd' in public.deal\nHINT: There are, the nearest first: id, ");
    }

    private static Deployment.Outcome run(List<String> arguments, String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return tidemark.succeed(all.toArray(String[]::new));
    }

    private static String duckDb(String query) throws SQLException {
        return duckDb("", query);
    }

    private static String duckDb(String file, String query) throws SQLException {
        try (Connection session = DriverManager.getConnection("jdbc:duckdb:" + file);
                Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void nothingIsOverwrittenAndAnUnknownTableIsNamed() throws Exception {
        Path into = Files.createDirectory(directory.resolve("there"));
        Files.writeString(into.resolve("notes.txt"), "mine");

        Deployment.Outcome there =
                tidemark.tidemark(
                        "export",
                        "--as-of",
                        "latest",
                        "--format",
                        "csv",
                        "--into",
                        into.toString());
        Deployment.Outcome unknown =
                tidemark.tidemark(
                        "export",
                        "--as-of",
                        "latest",
                        "--format",
                        "csv",
                        "--table",
                        "deals",
                        "--into",
                        directory.resolve("new").toString());
        Deployment.Outcome format =
                tidemark.tidemark(
                        "export", "--as-of", "latest", "--format", "xlsx", "--into", "/tmp/x");

        assertThat(there.code()).isEqualTo(3);
        assertThat(there.err()).contains(" is not empty: there is 'notes.txt'");
        assertThat(unknown.code()).isEqualTo(3);
        assertThat(unknown.err())
                .contains(
                        "no table, view or sequence matches 'deals' at ",
                        "HINT: The nearest names there are public.deal, ");
        assertThat(format.code()).isEqualTo(2);
    }
}
