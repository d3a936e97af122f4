package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.cli.embedded.PostgresServer;
import dev.tidemark.cli.publish.LogFiles;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Frame;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.log.FrameEncoder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Where changes cannot go on, a new base does: the archive says what is lost, and keeps all else.
 */
final class GapIT {
    private static final String SETTINGS =
            "segment: {max-age: 1s}\nobjectives: {rpo: 30s, rto: 1h}\ncapture: {heartbeat: 500ms, catalog-interval: 1s}";

    @TempDir private Path directory;

    private Deployment started() throws Exception {
        Deployment tidemark = Deployment.start(directory, PostgresBinaries.onClassPath(), SETTINGS);
        tidemark.execute(
                "crm",
                "CREATE SEQUENCE public.numbers; CREATE TABLE public.deal (id int PRIMARY KEY, note text);"
                        + " INSERT INTO public.deal SELECT n, 'base' FROM generate_series(1, 100) n");
        tidemark.succeed("init");
        return tidemark;
    }

    /** Writes until the archive has it. */
    private static Truth written(Deployment tidemark, int id, String note) throws Exception {
        tidemark.execute(
                "crm",
                "INSERT INTO public.deal VALUES (%d, '%s'); UPDATE public.deal SET note = '%s' WHERE id = 1"
                        .formatted(id, note, note));
        Truth truth = tidemark.truth();
        tidemark.awaitArchivedPast(truth);
        return truth;
    }

