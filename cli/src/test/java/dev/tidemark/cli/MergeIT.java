package dev.tidemark.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.cli.embedded.PostgresBinaries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * After {@code tidemark merge} every answer is what it was, from fewer files; in an encrypted
 * archive, whose key is exchanged at the end.
 */
final class MergeIT {
    private static final List<String> WORK =
            List.of(
                    """
                    INSERT INTO public.deal SELECT n, n % 2 = 0, n::bigint << 40, '2026-11-20', '2026-11-20 12:00:00.5',
                      '2026-11-20 12:00:00+02', 'new', repeat(md5(n::text), 200) FROM generate_series(1, 200) n;
                    INSERT INTO public.account SELECT n, 'a' || n, repeat(md5(n::text), 200) FROM generate_series(1, 50) n;
                    INSERT INTO public.visit SELECT '2026-11-20', 'a' FROM generate_series(1, 20);
                    """,
                    """
                    UPDATE public.deal SET stage = 'won', won = NOT won WHERE id % 3 = 0;
                    UPDATE public.deal SET due = 'infinity', at = '0044-03-15 BC', told = '-infinity' WHERE id = 7;
                    UPDATE public.account SET name = name || '!' WHERE id % 2 = 0;
                    """,
                    """
                    UPDATE public.deal SET id = id + 1000 WHERE id % 50 = 0;
                    UPDATE public.deal SET stage = 'moved' WHERE id > 1000;
                    DELETE FROM public.deal WHERE id = 9;
                    DELETE FROM public.visit WHERE ctid = (SELECT min(ctid) FROM public.visit);
                    """,
                    """
                    ALTER TABLE public.deal ADD worth int DEFAULT 7;
                    UPDATE public.deal SET worth = NULL WHERE id = 7;
                    INSERT INTO public.deal (id, stage) VALUES (9, 'again');
                    """,
                    """
                    TRUNCATE public.account;
                    INSERT INTO public.account VALUES (1, 'b1', 'small');
                    """,
                    "UPDATE public.deal SET stage = 'lost' WHERE id = 7");

    private static final String KEY = "encryption: {key-file: crm.key}";

    @TempDir private Path directory;

