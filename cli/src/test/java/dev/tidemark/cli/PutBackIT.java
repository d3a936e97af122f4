package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody did to archive or topic is said, and nothing is lost by it while the log lasts. */
final class PutBackIT {
    @TempDir private Path directory;

    private Deployment started() throws Exception {
        Deployment tidemark =
                Deployment.start(
                        directory,
                        PostgresBinaries.onClassPath(),
                        "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms}");
        tidemark.execute("crm", "CREATE TABLE public.deal (id int PRIMARY KEY)");
        tidemark.succeed("init");
        return tidemark;
    }

    private static Truth written(Deployment tidemark, int id) throws Exception {
        tidemark.execute("crm", "INSERT INTO public.deal VALUES (%d)".formatted(id));
        Truth truth = tidemark.truth();
        tidemark.awaitArchivedPast(truth);
        return truth;
    }

    private static void stop(Process service) throws Exception {
        service.destroy();
        assertThat(service.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anOlderCopyOfTheArchiveIsNamedAndFilledAgainFromTheLog() throws Exception {
        try (Deployment tidemark = started()) {
            Process run = tidemark.service("run");
            written(tidemark, 1);
            stop(run);
            copy(directory.resolve("archive"), directory.resolve("copy"));
            Process again = tidemark.service("run");
            Truth lacking = written(tidemark, 2);
            stop(again);
            putBack();

            Outcome check = tidemark.succeed("check");
            tidemark.service("run");
            tidemark.awaitArchivedPast(lacking);

            assertThat(check.out())
                    .contains("WARNING: the archive file://")
                    .contains(" was put back to an older copy: it ends with manifest ")
                    .contains("; what it lacks is read from the change log again\n");
            assertThat(tidemark.newestLog("run"))
                    .contains("WARN", " was put back to an older copy: it ends with manifest ");
            assertThat(tidemark.restored("restored", "--to", lacking.position().toString()))
                    .isEqualTo(lacking.tables());
            assertThat(tidemark.succeed("verify").out()).contains("whole");
        }
    }

    @Tag("long")
    @Test
    void anArchiveThatIsPutBackUnderAnArchiverAtWorkStaysWithoutAHole() throws Exception {
        try (Deployment tidemark = started()) {
            Process run = tidemark.service("run");
            written(tidemark, 1);
            Deployment.signal(run, "STOP"); // so that the copy is of one instant
            copy(directory.resolve("archive"), directory.resolve("copy"));
            Deployment.signal(run, "CONT");
            written(tidemark, 2);
            Deployment.signal(run, "STOP");
            putBack();
            Deployment.signal(run, "CONT");

            Truth after = written(tidemark, 3);

            assertThat(tidemark.logs()).contains("no longer holds 'manifests/", "trying again");
            assertThat(tidemark.restored("restored", "--to", after.position().toString()))
                    .isEqualTo(after.tables());
            assertThat(tidemark.succeed("verify").out()).contains("whole");
        }
    }

    @Tag("long")
    @Test
    void whatSomebodyDoesToTheTopicWhileItIsWrittenIsNamedAndChangesNothing() throws Exception {
        try (Deployment tidemark = started()) {
            Process run = tidemark.service("run");
            written(tidemark, 1);
            try (Admin admin =
                    Admin.create(
                            Map.of("bootstrap.servers", tidemark.kafka().bootstrapServers()))) {
                admin.createPartitions(Map.of("tidemark.crm", NewPartitions.increaseTo(3)))
                        .all()
                        .get();
                admin.incrementalAlterConfigs(
                                Map.of(
                                        new ConfigResource(
                                                ConfigResource.Type.TOPIC, "tidemark.crm"),
                                        List.of(set("retention.ms", "3600000"))))
                        .all()
                        .get();
            }
            written(tidemark, 2);
            String what =
                    "the topic 'tidemark.crm' has 3 partitions, and only partition 0 is written and read";
            tidemark.awaitLogged("run", 0, what); // it looks each minute
            tidemark.awaitLogged("run", 0, "retention.ms");
            stop(run);
            tidemark.service("run");
            Truth after = written(tidemark, 3);

            assertThat(tidemark.tidemark("check").out()).contains("WARNING: " + what);
            assertThat(tidemark.restored("restored", "--to", after.position().toString()))
                    .isEqualTo(after.tables());
        }
    }

    private static AlterConfigOp set(String setting, String value) {
        return new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET);
    }

    private void putBack() throws IOException {
        Files.move(directory.resolve("archive"), directory.resolve("newer"));
        Files.move(directory.resolve("copy"), directory.resolve("archive"));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)));
            }
        }
    }
}
