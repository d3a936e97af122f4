package dev.tidemark.archiver.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.manifest.LogPoint;
import dev.tidemark.schemas.log.RecordCipher;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An archiver that has to stop does not wait for a Kafka that takes connections and says nothing.
 */
@Timeout(60)
class SilentKafkaTest {
    /** What a service has to stop; a stop takes a fraction of it. */
    private static final Duration STOP_MAX = Duration.ofSeconds(10);

    @Test
    void lookingForThePlaceToReadFromEndsWithAnInterrupt() throws Exception {
        try (ServerSocket kafka = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            FutureTask<Void> task = new FutureTask<>(() -> seek(kafka), null);
            Thread thread = Thread.ofPlatform().daemon().start(task);
            try (Socket connection = kafka.accept()) {
                assertThat(connection.isConnected()).isTrue();

                thread.interrupt();

                assertThat(thread.join(STOP_MAX)).as("stopped").isTrue();
                assertThat(task.state()).isEqualTo(java.util.concurrent.Future.State.SUCCESS);
            }
        }
    }

    private static void seek(ServerSocket kafka) {
        String address = kafka.getInetAddress().getHostAddress() + ":" + kafka.getLocalPort();
        try (ChangeLog log =
                ChangeLog.join(
                        "tidemark.crm", Map.of("bootstrap.servers", address), RecordCipher.NONE)) {
            log.seek(new LogPoint("tidemark.crm", "id", 0, 0, Optional.empty()));
            throw new AssertionError("a Kafka that says nothing was taken for an answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
