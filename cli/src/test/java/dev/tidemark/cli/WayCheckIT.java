package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tidemark check} finds what is wrong anywhere on the way, all at once. */
class WayCheckIT {
    @TempDir private Path directory;

    @Test
    void aWayThatIsAsItShouldBeHasNoProblemsAndIsLeftAsItWas() throws Exception {
        try (Deployment tidemark = deployment()) {
            tidemark.succeed("init");
            List<Path> before = archive();

            Outcome check = tidemark.succeed("check");

            assertThat(check.out())
                    .isEqualTo("Source, change log and archive are as they should be.\n");
            assertThat(archive()).isEqualTo(before);
        }
    }

    @Test
    void theProblemsOfAllPartsAreReportedTogether() throws Exception {
        try (Deployment tidemark = deployment()) {
            tidemark.succeed("init");
            tidemark.execute("crm", "ALTER EVENT TRIGGER tidemark_ddl DISABLE");
            alterTopic(
                    tidemark,
                    Map.of(
                            "retention.ms", "60000",
                            "retention.bytes", "1000000",
                            "cleanup.policy", "compact,delete",
                            "max.message.bytes", "1000000"));
            Path identity = directory.resolve("archive/tidemark.json");
            Files.writeString(
                    identity,
                    Files.readString(identity)
                            .replaceFirst("\"systemId\":\"[0-9]+\"", "\"systemId\":\"7001\""));

            Outcome check = tidemark.tidemark("check");

            String system =
                    tidemark.ask("crm", "SELECT system_identifier FROM pg_control_system()");
            assertThat(check.code()).isEqualTo(1);
            assertThat(check.out().lines().filter(line -> !line.startsWith("  HINT: ")))
                    .containsExactly(
                            "ERROR: event trigger tidemark_ddl is not enabled always",
                            "ERROR: the topic 'tidemark.crm' drops records that may not be archived yet: retention.ms is 60000, not -1",
                            "ERROR: the topic 'tidemark.crm' drops records that may not be archived yet: retention.bytes is 1000000, not -1",
                            "ERROR: the topic 'tidemark.crm' is compacted: cleanup.policy is compact,delete, not delete",
                            "WARNING: the topic 'tidemark.crm' takes records up to 1000000 bytes: a larger row stops capture",
                            "ERROR: the archive file://%s is of database 'crm' in system 7001, not of 'crm' in system %s"
                                    .formatted(directory.resolve("archive"), system));
            assertThat(check.out())
                    .contains(
                            "  HINT: Set it on the topic, for example with 'kafka-configs.sh --alter --entity-type topics':"
                                    + " retention.ms=-1.\n");
        }
    }

    @Test
    void aPartThatCannotBeLookedAtHidesNoOther() throws Exception {
        try (Deployment tidemark = deployment()) {
            // No broker of another test gets this port, as it could that of one that was stopped.
            tidemark.reconfigure(tidemark.kafka().bootstrapServers(), "127.0.0.1:1");

            Outcome check = tidemark.tidemark("check");

            assertThat(check.code()).isEqualTo(1);
            assertThat(check.out())
                    .contains("ERROR: cannot connect to the source postgresql://tidemark@")
                    .contains(
                            ": FATAL: role \"tidemark\" does not exist\n  HINT: 'tidemark init' makes the role, as the"
                                    + " user of source.admin-url: run it first. If it was run, check the user in source.url.\n")
                    .contains(
                            "ERROR: Kafka at 127.0.0.1:1 does not answer for topic 'tidemark.crm': ")
                    .contains(
                            "ERROR: there is no archive at file://%s\n  HINT: Check archive.url; 'tidemark init' creates an archive.\n"
                                    .formatted(directory.resolve("archive")));
        }
    }

    @Tag("long")
    @Test
    void anEmbeddedBrokerIsLookedAtWhetherItRunsOrNot() throws Exception {
        try (Deployment tidemark = deployment()) {
            Path configuration = directory.resolve("tidemark.yaml");
            Files.writeString(
                    configuration,
                    Files.readString(configuration)
                            .replaceFirst("bootstrap-servers: .*", "bootstrap-servers: embedded"));
            assertThat(tidemark.tidemark("check").out())
                    .contains(
                            "ERROR: the embedded Kafka has no data in "
                                    + directory.resolve("archive-kafka"));
            tidemark.succeed("init");
            assertThat(tidemark.succeed("check").out())
                    .isEqualTo("Source, change log and archive are as they should be.\n");
            Process run = tidemark.service("run");
            tidemark.awaitLogged("run", 0, "as session");

            assertThat(tidemark.succeed("check").out())
                    .startsWith("WARNING: replication slot tidemark_crm is in use by process ")
                    .doesNotContain("ERROR");

            Deployment.signal(run, "TERM");
            assertThat(run.waitFor()).as(tidemark.log("run", 0)).isZero();
        }
    }