    @Test
    void everyAnswerIsTheSameAfterAMerge() throws Exception {
        try (Deployment tidemark =
                Deployment.start(
                        directory,
                        PostgresBinaries.onClassPath(),
                        """
                        segment: {max-age: 1s}
                        capture: {heartbeat: 500ms}
                        %s
                        """
                                .formatted(KEY))) {
            tidemark.execute(
                    "crm",
                    """
                    CREATE TABLE public.deal (id int PRIMARY KEY, won bool, big bigint, due date, at timestamp,
                      told timestamptz, stage text, note text);
                    ALTER TABLE public.deal ALTER note SET STORAGE EXTERNAL;
                    CREATE TABLE public.account (id bigint PRIMARY KEY, name text, note text);
                    ALTER TABLE public.account REPLICA IDENTITY FULL;
                    ALTER TABLE public.account ALTER note SET STORAGE EXTERNAL;
                    CREATE TABLE public.visit (at timestamptz, who text);
                    """);
            tidemark.execute("crm", AuditedRows.SCHEMA);
            String key = tidemark.succeed("keygen", "--encryption", file("crm.key")).out();
            assertThat(key).startsWith("The key ").contains("in " + file("crm.key"));
            Outcome careless = tidemark.tidemark("init");
            assertThat(careless.code()).isEqualTo(3);
            assertThat(careless.err())
                    .contains(" is to be encrypted with the key " + id(key))
                    .contains("HINT: Whoever loses the key loses the archive. ");
            checkInsideTheArchive(tidemark);
            tidemark.succeed("init", "--key-kept-elsewhere");
            tidemark.service("run");
            List<Truth> truths = new ArrayList<>();
            for (String work : WORK) {
                tidemark.execute("crm", work);
                Truth truth = tidemark.truth();
                tidemark.awaitArchivedPast(truth);
                truths.add(truth);
            }
            AuditedRows audited = workThatIsAudited(tidemark);
            String acted = acted(tidemark);
            Truth after = tidemark.truth();
            tidemark.awaitArchivedPast(after);
            truths.add(after);
            List<List<String>> questions = new ArrayList<>();
            questions.add(List.of("tx", acted));
            questions.add(List.of("tx", acted, "--json"));
            questions.add(List.of("blame", "deal", "7"));
            questions.add(List.of("blame", "deal", "9", "--json"));
            questions.add(List.of("history", "deal", "7"));
            questions.add(List.of("history", "deal", "9", "--json"));
            questions.add(List.of("history", "deal", "1100", "--json"));
            questions.add(List.of("history", "account", "2"));
            questions.add(List.of("find", "--text", "ANSWERED", "--json"));
            questions.add(List.of("find", "deal", "--column", "stage", "--to", "answered"));
            questions.add(List.of("find", "account", "--operation", "delete", "--json"));
            questions.add(List.of("who", "ann@example.com"));
            questions.add(List.of("who", "--json"));
            for (Truth truth : truths) {
                questions.add(List.of("tx", truth.position().toString(), "--json"));
            }
            Map<List<String>, String> before = answers(tidemark, questions);
            checkHistories(tidemark, audited);
            checkFound(tidemark, audited);
            RefusedQuestions.check(tidemark);

            Outcome merged = tidemark.succeed("merge", "--all");
            Map<List<String>, String> afterwards = answers(tidemark, questions);
            checkHistories(tidemark, audited);
            checkFound(tidemark, audited);
            Outcome again = tidemark.succeed("merge");

            assertThat(merged.out())
                    .matches(
                            """
                            (?s)\\d+ segments with \\d+ changes are 1 now: \\d+ files \\(.*\\) instead of \\d+ files \\(.*\\)\\.
                            (Deleted \\d+ files? that nothing needs any more: .*\\.
                            )?\\d+ files of what was merged stay for 6 h; a merge after that deletes them\\.
                            """);
            assertThat(afterwards).isEqualTo(before);
            checkActor(before.getOrDefault(List.of("tx", acted), ""));
            assertThat(before.getOrDefault(List.of("history", "deal", "7"), "").lines().skip(1))
                    .filteredOn(line -> line.contains("  ann@example.com  "))
                    .hasSize(2);
            assertThat(before.getOrDefault(List.of("blame", "deal", "7"), ""))
                    .containsPattern("\nstage +answered +[^ ]+ +ann@example.com +");
            checkActorAsJson(before.getOrDefault(List.of("tx", acted, "--json"), ""));
            assertThat(
                            before.getOrDefault(
                                    List.of(
                                            "find",
                                            "deal",
                                            "--column",
                                            "stage",
                                            "--to",
                                            "answered"),
                                    ""))
                    .containsPattern("  ann@example.com  .*  UPDATE +7 +stage: asked → answered\n")
                    .endsWith("\n1 change, newest first\n");
            assertThat(before.getOrDefault(List.of("who", "ann@example.com"), ""))
                    .startsWith("ann@example.com, said by the application\n")
                    .containsPattern("  said +2 UPDATE public.deal +ticket 4711\\\\x1b\n")
                    .endsWith("\n1 transaction, newest first\n");
            for (Truth truth : truths) {
                assertThat(
                                tidemark.restored(
                                        "at" + truth.position().value(),
                                        "--to",
                                        truth.position().toString()))
                        .isEqualTo(truth.tables());
            }
            for (String level : List.of("files", "hashes", "rebuild")) {
                assertThat(tidemark.succeed("verify", "--level", level).out())
                        .startsWith("whole: ");
            }
            assertThat(again.out()).startsWith("There is nothing to merge: ");
            assertThat(tidemark.succeed("ledger").out()).contains("merge ");
            checkStub(tidemark, after);
            checkWithoutTheKey(tidemark, id(key));
            checkRotation(tidemark, truths.getLast(), id(key));
        }
    }

