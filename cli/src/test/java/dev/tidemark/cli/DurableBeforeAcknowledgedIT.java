package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.capture.publish.ChangeLogTopic;
import dev.tidemark.capture.publish.LogClaim;
import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.schemas.change.Position;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The invariant "durable before acknowledged": the slot moves only past what Kafka acknowledged, so
 * that whatever happens in between, the source still has what the log lacks.
 */
class DurableBeforeAcknowledgedIT {
    private static final int TRANSACTIONS = 20;

    @TempDir private Path directory;

    @Test
    void theSlotWaitsWhileKafkaStandsStillAndNothingIsLost() throws Exception {
        try (Deployment tidemark = deployment()) {
            tidemark.service("run");
            tidemark.awaitLogged("run", 0, "as session");
            tidemark.signalKafka("STOP");
            Position logged = written(tidemark); // the log holds nothing that is after it
            commitAndAwaitReplies(tidemark);

            assertThat(acknowledged(tidemark)).isLessThanOrEqualTo(logged);

            tidemark.signalKafka("CONT");
            Truth truth = tidemark.truth();
            tidemark.awaitInSource(
                    "SELECT confirmed_flush_lsn >= '%s' FROM pg_replication_slots"
                            .formatted(truth.position()));
            tidemark.awaitArchivedPast(truth);
            assertThat(tidemark.restored("restored", "--to", truth.position().toString()))
                    .isEqualTo(truth.tables());
        }
    }

    @Test
    void theLogHoldsAllThatTheSlotHasPassedWhenCaptureIsKilled() throws Exception {
        try (Deployment tidemark = deployment()) {
            tidemark.service("archiver");
            Process capture = tidemark.service("capture");
            tidemark.awaitLogged("capture", 1, "as session");
            tidemark.signalKafka("STOP");
            commitAndAwaitReplies(tidemark);
            capture.destroyForcibly().waitFor();
            Position acknowledged = acknowledged(tidemark);
            tidemark.signalKafka("CONT");

            assertThat(acknowledged).isLessThanOrEqualTo(endOfTheLog(tidemark));

            tidemark.service("capture");
            Truth truth = tidemark.truth();
            tidemark.awaitArchivedPast(truth);
            assertThat(tidemark.restored("restored", "--to", truth.position().toString()))
                    .isEqualTo(truth.tables());
        }
    }

    private Deployment deployment() throws Exception {
        Deployment tidemark =
                Deployment.start(
                        directory,
                        PostgresBinaries.onClassPath(),
                        "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms}");
        tidemark.execute(
                "crm", "CREATE TABLE public.t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)");
        tidemark.succeed("init");
        return tidemark;
    }

    /** Until capture has got it all, and has told the source several times where it is. */
    private static void commitAndAwaitReplies(Deployment tidemark) throws SQLException {
        for (int i = 0; i < TRANSACTIONS; i++) {
            tidemark.execute("crm", "INSERT INTO public.t SELECT FROM generate_series(1, 10)");
        }
        tidemark.awaitInSource(
                "SELECT sent_lsn >= '%s' AND reply_time > '%s'::timestamptz + interval '3 s' FROM pg_stat_replication"
                        .formatted(
                                written(tidemark),
                                tidemark.ask("crm", "SELECT clock_timestamp()")));
    }

    private static Position written(Deployment tidemark) throws SQLException {
        return Position.of(tidemark.ask("crm", "SELECT pg_current_wal_insert_lsn()"));
    }

    private static Position acknowledged(Deployment tidemark) throws SQLException {
        return Position.of(
                tidemark.ask("crm", "SELECT confirmed_flush_lsn FROM pg_replication_slots"));
    }

    private static Position endOfTheLog(Deployment tidemark) throws InterruptedException {
        ChangeLogTopic topic =
                new ChangeLogTopic(
                        "tidemark.crm",
                        Map.of("bootstrap.servers", tidemark.kafka().bootstrapServers()));
        try (LogClaim claim = LogClaim.prepare(topic)) {
            return claim.end();
        }
    }
}
