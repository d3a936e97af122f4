package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** While Kafka does not answer, services still end when they are told to. */
class KafkaAwayIT {
    /** A supervisor kills after 10 s; a loaded machine is given more, and the log tells. */
    private static final int END_SECONDS_MAX = 30;

    @TempDir private Path directory;

    @Test
    void aServiceAtWorkStopsCleanlyWhileKafkaDoesNotAnswer() throws Exception {
        assertStopsAtWork("run", "as session");
    }

    @Tag("long")
    @ParameterizedTest
    @CsvSource({"capture, as session", "archiver, archiving 'tidemark.crm'"})
    void eachPartDoesSoAlone(String command, String atWork) throws Exception {
        assertStopsAtWork(command, atWork);
    }

    private void assertStopsAtWork(String command, String atWork) throws Exception {
        try (Deployment tidemark = deployment()) {
            Process service = tidemark.service(command);
            tidemark.awaitLogged(command, 0, atWork);

            tidemark.signalKafka("STOP");
            tidemark.execute("crm", "INSERT INTO public.t SELECT generate_series(1, 1000)");

            awaitSent(tidemark);

            assertStopsCleanly(tidemark, service, command);
        }
    }

    @Test
    void aServiceThatLooksForKafkaStopsCleanly() throws Exception {
        try (Deployment tidemark = deployment()) {
            tidemark.signalKafka("STOP");
            Process service = tidemark.service("run");
            tidemark.awaitLogged("run", 0, "trying again");
            Outcome info = tidemark.process("info");

            assertThat(info.code()).isZero();
            assertThat(info.out()).contains("\nnot known ");
            assertThat(info.err()).isEmpty();
            assertStopsCleanly(tidemark, service, "run");
        }
    }

    /** Until a capture, if one runs, has got what was committed and cannot pass it on. */
    private static void awaitSent(Deployment tidemark) {
        tidemark.awaitInSource(
                "SELECT count(*) = 0 FROM pg_stat_replication WHERE sent_lsn < pg_current_wal_lsn()");
    }

    private Deployment deployment() throws Exception {
        Deployment tidemark =
                Deployment.start(
                        directory,
                        PostgresBinaries.onClassPath(),
                        "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms}");
        tidemark.execute("crm", "CREATE TABLE public.t (id int PRIMARY KEY)");
        tidemark.succeed("init");
        return tidemark;
    }

    private static void assertStopsCleanly(Deployment tidemark, Process service, String command)
            throws Exception {
        Deployment.signal(service, "TERM");

        assertThat(service.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS))
                .as(() -> "ended; it said " + tidemark.log(command, 0))
                .isTrue();
        assertThat(service.exitValue()).as(tidemark.log(command, 0)).isZero();
        assertThat(tidemark.log(command, 0)).doesNotContain("did not stop");
    }
}
