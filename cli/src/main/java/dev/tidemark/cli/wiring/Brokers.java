package dev.tidemark.cli.wiring;

import dev.tidemark.cli.embedded.KafkaBroker;
import java.nio.file.Path;
import java.util.Map;

/** Kafka, whoever runs it. */
public sealed interface Brokers extends AutoCloseable {
    String bootstrapServers();

    @Override
    void close();

    /** Starts a broker of our own. Its data stays in the directory. */
    static Brokers start(Path directory) {
        return new Own(KafkaBroker.start(directory, Map.of()));
    }

    /** Run by others. */
    record Outside(String bootstrapServers) implements Brokers {
        @Override
        public void close() {}
    }

    /** A process of ours. */
    record Own(KafkaBroker broker) implements Brokers {
        @Override
        public String bootstrapServers() {
            return broker.bootstrapServers();
        }

        @Override
        public void close() {
            broker.close();
        }
    }
}
