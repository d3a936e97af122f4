package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.replay.load.RowsChecksum;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of a moment come back without the rest, beside what is there, and as rows alone. */
final class PartIT {
    private static final String SCHEMA =
            """
            CREATE SCHEMA crm;
            CREATE SCHEMA old;
            CREATE DOMAIN crm.email AS text CHECK (VALUE LIKE '%@%');
            CREATE TYPE crm.stage AS ENUM ('new', 'won');
            CREATE FUNCTION crm.touch() RETURNS trigger LANGUAGE plpgsql
              AS $$ BEGIN NEW.notes := concat(NEW.notes, '!'); RETURN NEW; END $$;
            CREATE TABLE crm.company (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text UNIQUE);
            CREATE TABLE crm.contact (id serial PRIMARY KEY, company int REFERENCES crm.company,
              parent int REFERENCES crm.contact, mail crm.email, stage crm.stage DEFAULT 'new', notes text,
              loud text GENERATED ALWAYS AS (upper(notes)) STORED,
              CONSTRAINT mail_or_notes CHECK (mail IS NOT NULL OR notes IS NOT NULL));
            CREATE INDEX contact_mail ON crm.contact (lower(mail::text)) WHERE contact.stage = 'new';
            CREATE UNIQUE INDEX "Odd ""index" ON crm.contact (notes, id);
            CREATE STATISTICS crm.contact_of ON company, stage FROM crm.contact;
            COMMENT ON COLUMN crm.contact.mail IS 'where crm.contact is written to';
            CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON crm.contact FOR EACH ROW EXECUTE FUNCTION crm.touch();
            CREATE TABLE crm.deal (id int PRIMARY KEY, contact int REFERENCES crm.contact);
            CREATE VIEW crm.won AS SELECT contact.id FROM crm.contact WHERE contact.stage = 'won';
            CREATE TABLE old.contact (id int PRIMARY KEY);
            CREATE TABLE public.event (id int, at date, what text CHECK (what <> ''), PRIMARY KEY (id, at))
              PARTITION BY RANGE (at);
            CREATE INDEX event_what ON public.event (what);
            CREATE TABLE public.event_2025 PARTITION OF public.event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
            CREATE TABLE public.event_2026 PARTITION OF public.event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
            """;

    @TempDir private static Path directory;

    private static Deployment tidemark;
    private static Deployment.Truth truth;
    private static int databases;

    @BeforeAll
    static void archiveSomething() throws Exception {
        tidemark =
                Deployment.start(
                        directory,
                        PostgresBinaries.onClassPath(),
                        "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms}");
        tidemark.execute("crm", SCHEMA);
        tidemark.succeed("init");
        tidemark.service("run");
        tidemark.execute(
                "crm",
                """
                INSERT INTO crm.company (name) SELECT 'c' || n FROM generate_series(1, 5) n;
                INSERT INTO crm.contact (company, mail, notes)
                  SELECT 1 + n % 5, n || '@x', 'note ' || n FROM generate_series(1, 200) n;
                UPDATE crm.contact SET parent = id - 1, stage = 'won' WHERE id % 10 = 5;
                INSERT INTO crm.deal SELECT n, n FROM generate_series(1, 20) n;
                INSERT INTO old.contact VALUES (1);
                INSERT INTO public.event SELECT n, date '2025-12-01' + n, 'w' FROM generate_series(1, 60) n;
                """);
        truth = tidemark.truth();
        tidemark.awaitArchivedPast(truth.position(), truth.time());
        tidemark.execute("crm", "UPDATE crm.contact SET notes = 'spoilt', mail = 'later@x'");
        tidemark.execute("crm", "DELETE FROM crm.deal; DELETE FROM crm.contact WHERE id > 100");
    }

    @AfterAll
    static void stop() {
        tidemark.close();
    }

    private static String newDatabase() throws SQLException {
        String name = "part_" + ++databases;
        tidemark.execute("postgres", "CREATE DATABASE " + name);
        return name;
    }

