package dev.tidemark.capture.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A capture that has to stop does not wait for a Kafka that takes connections and says nothing. */
@Timeout(60)
class SilentKafkaTest {
    /** What a service has to stop; a stop takes a fraction of it. */
    private static final Duration STOP_MAX = Duration.ofSeconds(10);

    private final ServerSocket kafka;
    private final ChangeLogTopic topic;

    SilentKafkaTest() throws IOException {
        kafka = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        String address = kafka.getInetAddress().getHostAddress() + ":" + kafka.getLocalPort();
        topic = new ChangeLogTopic("tidemark.crm", Map.of("bootstrap.servers", address));
    }

    @AfterEach
    void closeTheListener() throws IOException {
        kafka.close();
    }

    @Test
    void askingForTheTopicEndsWithAnInterrupt() throws Exception {
        endsWithAnInterrupt(topic::id);
    }

    @Test
    void gettingReadyToTakeTheLogEndsWithAnInterrupt() throws Exception {
        endsWithAnInterrupt(() -> LogClaim.prepare(topic));
    }

    @Test
    void watchingForSilenceEndsWithAnInterrupt() throws Exception {
        endsWithAnInterrupt(new LogSilence(topic, Duration.ofSeconds(1))::isTooLong);
    }

    private <T> void endsWithAnInterrupt(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = Thread.ofPlatform().daemon().start(task);
        try (Socket connection = kafka.accept()) {
            assertThat(connection.isConnected()).isTrue();

            thread.interrupt();

            assertThat(thread.join(STOP_MAX)).as("stopped").isTrue();
            assertThat(task.exceptionNow()).isInstanceOf(InterruptedException.class);
        }
    }
}
