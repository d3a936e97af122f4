package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tidemark rewind} and {@code follow}: a restored database at other moments. */
final class RewindIT {
    private static final long SEED = Long.getLong("seed", 7);

    private static final String SCHEMA =
            """
            CREATE TABLE public.deal (id int PRIMARY KEY, stage text, note text, slot int UNIQUE);
            ALTER TABLE public.deal ALTER note SET STORAGE EXTERNAL;
            CREATE TABLE public.part (deal int REFERENCES public.deal, line int, price numeric, PRIMARY KEY (deal, line));
            ALTER TABLE public.part REPLICA IDENTITY FULL;
            CREATE TABLE public.visit (at int, who json);
            ALTER TABLE public.visit REPLICA IDENTITY FULL;
            CREATE PUBLICATION everything FOR ALL TABLES; -- of others, who want deletes
            CREATE TABLE public.country (code text PRIMARY KEY, name text);
            CREATE SEQUENCE public.counter;
            CREATE TABLE public.team (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, above int REFERENCES public.team, code char(4) UNIQUE,
              raw bytea, size int, twice int GENERATED ALWAYS AS (size * 2) STORED);
            CREATE TABLE public.task (id int PRIMARY KEY, team int REFERENCES public.team ON DELETE CASCADE, place point, found float8);
            INSERT INTO public.team (above, code, raw, size)
              SELECT nullif(n / 3, 0), 't' || n, decode(md5(n::text), 'hex'), n FROM generate_series(1, 40) n;
            INSERT INTO public.task SELECT n, 1 + n % 40, point(n, n / 3.0), n / 3.0 FROM generate_series(1, 80) n;
            INSERT INTO public.deal SELECT n, 'new', repeat(md5(n::text), 100), n FROM generate_series(1, 300) n;
            INSERT INTO public.part SELECT n, l, n * l FROM generate_series(1, 100) n, generate_series(1, 3) l;
            INSERT INTO public.visit SELECT n % 5, '{"a": 1}' FROM generate_series(1, 40) n;
            INSERT INTO public.country SELECT n::text, 'c' || n FROM generate_series(1, 50) n;
            """;

    private static final Map<String, String> KEYS =
            Map.of(
                    "public.deal", "id",
                    "public.part", "(deal, line)",
                    "public.visit", "t",
                    "public.country", "code",
                    "public.team", "id",
                    "public.task", "id");

    @TempDir private Path directory;
    private final Random random = new Random(SEED);

