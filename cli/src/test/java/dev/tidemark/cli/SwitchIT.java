package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.replay.load.RowsChecksum;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restored database takes the place of one that is in use. */
final class SwitchIT {
    @TempDir private Path directory;

    private Deployment tidemark;

    @BeforeEach
    void start() throws Exception {
        tidemark = deployment();
    }

    @AfterEach
    void stop() throws Exception {
        tidemark.close();
    }

    @Test
    void theSourceGoesBackAndCaptureGoesOnWithTheSwitchRecorded() throws Exception {
        Process run = tidemark.service("run");
        tidemark.execute("crm", "INSERT INTO public.deal VALUES (2, 'before the accident')");
        Truth before = tidemark.truth();
        tidemark.execute("crm", "DELETE FROM public.deal");
        Truth accident = tidemark.truth();
        tidemark.awaitArchivedPast(accident);
        String url = url("crm");
        String position = before.position().toString();

        try (Connection application = tidemark.connectAsClient();
                Connection connector = named("Debezium General");
                Connection command = named("tidemark");
                Connection namesake = named("tidemark capture")) {
            Outcome restored =
                    tidemark.tidemark(
                            "restore", "--to", position, "--into", url, "--replace", "--confirm");
            assertThat(restored.out())
                    .as(restored.err())
                    .contains(url + "_tidemark_new is as the source was at 0/")
                    .contains("It stands beside " + url + ", which goes on as it is")
                    .contains("2. tidemark switch --on " + url + " --confirm")
                    .contains("3. tidemark base --from-source --confirm");
            assertThat(restored.code()).isEqualTo(1);
            tidemark.execute("crm", "INSERT INTO public.deal VALUES (3, 'after the restore')");

            assertThat(tidemark.tidemark("switch", "--on", url).err())
                    .isEqualTo(
                            """
                            error: switch renames %s and the database beside it
                            HINT: Both are ready, and the user has the rights. Add --confirm when the application is stopped.
                            """
                                    .formatted(url));
            Outcome refused = tidemark.tidemark("switch", "--on", url, "--confirm");
            assertThat(refused.code()).isEqualTo(3);
            assertThat(refused.err())
                    .matches(
                            "(?s)error: crm is in use: ([0-9]+ of postgres \\([^)]+\\)(, |\n)){4}HINT: Stop the application, then run"
                                    + " it again, or with --end-sessions\\. All names are as they were\\.\n")
                    .contains("(Debezium General)", "(tidemark)", "(tidemark capture)");
            assertThat(isOpen(application, connector, command, namesake)).containsOnly(true);

            Outcome switched =
                    tidemark.tidemark("switch", "--on", url, "--confirm", "--end-sessions");
            assertThat(switched.out())
                    .as(switched.err())
                    .startsWith(
                            url
                                    + " is now the restored database; what it was before is crm_tidemark_old.")
                    .contains("its slot tidemark_crm is dropped")
                    .contains("tidemark base --from-source --confirm");
            assertThat(isOpen(application, connector, command, namesake)).containsOnly(false);
        }
        assertThat(run.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(tidemark.ask("crm", "SHOW work_mem")).isEqualTo("7MB");
        assertThat(
                        tidemark.ask(
                                "crm",
                                "SELECT has_database_privilege('reader', 'crm', 'CREATE') AND NOT has_database_privilege('other', 'crm', 'CONNECT')"))
                .isEqualTo("t");

        Outcome taken = tidemark.succeed("base", "--from-source", "--confirm");
        tidemark.service("run");
        tidemark.execute("crm", "INSERT INTO public.deal VALUES (4, 'after the switch')");
        Truth after = tidemark.truth();
        tidemark.awaitArchivedPast(after);

        assertThat(taken.out()).contains("the source was switched to its restore as of 0/");
        assertThat(tidemark.restored("before", "--to", position)).isEqualTo(before.tables());
        assertThat(tidemark.restored("accident", "--to", accident.position().toString()))
                .isEqualTo(accident.tables());
        assertThat(tidemark.restored("after", "--to", "latest"))
                .containsAllEntriesOf(rowsOf(after));
        assertThat(
                        tidemark.ask(
                                "after",
                                "SELECT string_agg(id::text, ',' ORDER BY id) FROM public.deal"))
                .isEqualTo("1,2,4");
        assertThat(tidemark.ask("crm_tidemark_old", "SELECT note FROM public.deal"))
                .isEqualTo("after the restore");
    }

    @Test
    void whatNobodyUsesIsReplacedWhenItsSuccessorIsWholeAndTheSwitchGoesBack() throws Exception {
        tidemark.execute("postgres", "CREATE DATABASE staging");
        tidemark.execute("staging", "CREATE TABLE public.mine (id int)");
        String url = url("staging");

        assertThat(replace(url("made"), "--resume").code()).as("what is missing").isZero();
        assertThat(databases()).isEqualTo("crm,made,postgres,staging");
        tidemark.execute("postgres", "DROP DATABASE made");
        Outcome first = replace(url, "--resume");
        assertThat(first.out()).contains(url + " is as the source was at ");
        assertThat(first.code()).as(first.err()).isZero();
        assertThat(databases()).isEqualTo("crm,postgres,staging");
        assertThat(tidemark.ask("staging", "SELECT note FROM public.deal")).isEqualTo("first");

        tidemark.execute("staging", "UPDATE public.deal SET note = 'tried out'");
        try (Connection user =
                DriverManager.getConnection(
                        "jdbc:postgresql://localhost:" + tidemark.port() + "/staging",
                        "postgres",
                        "")) {
            assertThat(replace(url).out()).contains("It stands beside " + url);
            Outcome again = replace(url, "--resume");
            assertThat(again.err())
                    .contains(
                            url + "_tidemark_new holds a restore that has finished: it is as",
                            "'tidemark switch' puts it in its place");
            assertThat(again.code()).isEqualTo(3);
            Outcome told = replace(url, "--json");
            assertThat(told.out())
                    .contains(
                            "\"outcome\" : \"whole\"",
                            "\"beside\" : \"it is used by ",
                            "\"target\" : \"%s_tidemark_new\"".formatted(url));
            assertThat(told.err())
                    .contains("It stands beside " + url, "tidemark switch --on " + url);
            assertThat(told.code()).isEqualTo(1);
            assertThat(user.isValid(5)).isTrue();
        }
        assertThat(databases()).isEqualTo("crm,postgres,staging,staging_tidemark_new");
        tidemark.succeed("switch", "--on", url, "--confirm");
        assertThat(tidemark.ask("staging", "SELECT note FROM public.deal")).isEqualTo("first");
        Outcome inTheWay = replace(url);
        assertThat(inTheWay.code()).isEqualTo(3);
        assertThat(inTheWay.err())
                .contains(
                        "the database staging_tidemark_old is there, which it may have been before");
        tidemark.succeed("switch", "--on", url, "--back", "--confirm");
        assertThat(tidemark.ask("staging", "SELECT note FROM public.deal")).isEqualTo("tried out");
        assertThat(replace(url).err())
                .contains(
                        "the database staging_tidemark_new is there, which was live until it was switched back");
        tidemark.succeed("switch", "--on", url, "--confirm", "--json");
        assertThat(tidemark.ask("staging", "SELECT note FROM public.deal")).isEqualTo("first");
        assertThat(databases()).isEqualTo("crm,postgres,staging,staging_tidemark_old");

        whatIsNotWholeStaysBeside();
    }

    /** The user may not make one of the publications. */
    private void whatIsNotWholeStaysBeside() throws Exception {
        tidemark.execute("postgres", "CREATE ROLE tester LOGIN CREATEDB");
        tidemark.execute("postgres", "CREATE DATABASE tried OWNER tester");
        tidemark.execute("tried", "CREATE TABLE public.mine (id int)");
        String url = url("tried").replace("postgres@", "tester@");

        Outcome lesser = replace(url);

        assertThat(lesser.out())
                .as(lesser.err())
                .contains(
                        "It stands beside %s, which goes on as it is: the restored one is not whole."
                                .formatted(url));
        assertThat(lesser.code()).isEqualTo(1);
        assertThat(tidemark.ask("tried", "SELECT count(*) FROM public.mine")).isEqualTo("0");
        assertThat(databases())
                .isEqualTo("crm,postgres,staging,staging_tidemark_old,tried,tried_tidemark_new");
    }

    /** A session of the superuser, who is not the user of capture. */
    private Connection named(String application) throws Exception {
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:%d/crm?ApplicationName=%s"
                        .formatted(tidemark.port(), application.replace(" ", "%20")),
                "postgres",
                "");
    }

