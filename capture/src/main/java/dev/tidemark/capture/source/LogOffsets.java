package dev.tidemark.capture.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.storage.OffsetBackingStore;
import org.apache.kafka.connect.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Tells Debezium where to resume: at the last complete transaction of the change log, whatever it
 * may have stored itself. The log is the only memory; this keeps what the engine stores while it
 * runs, and nothing else.
 *
 * <p>The offset never holds {@code lsn_proc}: with it Debezium searches for its place by log
 * sequence numbers, which are not unique, and loses rows. Created by the engine, by name.
 */
public final class LogOffsets implements OffsetBackingStore {
    private final Map<ByteBuffer, ByteBuffer> stored = new ConcurrentHashMap<>();
    private String context = "";

    @Override
    public void configure(WorkerConfig config) {
        context = config.originalsStrings().getOrDefault(EngineContext.KEY, "");
    }

    @Override
    public void start() {}

    @Override
    public void stop() {}

    @Override
    public Future<Map<ByteBuffer, ByteBuffer>> get(Collection<ByteBuffer> keys) {
        Map<ByteBuffer, ByteBuffer> offsets = new LinkedHashMap<>();
        for (ByteBuffer key : keys) {
            offsets.put(key, stored.getOrDefault(key, resume()));
        }
        return CompletableFuture.completedFuture(offsets);
    }

    @Override
    public Future<Void> set(Map<ByteBuffer, ByteBuffer> values, @Nullable Callback<Void> callback) {
        stored.putAll(values);
        if (callback != null) {
            callback.onCompletion(null, null);
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Set<Map<String, Object>> connectorPartitions(String connectorName) {
        return Set.of();
    }

    /** In the form of the engine's JSON converter without schemas. */
    private ByteBuffer resume() {
        long position = EngineContext.named(context).resume().value();
        String json = "{\"lsn\":%d,\"lsn_commit\":%d,\"ts_usec\":0}".formatted(position, position);
        return ByteBuffer.wrap(json.getBytes(UTF_8));
    }
}