    /** A clerk's transaction, in which also others say who acts; the moment that names it. */
    private static String acted(Deployment tidemark) throws Exception {
        tidemark.execute(
                "crm", "CREATE ROLE clerk LOGIN; GRANT SELECT, UPDATE ON public.deal TO clerk");
        try (Connection connection = tidemark.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION AUTHORIZATION clerk; SET application_name = 'till'");
            connection.setAutoCommit(false);
            statement.execute(
                    """
                    SELECT tidemark.set_context('eve');
                    UPDATE public.deal SET stage = 'asked' WHERE id = 7;
                    SELECT tidemark.set_context('ann@example.com', 'ticket 4711' || chr(27), '7f3c');
                    SAVEPOINT s; SELECT tidemark.set_context('mallory'); ROLLBACK TO s;
                    SELECT pg_logical_emit_message(true, 'tidemark.context',
                      repeat('0', 64) || ' {"actor":"mallory"}');
                    UPDATE public.deal SET stage = 'answered' WHERE id = 7;
                    """);
            try (ResultSet row =
                    statement.executeQuery(
                            "SELECT 'xid:' || (pg_current_xact_id()::text::bigint & 4294967295)")) {
                row.next();
                String moment = row.getString(1);
                connection.commit();
                return moment;
            }
        }
    }

    private static void checkActor(String shown) {
        assertThat(shown.lines().skip(1).limit(4))
                .containsExactly(
                        "actor    ann@example.com, said by the application",
                        "reason   ticket 4711\\x1b",
                        "request  7f3c",
                        "session  user clerk, application 'till', from 127.0.0.1");
        assertThat(shown).endsWith("\n2 of 2 changes\n");
    }

    private static void checkActorAsJson(String shown) {
        assertThat(shown)
                .contains(
                        """
                          "context" : {
                            "actor" : "ann@example.com",
                            "reason" : "ticket 4711\\u001B",
                            "request" : "7f3c",
                            "sessionUser" : "clerk",
                            "application" : "till",
                            "address" : "127.0.0.1"
                          },
                        """);
    }

    /** The function of the documents does nothing in a restored database, and so does no harm. */
    private void checkStub(Deployment tidemark, Truth truth) throws Exception {
        String stub =
                Files.readString(Path.of("../docs/actors.md"))
                        .replaceFirst("(?s).*```sql\n(CREATE SCHEMA .*?)```.*", "$1");
        Path script = Files.writeString(directory.resolve("stub.sql"), stub);
        assertThat(
                        tidemark.restored(
                                "stubbed",
                                "--to",
                                truth.position().toString(),
                                "--run-sql",
                                script.toString()))
                .isEqualTo(truth.tables());
        tidemark.execute(
                "stubbed",
                "SET SESSION AUTHORIZATION clerk; SELECT tidemark.set_context('ann', request => '7f')");
    }

