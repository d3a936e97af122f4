package dev.tidemark.cli.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;

/** Where the change log is. Values of properties may be secret, so no text shows them. */
public sealed interface KafkaSettings {
    /** Any settings of Kafka's clients. */
    Map<String, String> properties();

    /** Is what capture writes encrypted before it goes there? */
    boolean isEncrypted();

    /** Brokers that others run. */
    record Brokers(String bootstrapServers, Map<String, String> properties, boolean isEncrypted)
            implements KafkaSettings {
        public Brokers {
            properties = Map.copyOf(properties);
        }

        @Override
        public String toString() {
            return "Brokers[%s, properties %s, encrypted %s]"
                    .formatted(bootstrapServers, new TreeSet<>(properties.keySet()), isEncrypted);
        }
    }

    /** A broker of our own, whose data is in a directory. */
    record Embedded(Path directory, Map<String, String> properties, boolean isEncrypted)
            implements KafkaSettings {
        public Embedded {
            properties = Map.copyOf(properties);
        }

        @Override
        public String toString() {
            return "Embedded[%s, properties %s, encrypted %s]"
                    .formatted(directory, new TreeSet<>(properties.keySet()), isEncrypted);
        }
    }
}