    @Test
    void initAgainMendsTheSourceWithoutKafkaAndLeavesTheRest() throws Exception {
        try (Deployment tidemark = deployment()) {
            tidemark.succeed("init");
            List<Path> before = archive();
            tidemark.execute("crm", "DROP EVENT TRIGGER tidemark_drop");
            Path configuration =
                    tidemark.configuration(
                            "away", tidemark.kafka().bootstrapServers(), "127.0.0.1:1");

            Outcome again = tidemark.tidemark(configuration, "init");

            assertThat(again.err()).isEmpty();
            assertThat(again.out())
                    .matches(
                            "The source is prepared anew; the base of [^ ]*Z in the archive file://%s stays\\.\n"
                                    .formatted(directory.resolve("archive")));
            assertThat(again.code()).isZero();
            assertThat(archive()).isEqualTo(before);
            assertThat(tidemark.succeed("check").out())
                    .isEqualTo("Source, change log and archive are as they should be.\n");
        }
    }

    @Test
    void initAgainDoesNotHideAGap() throws Exception {
        try (Deployment tidemark = deployment()) {
            tidemark.succeed("init");
            tidemark.execute("crm", "SELECT pg_drop_replication_slot('tidemark_crm')");
            tidemark.execute("crm", "DROP PUBLICATION tidemark_crm");

            Outcome again = tidemark.tidemark("init");

            assertThat(again.err())
                    .endsWith(
                            " cannot be captured: replication slot tidemark_crm does not exist; publication tidemark_crm"
                                    + " does not exist\nHINT: Changes may be missing since: stop capture and run 'tidemark base"
                                    + " --from-source', which makes it anew, takes a new base and records the gap.\n");
            assertThat(again.code()).isEqualTo(3);
        }
    }

    @Test
    void anInitIntoASecondArchiveNeverTakesTheSlotOfTheFirst() throws Exception {
        try (Deployment tidemark = deployment()) {
            tidemark.succeed("init");
            Path second = Files.createDirectory(directory.resolve("second"));
            Path configuration =
                    tidemark.configuration(
                            "second", directory.resolve("archive") + "}", second + "}");

            for (int run = 1; run <= 2; run++) {
                Outcome refused = tidemark.tidemark(configuration, "init");

                assertThat(refused.err())
                        .startsWith("error: replication slot tidemark_crm exists in the source ")
                        .endsWith(
                                "\nHINT: The source is prepared already. To start anew, run 'tidemark deinit' first.\n");
                assertThat(refused.code()).isEqualTo(3);
                assertThat(second.resolve("tidemark.json")).doesNotExist();
            }
            tidemark.succeed("check");
        }
    }

    @Tag("long")
    @Test
    void aFailedInitSaysWhatIsLeftAndOneWithoutKafkaLeavesNothing() throws Exception {
        try (Deployment tidemark = deployment()) {
            Path away =
                    tidemark.configuration(
                            "away", tidemark.kafka().bootstrapServers(), "127.0.0.1:1");
            String traces =
                    "SELECT (SELECT count(*) FROM pg_event_trigger) + (SELECT count(*) FROM pg_publication)"
                            + " + (SELECT count(*) FROM pg_namespace WHERE nspname = 'tidemark')";

            Outcome unreachable = tidemark.tidemark(away, "init");

            assertThat(unreachable.err())
                    .startsWith(
                            "error: Kafka at 127.0.0.1:1 does not answer for topic 'tidemark.crm': ")
                    .endsWith(
                            "\nHINT: Check kafka.bootstrap-servers and that the brokers are up. If they want TLS or a password, set"
                                    + " security.protocol in kafka.properties-file.\n");
            assertThat(unreachable.code()).isEqualTo(4);
            assertThat(tidemark.ask("crm", traces)).isEqualTo("0");
            assertThat(archive()).containsExactly(directory.resolve("archive"));

            tidemark.execute("crm", "CREATE PUBLICATION tidemark_crm");
            Outcome failed = tidemark.tidemark("init");
            assertThat(failed.err())
                    .endsWith(
                            "publication tidemark_crm exists and is not for all tables\nHINT: Drop it, or give the source"
                                    + " another name. What was made so far may be left in source, Kafka and archive:"
                                    + " 'tidemark init' run again goes on, and 'tidemark deinit' removes it from source"
                                    + " and Kafka.\n");
            assertThat(failed.code()).isEqualTo(3);
            tidemark.execute("crm", "DROP PUBLICATION tidemark_crm");
            tidemark.succeed("init");
        }
    }

    private Deployment deployment() throws Exception {
        return Deployment.start(directory, PostgresBinaries.onClassPath(), "");
    }

    private List<Path> archive() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("archive"))) {
            return files.sorted().toList();
        }
    }

    private static void alterTopic(Deployment tidemark, Map<String, String> settings)
            throws Exception {
        List<AlterConfigOp> changes =
                settings.entrySet().stream()
                        .map(
                                setting ->
                                        new AlterConfigOp(
                                                new ConfigEntry(
                                                        setting.getKey(), setting.getValue()),
                                                OpType.SET))
                        .toList();
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", tidemark.kafka().bootstrapServers()))) {
            admin.incrementalAlterConfigs(
                            Map.of(
                                    new ConfigResource(ConfigResource.Type.TOPIC, "tidemark.crm"),
                                    changes))
                    .all()
                    .get();
        }
    }
}