    @Test
    void aRestoredDatabaseIsAtEachMomentWhatTheSourceWasThen() throws Exception {
        try (Deployment tidemark = start()) {
            tidemark.execute("crm", SCHEMA);
            tidemark.succeed("init");
            Process run = tidemark.service("run");
            List<Truth> moments = new ArrayList<>();
            List<Long> counters = new ArrayList<>();
            for (int round = 0; round < 5; round++) {
                change(tidemark, round);
                counters.add(
                        Long.parseLong(
                                tidemark.ask("crm", "SELECT last_value FROM public.counter")));
                moments.add(archived(tidemark));
            }
            String there = url(tidemark, "moved");
            assertThat(tidemark.restored("moved", "--to", moments.get(1).position().toString()))
                    .isEqualTo(moments.get(1).tables());

            tidemark.restored("patched", "--to", moments.get(1).position().toString());
            ComparedMoments compared = new ComparedMoments(tidemark, "patched", KEYS);
            int at = 1;

            for (int index : List.of(3, 0, 4, 2, 1, 1)) {
                compared.check(moments.get(at), moments.get(index));
                at = index;
                Outcome done =
                        tidemark.succeed(
                                "rewind",
                                "--to",
                                moments.get(index).position().toString(),
                                "--on",
                                there,
                                "--check");
                assertThat(tidemark.rows("moved"))
                        .as("moment %d, seed %d: %s", index, SEED, done.out())
                        .isEqualTo(moments.get(index).tables());
                assertThat(
                                Long.parseLong(
                                        tidemark.ask(
                                                "moved", "SELECT last_value FROM public.counter")))
                        .as("a sample of sequences may be later than the moment")
                        .isBetween(counters.get(index), counters.get(Math.min(index + 1, 4)));
            }

            compared.checkLive(moments.get(0), moments.get(4));
            assertThat(
                            tidemark.ask(
                                    "patched",
                                    "SELECT (SELECT last_value FROM public.team_id_seq) >= (SELECT max(id) FROM public.team)"))
                    .isEqualTo("t");

            tidemark.execute("moved", "UPDATE public.country SET name = 'mine' WHERE code = '50'");
            String target = moments.get(3).position().toString();
            Outcome refused = tidemark.tidemark("rewind", "--to", target, "--on", there);
            assertThat(refused.err())
                    .endsWith(
                            """
                            error: target %s was changed by others: rows of public.country are not as Tidemark left them
                            HINT: Add --overwrite-changes to bring these tables to the moment too: what was changed in them is lost.
                            """
                                    .formatted(there));
            assertThat(refused.code()).isEqualTo(3);
            tidemark.succeed("rewind", "--to", target, "--on", there, "--overwrite-changes");
            assertThat(tidemark.rows("moved")).isEqualTo(moments.get(3).tables());

            losesNoCommitThatComesBeforeTheLock(
                    tidemark, there, moments.get(0).position().toString());
            assertThat(tidemark.rows("moved")).isEqualTo(moments.get(3).tables());

            tidemark.execute("moved", "CREATE INDEX other ON public.deal (stage)");
            assertThat(tidemark.tidemark("rewind", "--to", "latest", "--on", there).err())
                    .contains(
                            "was changed by others: the definition of public.deal is not as Tidemark left it");
            tidemark.execute("moved", "DROP INDEX public.other");

            Process killed = tidemark.service("rewind", "--to", "latest", "--on", there);
            Deployment.await(
                    () -> "the session of the command to be killed",
                    () -> !killed.isAlive() || isConnected(tidemark));
            killed.destroyForcibly().waitFor();
            Deployment.await(() -> "its session to end", () -> !isConnected(tidemark));
            assertThat(tidemark.rows("moved"))
                    .isIn(moments.get(3).tables(), moments.get(4).tables());

            waitsForATransactionAndForALock(tidemark, there);
            tidemark.execute("crm", "INSERT INTO public.country VALUES ('x', 'followed')");
            Truth last = archived(tidemark);
            Outcome followed = tidemark.succeed("follow", "--to", "latest", "--on", there);
            assertThat(followed.out()).contains("can be followed on");
            assertThat(tidemark.rows("moved")).isEqualTo(last.tables());

            followsTheLogBeyondTheArchive(tidemark, run, there);

            tidemark.execute("crm", "UPDATE public.country SET name = 'y' WHERE code = 'x'");
            Truth beforeDdl = archived(tidemark);
            tidemark.execute("crm", "ALTER TABLE public.country ADD more int DEFAULT 5");
            archived(tidemark);
            Outcome stopped = tidemark.tidemark("follow", "--on", there);
            assertThat(stopped.code()).isEqualTo(3);
            assertThat(stopped.err())
                    .contains("across a change of the schema: table public.country differs");
            assertThat(tidemark.rows("moved")).isEqualTo(beforeDdl.tables());

            Process promoting =
                    tidemark.service("follow", "--on", there, "--delay", "1h", "--promote");
            awaitLog(tidemark, promoting, "following from ");
            Deployment.signal(promoting, "TERM");
            assertThat(promoting.waitFor()).isZero();
            assertThat(tidemark.newestLog("follow")).contains(" is promoted at position ");
            assertThat(tidemark.ask("moved", "SELECT to_regnamespace('tidemark_restore') IS NULL"))
                    .isEqualTo("t");
            assertThat(tidemark.tidemark("rewind", "--to", target, "--on", there).err())
                    .startsWith(
                            "error: target %s holds no record of a restore by Tidemark"
                                    .formatted(there));
        }
    }