    private static void stop(Process service) throws Exception {
        service.destroy();
        assertThat(service.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    private static void assertRestores(Deployment tidemark, Truth truth, String name)
            throws Exception {
        assertThat(tidemark.restored(name, "--to", truth.position().toString()))
                .as(name)
                .isEqualTo(truth.tables());
    }

    @Test
    void aDroppedSlotIsAGapAndTheArchiveGoesOnAfterIt() throws Exception {
        try (Deployment tidemark = started()) {
            Truth start = tidemark.truth();
            Process run = tidemark.service("run");
            Truth before = written(tidemark, 101, "before");
            stop(run);
            tidemark.execute("crm", "SELECT pg_drop_replication_slot('tidemark_crm')");
            tidemark.execute(
                    "crm",
                    "UPDATE public.deal SET note = 'lost' WHERE id = 1; INSERT INTO public.deal VALUES (102, 'in the gap')");
            tidemark.ask(
                    "crm", "SELECT max(nextval('public.numbers')) FROM generate_series(1, 500)");
            Truth lost = tidemark.truth();

            Outcome refused = tidemark.process("run");
            Outcome shown = tidemark.succeed("base", "--from-source");
            Outcome taken = tidemark.succeed("base", "--from-source", "--confirm");
            tidemark.service("run");
            Truth after = written(tidemark, 103, "after");

            assertThat(refused.code()).isEqualTo(3);
            assertThat(refused.err())
                    .contains("the replication slot 'tidemark_crm' is not there")
                    .contains(
                            "'tidemark base --from-source' takes a new base and records what is lost as a gap.");
            assertThat(shown.out())
                    .contains("found     the replication slot 'tidemark_crm' is not there")
                    .contains("would be lost for ever. Run it again with --confirm to do it.");
            assertThat(taken.out())
                    .startsWith("gap       from 0/")
                    .contains(": the replication slot 'tidemark_crm' is not there\n");
            assertRestores(tidemark, before, "before");
            assertRestores(tidemark, after, "after");
            assertFollowsUpToTheGap(tidemark, start, before);
            assertThat(tidemark.ask("after", "SELECT note FROM public.deal WHERE id = 102"))
                    .isEqualTo("in the gap");
            assertThat(Long.parseLong(tidemark.ask("after", "SELECT nextval('public.numbers')")))
                    .as("numbers that were handed out in the gap are used up")
                    .isGreaterThan(500);
            Outcome inGap =
                    tidemark.tidemark("restore", "--to", lost.position().toString(), "--dry-run");
            assertThat(inGap.code()).isEqualTo(3);
            assertThat(inGap.err())
                    .contains(lost.position() + " is in a gap: ")
                    .contains("HINT: The nearest moments are --to ");
            assertThat(tidemark.succeed("info").out())
                    .contains("gap       from ")
                    .contains("): the replication slot 'tidemark_crm' is not there\n")
                    .contains("captured  0/", "source    at 0/")
                    .containsPattern("rpo .* now, objective 30.* s: met\n");
            assertThat(tidemark.succeed("verify").out()).startsWith("gap after ").contains("whole");
            assertThat(tidemark.succeed("info").out())
                    .containsPattern("verified  20[^ ]*Z, whole up to manifest \\d+\n")
                    .containsPattern(
                            "rto       .*, as the restore of 20[^ ]*Z took, objective 1.* h: met\n");
            assertThat(tidemark.succeed("history", "public.deal", "1").out())
                    .containsSubsequence("note: ", "→ after", "BASE", "before → lost");
            assertThat(tidemark.tidemark("check").out()).doesNotContain("ERROR");
        }
    }

    private static void assertFollowsUpToTheGap(Deployment tidemark, Truth start, Truth before)
            throws Exception {
        String there = tidemark.database("before").url().toString();
        tidemark.succeed("rewind", "--to", start.position().toString(), "--on", there);
        Outcome followed = tidemark.tidemark("follow", "--on", there);
        assertThat(followed.code()).isEqualTo(3);
        assertThat(followed.err())
                .containsPattern(
                        "error: there is no way on from 0/\\S+ \\(20\\S+Z\\): the archive goes on at 0/\\S+ \\(20\\S+Z\\)"
                                + " after a gap: the replication slot 'tidemark_crm' is not there\n")
                .contains(
                        "HINT: The database is as the source was just before the gap, and can be used.");
        assertThat(tidemark.rows("before")).isEqualTo(before.tables());
    }

    @Test
    void whatIsLeftInTheLogIsArchivedBeforeTheGap() throws Exception {
        try (Deployment tidemark = started()) {
            Process run = tidemark.service("run");
            written(tidemark, 101, "archived");
            stop(run);
            Process capture = tidemark.service("capture");
            tidemark.execute("crm", "INSERT INTO public.deal VALUES (102, 'only in the log')");
            Truth captured = tidemark.truth();
            tidemark.awaitInSource(
                    "SELECT confirmed_flush_lsn >= '%s' FROM pg_replication_slots WHERE slot_name = 'tidemark_crm'"
                            .formatted(captured.position()));
            stop(capture);
            tidemark.execute("crm", "INSERT INTO public.deal VALUES (103, 'skipped')");
            tidemark.execute(
                    "crm",
                    "SELECT pg_replication_slot_advance('tidemark_crm', pg_current_wal_lsn())");

            assertThat(tidemark.process("capture").err())
                    .contains("the slot 'tidemark_crm' was moved to ");
            tidemark.succeed("base", "--from-source", "--confirm");

            assertRestores(tidemark, captured, "captured");
            tidemark.service("run");
            assertRestores(tidemark, written(tidemark, 104, "after"), "after");
            assertThat(tidemark.ask("after", "SELECT count(*) FROM public.deal")).isEqualTo("104");
        }
    }

    @Tag("long")
    @Test
    void theSlotIsGivenUpWhenTheSourceKeepsMoreOfItsLogThanItMay() throws Exception {
        try (Deployment tidemark = started()) {
            tidemark.reconfigure("capture: {", "capture: {wal-limit: 20MiB, ");
            Process run = tidemark.service("run");
            Truth before = written(tidemark, 101, "before");
            tidemark.signalKafka("STOP");
            tidemark.execute(
                    "crm",
                    "SELECT count(*) FROM generate_series(1, 40) n,"
                            + " pg_logical_emit_message(true, 'filler', repeat(md5(n::text), 32768))");

            assertThat(run.waitFor(90, TimeUnit.SECONDS)).as(tidemark::logs).isTrue();
            tidemark.signalKafka("CONT");

            assertThat(run.exitValue()).isEqualTo(3);
            assertThat(tidemark.logs())
                    .contains("the slot 'tidemark_crm' was given up: the source kept ")
                    .contains("more than capture.wal-limit");
            assertThat(tidemark.ask("crm", "SELECT count(*) FROM pg_replication_slots"))
                    .isEqualTo("0");
            tidemark.succeed("base", "--from-source", "--confirm");
            assertRestores(tidemark, before, "before");
        }
    }

    @Tag("long")
    @Test
    void aDeletedTopicIsAGapAndARunThatBrokeOffIsRepeated() throws Exception {
        try (Deployment tidemark = started()) {
            Process run = tidemark.service("run");
            Truth before = written(tidemark, 101, "before");
            stop(run);
            try (Admin admin =
                    Admin.create(
                            Map.of("bootstrap.servers", tidemark.kafka().bootstrapServers()))) {
                admin.deleteTopics(List.of("tidemark.crm")).all().get();
            }
            tidemark.execute("crm", "INSERT INTO public.deal VALUES (102, 'lost')");

            Process broken = tidemark.program("base", "--from-source", "--confirm").start();
            tidemark.awaitInSource(
                    "SELECT EXISTS (SELECT FROM pg_replication_slots WHERE active)"
                            + " OR confirmed_flush_lsn > '%s' FROM pg_replication_slots"
                                    .formatted(before.position()));
            broken.destroyForcibly().waitFor();
            tidemark.succeed(
                    "base", "--from-source", "--confirm", "--reason", "the topic was deleted");
            tidemark.service("run");
            Truth after = written(tidemark, 103, "after");

            assertRestores(tidemark, before, "before");
            assertRestores(tidemark, after, "after");
            assertThat(tidemark.succeed("info").out()).contains("): the topic was deleted\n");
            assertThat(tidemark.succeed("verify").out()).contains("whole");
        }
    }

    /** As after an election of a broker that lacked the last records, and got others since. */
    @Tag("long")
    @Test
    void aLogThatWasRewrittenIsNamedAndTheArchiveGoesOnAfterIt() throws Exception {
        try (Deployment tidemark = started()) {
            Process run = tidemark.service("run");
            Truth before = written(tidemark, 101, "before");
            stop(run);
            tidemark.killKafka();
            long archived;
            try (Archive archive = Archive.open(tidemark.store())) {
                archived = archive.state().newest().orElseThrow().log().offset() - 1;
            }
            long from = LogFiles.cutAt(directory.resolve("kafka"), "tidemark.crm", archived);
            tidemark.startKafka();
            write(tidemark, before.position(), 100); // more than a batch held

            Outcome found = tidemark.succeed("base", "--from-source");
            tidemark.succeed("base", "--from-source", "--confirm");
            tidemark.service("run");

            assertThat(found.out())
                    .contains(
                            "found     the topic 'tidemark.crm' was rewritten from record %d on\n"
                                    .formatted(from));
            assertRestores(tidemark, before, "before");
            assertRestores(tidemark, written(tidemark, 102, "after"), "after");
        }
    }

    /** Records of no session that is in force. */
    private static void write(Deployment tidemark, Position end, int records) {
        try (var producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", tidemark.kafka().bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            byte[] frame =
                    FrameEncoder.encode(
                            new Frame(0, end, List.of(new Entry.End(end, Instant.EPOCH, 0))));
            for (int i = 0; i < records; i++) {
                var unused = producer.send(new ProducerRecord<>("tidemark.crm", 0, null, frame));
            }
        }
    }

    @Test
    void anotherClusterGoesOnInTheSameArchiveWhenTheOperatorSaysSo() throws Exception {
        try (Deployment tidemark = started();
                PostgresServer other =
                        PostgresServer.start(
                                directory.resolve("other"),
                                PostgresBinaries.onClassPath(),
                                Map.of())) {
            Process run = tidemark.service("run");
            Truth before = written(tidemark, 101, "before");
            stop(run);
            execute(other, "postgres", "CREATE DATABASE crm");
            execute(
                    other,
                    "crm",
                    "CREATE TABLE public.filler (); CREATE TABLE public.deal (id int PRIMARY KEY, note text, more int);"
                            + " INSERT INTO public.deal VALUES (1, 'moved')");
            Path moved =
                    tidemark.configuration(
                            "moved", ":" + tidemark.port() + "/crm", ":" + other.port() + "/crm");

            Outcome refused = tidemark.tidemark(moved, "base", "--from-source", "--confirm");
            Outcome taken =
                    tidemark.tidemark(moved, "base", "--from-source", "--confirm", "--new-system");

            assertThat(refused.code()).isEqualTo(3);
            assertThat(refused.err()).contains("the source is system ").contains("--new-system");
            assertThat(taken.code()).as(taken.err()).isZero();
            assertRestores(tidemark, before, "before");
            tidemark.succeed("verify");
            assertThat(tidemark.restored("after", "--to", "latest")).hasSize(2);
            assertThat(tidemark.ask("after", "SELECT note FROM public.deal")).isEqualTo("moved");
            assertThat(tidemark.succeed("history", "deal", "1").out()).contains("before → moved");
        }
    }

    private static void execute(PostgresServer server, String database, String sql)
            throws Exception {
        try (Connection connection =
                        DriverManager.getConnection(
                                server.jdbcUrl(database), server.superuser(), "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
