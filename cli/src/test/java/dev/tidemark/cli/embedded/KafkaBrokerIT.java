package dev.tidemark.cli.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KafkaBrokerIT {
    private static final String TOPIC = "crm";
    private static final Map<String, String> DURABLE = Map.of("log.flush.interval.messages", "1");

    @TempDir private Path directory;

    @Test
    void recordsAndGroupOffsetsSurviveAStopAndAKillOnTheSamePort()
            throws ExecutionException, InterruptedException {
        String address;
        try (var broker = KafkaBroker.start(directory, DURABLE)) {
            address = broker.bootstrapServers();
            createTopic(broker);
            send(broker, "first");
        }
        var stopped = KafkaBroker.start(directory, DURABLE);
        send(stopped, "second");
        assertThat(receive(stopped, 2)).containsExactly("first", "second");
        stopped.kill();
        try (var killed = KafkaBroker.start(directory, DURABLE)) {
            send(killed, "third");
            assertThat(receive(killed, 1)).containsExactly("third");
            assertThat(killed.bootstrapServers()).isEqualTo(address);
        }
    }

    @Test
    void aSecondStartInTheSameDirectoryIsRefused() {
        try (var running = KafkaBroker.start(directory, Map.of())) {
            var error =
                    catchThrowableOfType(
                            TidemarkException.class, () -> KafkaBroker.start(directory, Map.of()));
            assertThat(running.bootstrapServers()).startsWith("127.0.0.1:");
            assertThat(error)
                    .hasMessage("the embedded Kafka in " + directory + " is already running");
        }
    }

    @Test
    void aBrokerThatStandsStillDoesNotOutliveItsClose() throws IOException, InterruptedException {
        var broker = KafkaBroker.start(directory, Map.of());
        ProcessHandle process = ProcessHandle.of(broker.pid()).orElseThrow();
        new ProcessBuilder("kill", "-STOP", Long.toString(process.pid())).start().waitFor();

        broker.close();

        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void aBrokerThatIsKilledByOthersIsTold() throws InterruptedException {
        var told = new ArrayBlockingQueue<TidemarkException>(2);
        try (var broker = KafkaBroker.start(directory, Map.of())) {
            broker.whenBroken(told::add);
            broker.kill();

            assertThat(told.poll(30, TimeUnit.SECONDS))
                    .hasMessageStartingWith("the embedded Kafka ended by itself with code 137; ");
        }
        assertThat(told).isEmpty();
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamedOnceWithTheReason() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        Path below = file.resolve("kafka");

        assertThat(refusal(file))
                .hasMessage(
                        "cannot start the embedded Kafka in %s: a file with this name exists"
                                .formatted(file));
        assertThat(refusal(below))
                .hasMessage(
                        "cannot start the embedded Kafka in %s: Not a directory".formatted(below));
        assertThat(refusal(Path.of("/proc/x")))
                .hasMessage(
                        "cannot start the embedded Kafka in /proc/x: no such file or directory");
    }

    private static TidemarkException refusal(Path place) {
        return catchThrowableOfType(
                TidemarkException.class, () -> KafkaBroker.start(place, Map.of()));
    }

    @Test
    void aWrongSettingIsNamedInTheError() {
        var error =
                catchThrowableOfType(
                        TidemarkException.class,
                        () -> KafkaBroker.start(directory, Map.of("log.segment.bytes", "none")));
        assertThat(error)
                .hasMessageStartingWith("the embedded Kafka ended with code 1; its last words: ")
                .hasMessageContaining("Invalid value none for configuration log.segment.bytes");
    }

    private static void createTopic(KafkaBroker broker)
            throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            var topic = new NewTopic(TOPIC, Optional.of(1), Optional.empty());
            admin.createTopics(List.of(topic)).all().get();
        }
    }

    private static void send(KafkaBroker broker, String value)
            throws ExecutionException, InterruptedException {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "all");
        try (var producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(TOPIC, value)).get();
        }
    }

    private static List<String> receive(KafkaBroker broker, int count) {
        Map<String, Object> settings =
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "group.id", "archiver",
                        "enable.auto.commit", "false",
                        "auto.offset.reset", "earliest");
        var values = new ArrayList<String>();
        try (var consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(TOPIC));
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (values.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
            consumer.commitSync();
        }
        return values;
    }
}