    private static Deployment.Outcome restore(String database, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "restore",
                                "--to",
                                truth.position().toString(),
                                "--into",
                                tidemark.database(database).url().toString()));
        arguments.addAll(List.of(more));
        return tidemark.tidemark(arguments.toArray(String[]::new));
    }

    private static Deployment.Outcome restored(String database, String... more) {
        Deployment.Outcome outcome = restore(database, more);
        assertThat(outcome.code()).as("%s%s", outcome.out(), outcome.err()).isZero();
        return outcome;
    }

    private static Map<String, RowsChecksum> truthOf(String... tables) {
        Map<String, RowsChecksum> rows = new TreeMap<>(truth.tables());
        rows.keySet().retainAll(List.of(tables));
        assertThat(rows).hasSize(tables.length);
        return rows;
    }

    private static void assertRefused(Deployment.Outcome outcome, String... said) {
        assertThat(outcome.code()).as("%s%s", outcome.out(), outcome.err()).isEqualTo(3);
        assertThat(outcome.err()).contains(said);
    }

    @Test
    void aTableComesWithWhatItNeedsAndTheRestIsTold() throws Exception {
        String database = newDatabase();

        Deployment.Outcome outcome = restored(database, "-t", "crm.CONT*", "--json");

        assertThat(tidemark.rows(database)).isEqualTo(truthOf("crm.contact"));
        assertThat(outcome.out())
                .contains(
                        "\"notInPart\" : [ \"foreign key contact_company_fkey of crm.contact, which needs table crm.company\" ]");
        assertThat(
                        tidemark.ask(
                                database,
                                """
                                SELECT string_agg(x, ', ' ORDER BY x COLLATE "C") FROM (
                                  SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'crm.contact'::regclass
                                  UNION ALL SELECT conname FROM pg_constraint WHERE conrelid = 'crm.contact'::regclass AND contype IN ('f', 'c')
                                  UNION ALL SELECT tgname FROM pg_trigger WHERE tgrelid = 'crm.contact'::regclass AND NOT tgisinternal
                                  UNION ALL SELECT stxname FROM pg_statistic_ext
                                  UNION ALL SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_|information') o(x)"""))
                .isEqualTo(
                        "contact_of, contact_parent_fkey, crm, crm.\"Odd \"\"index\", crm.contact_mail, crm.contact_pkey,"
                                + " mail_or_notes, public, touch");
        assertThat(tidemark.ask(database, "SELECT nextval('crm.contact_id_seq') > 200"))
                .isEqualTo("t");
    }

    @Test
    void aTableComesBackBesideTheLiveOneUnderAnotherName() throws Exception {
        String live = tidemark.ask("crm", "SELECT count(*) || max(notes) FROM crm.contact");

        Deployment.Outcome outcome =
                restored("crm", "-t", "crm.contact", "--rename", "crm.contact=contact_1403");

        assertThat(outcome.out()).contains("crm.contact_1403");
        assertThat(tidemark.rows("crm").get("crm.contact_1403"))
                .isEqualTo(truth.tables().get("crm.contact"));
        assertThat(tidemark.ask("crm", "SELECT count(*) || max(notes) FROM crm.contact"))
                .isEqualTo(live);
        assertThat(
                        tidemark.ask(
                                "crm",
                                """
                                SELECT string_agg(relname, ', ' ORDER BY relname COLLATE "C") FROM pg_class
                                 WHERE relname LIKE 'contact_1403%'"""))
                .isEqualTo(
                        "contact_1403, contact_1403_Odd \"index, contact_1403_id_seq, contact_1403_mail, contact_1403_pkey");
        assertThat(
                        tidemark.ask(
                                "crm",
                                """
                                SELECT pg_get_expr(d.adbin, d.adrelid) || ' ' || pg_get_serial_sequence('crm.contact_1403', 'id')
                                  FROM pg_attrdef d WHERE d.adrelid = 'crm.contact_1403'::regclass AND d.adnum = 1"""))
                .isEqualTo("nextval('crm.contact_1403_id_seq'::regclass) crm.contact_1403_id_seq");
        assertThat(
                        tidemark.ask(
                                "crm",
                                "INSERT INTO crm.contact_1403 (notes) VALUES ('x') RETURNING id || notes"))
                .isEqualTo("201x!");
        assertThat(
                        tidemark.ask(
                                "crm",
                                """
                                SELECT confrelid::regclass::text FROM pg_constraint
                                 WHERE conrelid = 'crm.contact_1403'::regclass AND contype = 'f'"""))
                .isEqualTo("crm.contact_1403");

        assertRefused(
                restore("crm", "-t", "crm.contact", "--rename", "crm.contact=contact_1403"),
                " has some of it already: ",
                "table crm.contact_1403");
        restored("crm", "-t", "crm.contact", "--rename", "crm.contact=archive.contact");
        assertThat(tidemark.rows("crm").get("archive.contact"))
                .isEqualTo(truth.tables().get("crm.contact"));
    }

    @Test
    void masksSeeTheRowsOfAPartAndChosenOnesAsTheyWereAndShowWhatTheyMakeOfThem() throws Exception {
        String masks = directory.resolve("masks.yaml").toString();
        Files.writeString(
                Path.of(masks),
                """
                tables:
                  crm.contact: {mail: email, notes: null, "*": keep}
                """);
        String database = newDatabase();
        Path report = directory.resolve("part.json");
        Path script = directory.resolve("one.sql");
        String moment = truth.position().toString();

        restored(database, "-t", "crm.contact", "--mask", masks, "--report", report.toString());
        tidemark.succeed(
                "restore",
                "--to",
                moment,
                "--into",
                "sql:" + script,
                "-t",
                "crm.contact",
                "--where",
                "mail = '7@x'",
                "--mask",
                masks);
        String shown =
                tidemark.succeed(
                                "restore",
                                "--to",
                                moment,
                                "-t",
                                "crm.contact",
                                "--where",
                                "id = 7",
                                "--mask",
                                masks,
                                "--preview")
                        .out();

        assertThat(
                        tidemark.ask(
                                database,
                                "SELECT concat(count(*), ' ', count(*) FILTER (WHERE mail LIKE '%@example.%' AND notes IS NULL))"
                                        + " FROM crm.contact"))
                .isEqualTo("200 200");
        assertThat(report).content().contains("\"outcome\" : \"whole\"", "\"column\" : \"mail\"");
        assertThat(script)
                .content()
                .contains("INSERT INTO \"crm\".\"contact\"", "NULL", "@example.")
                .doesNotContain("7@x", "note 7");
        assertThat(shown.lines().toList())
                .anyMatch(line -> line.matches("before +7 +7@x +note 7!"))
                .anyMatch(line -> line.matches("after +7 +\\S+@exam\\S+ +NULL"));
        assertRefused(
                restore(newDatabase(), "-t", "crm.deal", "--mask", masks),
                "2 columns have no decision: crm.deal (id, contact)");
        assertThat(tidemark.succeed("masks", "--to", moment).out())
                .contains(
                        "  crm.contact:\n",
                        "    mail: email\n",
                        "    # stage: keep    # crm.stage\n");
    }

    @Test
    void noRunGoesOnWithAMaskedOneThatItsScriptEndedAndAMaskedDatabaseIsNotMoved()
            throws Exception {
        Path masks = directory.resolve("all.yaml");
        Files.writeString(
                masks,
                """
                tables:
                  crm.contact: {mail: email, notes: null, "*": keep}
                  crm.company: keep-all
                  crm.deal: keep-all
                  old.contact: keep-all
                  public.event: keep-all
                """);
        Path script = directory.resolve("quiet.sql");
        Files.writeString(script, "DELETE FROM crm.deal;\nSELECT 1 / 0;");
        String database = newDatabase();
        String url = tidemark.database(database).url().toString();
        String[] masked = {"--mask", masks.toString(), "--run-sql", script.toString()};

        Deployment.Outcome ended = restore(database, masked);

        assertThat(ended.code()).as(ended.err()).isEqualTo(4);
        assertThat(ended.err())
                .endsWith(
                        """
                        error: cannot restore into target %s: the script quiet.sql: line 2: SELECT 1 / 0: division by zero
                        HINT: Nothing of the script quiet.sql was done. Correct it. What is in the database is not complete and marked so. \
                        Remove the cause, then begin anew with the same command; a restore needs --replace --confirm then.
                        """
                                .formatted(url));
        assertRefused(
                restore(database, "--resume"),
                "target %s holds another restore that did not finish".formatted(url));
        Files.writeString(script, "DELETE FROM crm.deal");
        Deployment.Outcome whole =
                restored(
                        database,
                        Stream.concat(Stream.of("--replace", "--confirm"), Stream.of(masked))
                                .toArray(String[]::new));
        assertThat(whole.out()).contains("quiet.sql ran before it became usable.");
        assertThat(
                        tidemark.ask(
                                database,
                                "SELECT concat(count(*) FILTER (WHERE mail LIKE '%@example.%'), ' ', (SELECT count(*) FROM crm.deal))"
                                        + " FROM crm.contact"))
                .isEqualTo("200 0");
        assertRefused(
                tidemark.tidemark("rewind", "--to", truth.position().toString(), "--on", url),
                "target %s holds no record of a restore by Tidemark".formatted(url));
        for (List<String> kind :
                List.of(
                        List.of("--replace", "--confirm"),
                        List.of("--data-only", "-t", "crm.company", "--replace", "--confirm"),
                        List.of("-t", "crm.company", "--rename", "crm.company=masked"))) {
            assertRefused(
                    restore(
                            "crm",
                            Stream.concat(kind.stream(), Stream.of("--mask", masks.toString()))
                                    .toArray(String[]::new)),
                    """
                    error: the target %s is the database that this archive captures
                    HINT: Masked rows are never for production. Restore into another database.
                    """
                            .formatted(tidemark.database("crm").url()));
        }
    }

    @Test
    void whatWouldHarmIsRefused() throws Exception {
        assertRefused(
                restore("crm", "-t", "kontact"),
                "no table, view or sequence matches 'kontact' at ",
                "The nearest names there are ",
                "crm.contact");
        assertRefused(
                restore("crm", "-t", "contact"),
                "'contact' is the name of several tables: [crm.contact, old.contact]");
        assertRefused(
                restore("crm", "-t", "crm.contact"),
                " has some of it already: ",
                "table crm.contact");
        String database = newDatabase();
        tidemark.execute(database, "CREATE TABLE public.kept (id int)");
        assertRefused(
                restore(database, "-t", "crm.deal", "--replace", "--confirm"),
                "--replace would drop ",
                "table public.kept, and only a part is brought back");

        restored(database, "-t", "crm.deal");

        assertThat(tidemark.rows(database))
                .containsOnlyKeys("crm.deal", "public.kept")
                .containsAllEntriesOf(truthOf("crm.deal"));
    }

    @Test
    void partitionsComeWithTheirTableAndAloneAsTablesOfTheirOwn() throws Exception {
        String both = newDatabase();
        String one = newDatabase();

        restored(both, "-t", "event", "--rename", "event=event_x");
        Deployment.Outcome outcome = restored(one, "-t", "event_2026");

        assertThat(
                        tidemark.ask(
                                both,
                                "SELECT string_agg(DISTINCT tableoid::regclass::text, ',') FROM public.event_x"))
                .isEqualTo("public.event_x_2025,public.event_x_2026");
        assertThat(tidemark.rows(one)).isEqualTo(truthOf("public.event_2026"));
        assertThat(outcome.err())
                .contains("not in the part: that public.event_2026 is a partition of public.event");
        assertThat(
                        tidemark.ask(
                                one,
                                """
                                SELECT string_agg(x, ', ' ORDER BY x COLLATE "C") FROM (
                                  SELECT indexrelid::regclass::text FROM pg_index WHERE indrelid = 'public.event_2026'::regclass
                                  UNION ALL SELECT conname FROM pg_constraint WHERE conrelid = 'public.event_2026'::regclass AND contype = 'c') o(x)"""))
                .isEqualTo("event_what_check, public.event_2026_pkey, public.event_2026_what_idx");
    }

    @Test
    void rowsAloneComeIntoTablesThatAreThere() throws Exception {
        String database = newDatabase();
        restored(database, "--structure-only");
        assertThat(tidemark.ask(database, "SELECT count(*) FROM crm.contact")).isEqualTo("0");

        assertRefused(
                restore(database, "--data-only", "-t", "crm.contact"),
                "the rows would break foreign keys: contact_company_fkey of crm.contact");
        assertThat(tidemark.ask(database, "SELECT count(*) FROM crm.contact")).isEqualTo("0");
        restored(database, "--data-only");
        assertThat(tidemark.rows(database)).isEqualTo(truth.tables());

        assertRefused(
                restore(database, "--data-only", "-n", "crm"),
                "cannot take the rows: table crm.company holds rows; table crm.contact holds rows");
        tidemark.execute(
                database,
                "INSERT INTO crm.company (name) VALUES ('new'); UPDATE crm.contact SET company = 6 WHERE id = 1");
        Map<String, RowsChecksum> before = tidemark.rows(database);
        assertRefused(
                restore(database, "--data-only", "-t", "crm.company", "--replace", "--confirm"),
                "the rows would break foreign keys: contact_company_fkey of crm.contact");
        assertThat(tidemark.rows(database)).isEqualTo(before);
        tidemark.execute(database, "DELETE FROM crm.deal; DELETE FROM crm.contact WHERE id < 90");
        tidemark.execute(database, "DELETE FROM crm.company WHERE id = 6");
        tidemark.execute(
                database,
                "SELECT setval('crm.contact_id_seq', 900); INSERT INTO crm.deal SELECT 1, max(id) FROM crm.contact");
        restored(
                database,
                "--data-only",
                "-t",
                "crm.contact",
                "-t",
                "crm.deal",
                "--replace",
                "--confirm");
        assertThat(tidemark.rows(database)).isEqualTo(truth.tables());
        assertThat(tidemark.ask(database, "SELECT nextval('crm.contact_id_seq')")).isEqualTo("901");

        tidemark.execute(
                database,
                "ALTER TABLE crm.deal ALTER id TYPE bigint; ALTER TABLE crm.deal ADD why text NOT NULL DEFAULT ''; ALTER TABLE crm.deal ALTER why DROP DEFAULT");
        assertRefused(
                restore(database, "--data-only", "-t", "crm.deal", "--replace", "--confirm"),
                "cannot take the rows: column id of crm.deal is bigint, and was integer; column why of crm.deal needs a value, and was not there");
    }

    @Test
    void whatIsExcludedIsLeftOutAndAnExportKnowsTheSameOptions() throws Exception {
        String database = newDatabase();

        Deployment.Outcome outcome =
                restored(database, "-T", "event", "-N", "old", "-T", "crm.company");

        assertThat(tidemark.rows(database)).isEqualTo(truthOf("crm.contact", "crm.deal"));
        assertThat(tidemark.ask(database, "SELECT count(*) FROM crm.won")).isEqualTo("20");
        assertThat(outcome.err())
                .contains(
                        "not in the part: foreign key contact_company_fkey of crm.contact, which needs table crm.company\n")
                .doesNotContain("company_pkey");
        assertThat(tidemark.ask(database, "SELECT to_regclass('crm.company_id_seq') IS NULL"))
                .isEqualTo("t");
        Path into = directory.resolve("exported");
        tidemark.succeed(
                "export",
                "--as-of",
                truth.position().toString(),
                "--format",
                "csv",
                "-n",
                "crm",
                "-T",
                "crm.co*y",
                "--rename",
                "crm.deal=deal_1403",
                "--into",
                into.toString());
        assertThat(Files.exists(into.resolve("crm.deal_1403.csv"))).isTrue();
        assertThat(Files.exists(into.resolve("crm.contact.csv"))).isTrue();
        assertThat(Files.exists(into.resolve("crm.company.csv"))).isFalse();
    }
}
