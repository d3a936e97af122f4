package dev.tidemark.capture.source;

import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.Database;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the parts that Debezium creates by class name need of us. Debezium passes them strings only,
 * so each run registers its context under a random name and hands that over.
 *
 * @param resume the position after which the stream starts
 * @param opening makes the sink, once the stream is held
 * @param statusInterval how often the server hears that we are alive
 * @param rowBytesMax of a change's row, with the row before if that comes with it
 */
record EngineContext(
        Database source,
        String slot,
        String publication,
        Position resume,
        ChangeSink.Opening opening,
        MessageCheck messages,
        Duration statusInterval,
        long rowBytesMax) {
    /** The configuration key under which the name is passed. */
    static final String KEY = "tidemark.context";

    private static final Map<String, EngineContext> RUNNING = new ConcurrentHashMap<>();

    String register() {
        String name = UUID.randomUUID().toString();
        RUNNING.put(name, this);
        return name;
    }

    static void unregister(String name) {
        RUNNING.remove(name);
    }

    static EngineContext named(String name) {
        EngineContext context = RUNNING.get(name);
        if (context == null) {
            throw new IllegalStateException("no capture is running under the name " + name);
        }
        return context;
    }
}
