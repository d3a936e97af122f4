package dev.tidemark.cli.wiring;

import dev.tidemark.cli.embedded.KafkaBroker;
import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** Kafka, whoever runs it. */
public sealed interface Brokers extends AutoCloseable {
    String bootstrapServers();

    /** Tells when a broker of our own broke off: without it nothing can go on. */
    void whenBroken(Consumer<TidemarkException> reaction);

    @Override
    void close();

    /** Starts a broker of our own. Its data stays in the directory. */
    static Brokers start(Path directory, Map<String, String> settings) {
        return new Own(KafkaBroker.start(directory, settings));
    }

    /**
     * The broker that runs in the directory; else one of our own.
     *
     * @throws TidemarkException when there never was one: none is made
     */
    static Brokers runningOrStarted(Path directory, Map<String, String> settings) {
        if (!Files.isDirectory(directory)) {
            throw TidemarkException.refused(
                    "the embedded Kafka has no data in " + directory,
                    "Run 'tidemark init' first. If it was run, check kafka.directory; what was in that data and not archived"
                            + " is lost.");
        }
        return KafkaBroker.running(directory)
                .<Brokers>map(Outside::new)
                .orElseGet(() -> start(directory, settings));
    }

    /** Run by others. */
    record Outside(String bootstrapServers) implements Brokers {
        /** Whoever runs them starts them again, and the services wait for that. */
        @Override
        public void whenBroken(Consumer<TidemarkException> reaction) {}

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
        public void whenBroken(Consumer<TidemarkException> reaction) {
            broker.whenBroken(reaction);
        }

        @Override
        public void close() {
            broker.close();
        }
    }
}