    private static List<Boolean> isOpen(Connection... sessions) throws Exception {
        List<Boolean> open = new ArrayList<>();
        for (Connection session : sessions) {
            open.add(session.isValid(5));
        }
        return open;
    }

    private Outcome replace(String url, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "restore",
                                "--to",
                                "latest",
                                "--into",
                                url,
                                "--replace",
                                "--confirm"));
        arguments.addAll(List.of(more));
        return tidemark.tidemark(arguments.toArray(String[]::new));
    }

    private String databases() throws Exception {
        return tidemark.ask(
                "postgres",
                "SELECT string_agg(datname, ',' ORDER BY datname) FROM pg_database WHERE NOT datistemplate");
    }

    /** The record that a restored database keeps of itself is in the source now. */
    private static Map<String, RowsChecksum> rowsOf(Truth truth) {
        Map<String, RowsChecksum> rows = new TreeMap<>(truth.tables());
        rows.keySet().removeIf(table -> table.startsWith("tidemark_restore."));
        return rows;
    }

    private String url(String database) {
        return tidemark.database(database).url().toString();
    }

    private Deployment deployment() throws Exception {
        Deployment deployment =
                Deployment.start(
                        directory,
                        PostgresBinaries.onClassPath(),
                        "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms}");
        deployment.execute(
                "crm",
                "CREATE TABLE public.deal (id int PRIMARY KEY, note text); INSERT INTO public.deal VALUES (1, 'first');"
                        + " CREATE ROLE reader; CREATE ROLE other; ALTER DATABASE crm SET work_mem = '7MB';"
                        + " REVOKE ALL ON DATABASE crm FROM PUBLIC; GRANT CREATE, CONNECT ON DATABASE crm TO reader;"
                        + " CREATE PUBLICATION everything FOR ALL TABLES");
        deployment.succeed("init");
        return deployment;
    }
}
