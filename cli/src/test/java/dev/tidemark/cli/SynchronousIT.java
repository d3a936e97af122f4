package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.cli.embedded.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With {@code capture.acknowledge: synchronous} a commit returns when Kafka has it. */
final class SynchronousIT {
    private static final int CLIENTS = 4;
    private static final int COMMITS_MIN = 200; // by all clients, before the source is lost
    private static final int ACCOUNTS = 20;

    @TempDir private Path directory;

    private Deployment started() throws Exception {
        Deployment tidemark =
                Deployment.start(
                        directory,
                        PostgresBinaries.onClassPath(),
                        "segment: {max-age: 1s}\ncapture: {acknowledge: synchronous, heartbeat: 500ms}");
        tidemark.execute(
                "crm",
                "CREATE TABLE public.account (id int PRIMARY KEY, balance int NOT NULL);"
                        + " INSERT INTO public.account SELECT n, 100 FROM generate_series(1, %d) n;"
                                .formatted(ACCOUNTS)
                        + " CREATE TABLE public.transfer (id text PRIMARY KEY)");
        tidemark.succeed("init");
        return tidemark;
    }

    private static Process streaming(Deployment tidemark) throws Exception {
        Process capture = tidemark.service("capture");
        tidemark.awaitInSource(
                "SELECT EXISTS (SELECT FROM pg_stat_replication"
                        + " WHERE application_name = 'tidemark_crm' AND state = 'streaming')");
        tidemark.succeed("init", "--synchronous");
        return capture;
    }

    @Test
    void everyCommitThatAClientSawSurvivesTheLossOfTheSource() throws Exception {
        try (Deployment tidemark = started();
                PostgresServer target =
                        PostgresServer.start(
                                directory.resolve("target"),
                                PostgresBinaries.onClassPath(),
                                Map.of())) {
            Process capture = streaming(tidemark);
            Queue<String> seen = new ConcurrentLinkedQueue<>();
            List<Thread> clients = new ArrayList<>();
            for (int client = 0; client < CLIENTS; client++) {
                int number = client;
                clients.add(Thread.ofPlatform().start(() -> transfers(tidemark, number, seen)));
            }
            Deployment.await(() -> "commits: " + seen.size(), () -> seen.size() >= COMMITS_MIN);

            capture.destroyForcibly().waitFor();
            tidemark.loseSource();
            for (Thread client : clients) {
                client.join(); // it ends with its connection
            }
            Process archiver = tidemark.service("archiver"); // all the rest is in Kafka
            tidemark.awaitLogged("archiver", 1, "published segment");
            archiver.destroy(); // which publishes what is whole
            archiver.waitFor();

            String url = "postgresql://postgres@127.0.0.1:" + target.port() + "/postgres";
            tidemark.succeed("restore", "--to", "latest", "--into", url);
            try (Connection there =
                            DriverManager.getConnection(
                                    target.jdbcUrl("postgres"), target.superuser(), "");
                    Statement statement = there.createStatement()) {
                assertThat(strings(statement, "SELECT id FROM public.transfer")).containsAll(seen);
                assertThat(strings(statement, "SELECT sum(balance) FROM public.account"))
                        .containsExactly(String.valueOf(ACCOUNTS * 100));
            }
        }
    }

    /** Money goes from one account to another until the server is gone. */
    private static void transfers(Deployment tidemark, int client, Queue<String> seen) {
        Random random = new Random(client);
        try (Connection connection = tidemark.connectAsClient();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int n = 0; ; n++) {
                int one = 1 + random.nextInt(ACCOUNTS - 1);
                int other = one + 1 + random.nextInt(ACCOUNTS - one); // in order: no deadlocks
                String id = client + "-" + n;
                statement.execute(
                        ("UPDATE public.account SET balance = balance - 1 WHERE id = %d;"
                                        + " UPDATE public.account SET balance = balance + 1 WHERE id = %d;"
                                        + " INSERT INTO public.transfer VALUES ('%s')")
                                .formatted(one, other, id));
                connection.commit();
                seen.add(id);
            }
        } catch (SQLException e) {
            assertThat(seen).isNotEmpty();
        }
    }

    private static List<String> strings(Statement statement, String query) throws SQLException {
        List<String> values = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    @Test
    void commitsWaitWhileKafkaIsAwayAndOthersDoNotHang() throws Exception {
        try (Deployment tidemark = started()) {
            Outcome early = tidemark.tidemark("init", "--synchronous");
            streaming(tidemark);

            tidemark.execute(
                    "postgres", "CREATE TABLE public.unpublished (id int); CREATE ROLE anybody");
            tidemark.execute("crm", "CREATE UNLOGGED TABLE public.u (id int)");
            tidemark.execute("crm", "INSERT INTO public.u VALUES (1)");
            Outcome check = tidemark.tidemark("check");
            tidemark.signalKafka("STOP");
            Thread waiting =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try (Connection client = tidemark.connectAsClient();
                                                Statement statement = client.createStatement()) {
                                            statement.execute(
                                                    "INSERT INTO public.transfer VALUES ('waits')");
                                        } catch (SQLException e) {
                                            throw new IllegalStateException(e);
                                        }
                                    });
            tidemark.awaitInSource(
                    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query LIKE 'INSERT%')");
            assertThat(waiting.isAlive()).isTrue();
            tidemark.signalKafka("CONT");
            waiting.join(Duration.ofSeconds(60));

            assertThat(waiting.isAlive()).isFalse();
            assertThat(early.code()).isEqualTo(3);
            assertThat(early.err())
                    .contains(
                            "no capture streams from the source",
                            "so that every commit would wait");
            assertThat(check.out())
                    .contains("has one copy, which its broker acknowledges before it is on disk")
                    .doesNotContain("ERROR");
        }
    }

    @Test
    void deinitLetsCommitsGoOn() throws Exception {
        try (Deployment tidemark = started()) {
            Process capture = streaming(tidemark);
            capture.destroy();
            capture.waitFor();
            assertThat(tidemark.tidemark("deinit", "--confirm").code()).isZero();

            assertThat(tidemark.ask("crm", "SHOW synchronous_standby_names")).isEmpty();
            tidemark.execute("crm", "INSERT INTO public.transfer VALUES ('goes on')");
        }
    }
}