    /** The table was truncated on the way, and is to be loaded whole. */
    private static void losesNoCommitThatComesBeforeTheLock(
            Deployment tidemark, String there, String target) throws Exception {
        try (Connection other = tidemark.database("moved").connect();
                Statement insert = other.createStatement()) {
            other.setAutoCommit(false);
            insert.execute("INSERT INTO public.country VALUES ('m', 'mine')");
            Process rewind = tidemark.service("rewind", "--to", target, "--on", there);
            Deployment.await(
                    () -> "rewind to wait for the lock",
                    () -> !rewind.isAlive() || isWaitingForALock(tidemark));
            other.commit();

            assertThat(rewind.waitFor()).isEqualTo(3);
            assertThat(tidemark.newestLog("rewind"))
                    .contains(
                            "was changed by others: rows of public.country are not as Tidemark left them");
            insert.execute("DELETE FROM public.country WHERE code = 'm'");
            other.commit();
        }
    }

    private static boolean isWaitingForALock(Deployment tidemark) {
        try {
            return tidemark.ask(
                            "postgres",
                            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = 'moved' AND wait_event_type = 'Lock')")
                    .equals("t");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void waitsForATransactionAndForALock(Deployment tidemark, String there)
            throws Exception {
        try (Connection writer = tidemark.database("crm").connect();
                Statement write = writer.createStatement();
                Connection other = tidemark.database("moved").connect();
                Statement lock = other.createStatement()) {
            writer.setAutoCommit(false);
            write.execute("INSERT INTO public.country VALUES ('w', 'waited for')");
            String moment;
            try (ResultSet xid = write.executeQuery("SELECT 'xid:' || pg_current_xact_id()")) {
                xid.next();
                moment = xid.getString(1);
            }
            other.setAutoCommit(false);
            lock.execute("SELECT nextval('public.counter')");
            lock.execute("SAVEPOINT of_sequence");
            lock.execute("LOCK TABLE public.country IN SHARE UPDATE EXCLUSIVE MODE");

            Process follow = tidemark.service("follow", "--to", moment, "--on", there);
            awaitLog(tidemark, follow, "waiting: " + moment + " is not archived yet");
            writer.commit();
            awaitLog(tidemark, follow, "public.country", " within 10 s; it is tried again");
            lock.execute("ROLLBACK TO SAVEPOINT of_sequence");
            awaitLog(tidemark, follow, "cannot lock public.counter within 10 s");
            other.rollback();
            assertThat(follow.waitFor()).isZero();
        }
        assertThat(tidemark.ask("moved", "SELECT name FROM public.country WHERE code = 'w'"))
                .isEqualTo("waited for");
    }

    private static void followsTheLogBeyondTheArchive(
            Deployment tidemark, Process run, String there) throws Exception {
        Deployment.signal(run, "TERM");
        assertThat(run.waitFor()).isZero();
        Process capture = tidemark.service("capture");
        tidemark.execute(
                "crm",
                "INSERT INTO public.country VALUES ('log', 'in the log'); UPDATE public.deal SET slot = -slot WHERE id < 90");
        Truth first = tidemark.truth();
        String position = first.position().toString();
        tidemark.succeed("follow", "--from-log", "--to", position, "--on", there);
        assertThat(tidemark.rows("moved")).isEqualTo(first.tables());
        assertThat(tidemark.tidemark("restore", "--to", position, "--dry-run").err())
                .contains(position + " is not archived yet");

        tidemark.execute(
                "crm",
                "DELETE FROM public.country WHERE code = 'log'; TRUNCATE public.visit; INSERT INTO public.visit VALUES (1, NULL)");
        Truth second = tidemark.truth();
        tidemark.succeed(
                "follow", "--from-log", "--to", second.position().toString(), "--on", there);
        assertThat(tidemark.rows("moved"))
                .as("it goes on from a moment that is not archived yet")
                .isEqualTo(second.tables());

        Deployment.signal(capture, "TERM");
        assertThat(capture.waitFor()).isZero();
        tidemark.service("run");
        tidemark.awaitArchivedPast(second);
        tidemark.succeed("rewind", "--to", position, "--on", there);
        assertThat(tidemark.rows("moved")).isEqualTo(first.tables());
        tidemark.succeed("follow", "--from-log", "--to", "latest", "--on", there);
        assertThat(tidemark.rows("moved")).isEqualTo(second.tables());
    }

    private static void awaitLog(Deployment tidemark, Process follow, String... texts) {
        Deployment.await(
                () -> "follow to say " + List.of(texts),
                () ->
                        !follow.isAlive()
                                || Stream.of(texts)
                                        .allMatch(tidemark.newestLog("follow")::contains));
    }

    private Deployment start() throws Exception {
        return Deployment.start(
                directory,
                PostgresBinaries.onClassPath(),
                """
                segment: {max-age: 1s}
                capture: {heartbeat: 500ms}
                """);
    }

    /** Keys change and swap, large values stay, rows without keys come and go, tables empty. */
    private void change(Deployment tidemark, int round) throws SQLException {
        int one = 1 + random.nextInt(250);
        int rest = random.nextInt(7);
        tidemark.execute(
                "crm",
                """
                UPDATE public.deal SET stage = 's%1$d' WHERE id %% 7 = %3$d;
                UPDATE public.deal SET id = id + 10000 WHERE id = %2$d + 40 AND id > 100;
                UPDATE public.deal SET slot = -slot WHERE id IN (%2$d, %2$d + 1);
                UPDATE public.deal SET note = 'short' WHERE id = %2$d + 2;
                DELETE FROM public.part WHERE deal %% 7 = %3$d AND line = 2;
                INSERT INTO public.deal VALUES (20000 + %1$d, 'late', NULL, 20000 + %1$d);
                UPDATE public.part SET price = price + 1 WHERE deal %% 5 = %1$d;
                INSERT INTO public.visit VALUES (%3$d, '{"a":  2}'), (%3$d, NULL), (%3$d, NULL);
                DELETE FROM public.visit WHERE ctid = (SELECT min(ctid) FROM public.visit);
                SELECT nextval('public.counter'), nextval('public.counter');
                """
                        .formatted(round, one, rest));
        changeTeams(tidemark, round);
        if (round == 2) {
            tidemark.execute(
                    "crm",
                    "TRUNCATE public.country; INSERT INTO public.country VALUES ('50', 'after'), ('51', 'more')");
        }
    }

    /** Teams are joined, a tree of them goes at once, and tasks come to new ones. */
    private static void changeTeams(Deployment tidemark, int round) throws SQLException {
        tidemark.execute(
                "crm",
                """
                UPDATE public.task SET team = 1, place = point(0, %1$d), found = NULL WHERE team = 30 + %1$d;
                DELETE FROM public.team WHERE id = 30 + %1$d;
                INSERT INTO public.team (above, code, raw, size) VALUES (2, 'n%1$d', '\\x00ff', %1$d);
                UPDATE public.task SET team = (SELECT max(id) FROM public.team) WHERE id = 50 + %1$d;
                DELETE FROM public.team WHERE code = 'x';
                INSERT INTO public.team (above, code, size) VALUES (3, 'x', %1$d);
                UPDATE public.team SET size = size + 1, code = 'c' || id, raw = NULL WHERE id = 20 + %1$d;
                """
                        .formatted(round));
        if (round == 1) {
            tidemark.execute(
                    "crm",
                    "DELETE FROM public.task WHERE team IN (13, 39, 40); DELETE FROM public.team WHERE id IN (13, 39, 40)");
        }
    }

    private static boolean isConnected(Deployment tidemark) {
        try {
            return tidemark.ask(
                            "postgres",
                            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = 'moved')")
                    .equals("t");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String url(Deployment tidemark, String name) {
        return tidemark.database(name).url().toString();
    }

    /** What the source holds, when the archive has it, and sequences as they stood then. */
    private static Truth archived(Deployment tidemark) throws SQLException {
        Truth truth = tidemark.truth();
        tidemark.awaitArchivedPast(truth);
        return truth;
    }
}