    private static AuditedRows workThatIsAudited(Deployment tidemark) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("seed " + seed + "; rerun with -Dseed=" + seed);
        for (String work : AuditedRows.work(new Random(seed), 120)) {
            tidemark.execute("crm", work);
        }
        Truth end = tidemark.truth();
        tidemark.awaitArchivedPast(end);
        return new AuditedRows(tidemark.ask("crm", AuditedRows.AUDIT));
    }

    private static void checkHistories(Deployment tidemark, AuditedRows audited) throws Exception {
        assertThat(audited.keys()).hasSizeGreaterThan(4);
        for (String key : audited.keys()) {
            String[] fields = key.split("/", -1);
            String told = tidemark.succeed("history", "part", fields[0], fields[1], "--json").out();
            List<String> changes = new ArrayList<>();
            for (JsonNode change : new ObjectMapper().readTree(told).get("changes")) {
                changes.add(change.get("xid").asText() + " " + change.get("operation").asText());
            }
            assertThat(changes).as("history of part " + key).isEqualTo(audited.history(key));
        }
    }

    /** Of each change the trigger wrote down what it was, in the order in which it was. */
    private static void checkFound(Deployment tidemark, AuditedRows audited) throws Exception {
        String told =
                tidemark.succeed(
                                "find",
                                "part",
                                "--operation",
                                "insert,update,delete",
                                "--limit",
                                "10000",
                                "--json")
                        .out();
        List<String> changes = new ArrayList<>();
        for (JsonNode row : new ObjectMapper().readTree(told).get("rows")) {
            if (!row.get("operation").asText().equals("TRUNCATE")) {
                changes.add(row.get("xid").asText() + " " + row.get("operation").asText());
            }
        }
        assertThat(changes).isEqualTo(audited.changes());
    }

    private String file(String name) {
        return directory.resolve(name).toString();
    }

    /** The id in a sentence of a command. */
    private static String id(String said) {
        return said.replaceAll("(?s)The key (\\w+) .*", "$1");
    }

    private void checkInsideTheArchive(Deployment tidemark) throws Exception {
        Path inside = tidemark.configuration("inside", "crm.key", "archive/crm.key");
        tidemark.succeed("keygen", "--encryption", file("archive/crm.key"));
        Outcome refused = tidemark.tidemark(inside, "init", "--key-kept-elsewhere");
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err())
                .isEqualTo(
                        """
                        error: the encryption key %s is inside the archive
                        HINT: Whoever takes the archive would take the key with it. Move it to another place.
                        """
                                .formatted(file("archive/crm.key")));
        Files.delete(directory.resolve("archive/crm.key"));
    }

    private void checkWithoutTheKey(Deployment tidemark, String key) throws Exception {
        Path keyless = tidemark.configuration("keyless", KEY, "");
        for (String level : List.of("files", "hashes")) {
            assertThat(tidemark.tidemark(keyless, "verify", "--level", level).out())
                    .startsWith("whole: level " + level + ": ")
                    .contains("\nkeys: not checked, no key is held: ");
        }
        for (List<String> command :
                List.of(
                        List.of("verify"),
                        List.of("info"),
                        List.of("history", "deal", "7"),
                        List.of("restore", "--to", "latest", "--dry-run"))) {
            Outcome refused = tidemark.tidemark(keyless, command.toArray(String[]::new));
            assertThat(refused.code()).isEqualTo(3);
            assertThat(refused.err())
                    .contains(
                            " is encrypted with the key %s, and no key is configured"
                                    .formatted(key))
                    .contains("HINT: Set encryption.key-file or encryption.key-env to that key.");
        }
        try (Stream<Path> files = Files.walk(directory.resolve("archive"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain("account", "EXTERNAL", "visit", "PAR1");
            }
        }
    }

    private void checkRotation(Deployment tidemark, Truth truth, String old) throws Exception {
        assertThat(tidemark.succeed("check", "--key", file("crm.key")).out())
                .startsWith("The key %s opens the archive ".formatted(old))
                .contains("schema.json.gz was read with it.");
        String next = id(tidemark.succeed("keygen", "--encryption", file("next.key")).out());

        tidemark.succeed(
                "key", "rotate", "--to", file("next.key"), "--data-key", "--key-kept-elsewhere");

        Outcome refused = tidemark.tidemark("info");
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err())
                .contains(
                        " is encrypted with the key %s, and the key at hand is %s"
                                .formatted(next, old));
        tidemark.execute("crm", "DELETE FROM public.account"); // the service goes on
        Truth later = tidemark.truth();
        tidemark.awaitArchivedPast(later);
        tidemark.reconfigure("crm.key", "next.key");
        assertThat(tidemark.succeed("key", "show").out())
                .contains("encrypted with the key %s, which wraps 2 data keys".formatted(next));
        assertThat(tidemark.restored("old", "--to", truth.position().toString()))
                .isEqualTo(truth.tables());
        assertThat(tidemark.restored("new", "--to", later.position().toString()))
                .isEqualTo(later.tables());
    }

    private static Map<List<String>, String> answers(
            Deployment tidemark, List<List<String>> questions) throws Exception {
        Map<List<String>, String> answers = new LinkedHashMap<>();
        for (List<String> question : questions) {
            answers.put(question, tidemark.succeed(question.toArray(String[]::new)).out());
        }
        return answers;
    }
}
