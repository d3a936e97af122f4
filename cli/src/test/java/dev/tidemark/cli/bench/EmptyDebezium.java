package dev.tidemark.cli.bench;

import io.debezium.connector.postgresql.PostgresConnector;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.MemoryOffsetBackingStore;

/** Debezium as it comes, with a consumer that counts and does nothing else. */
record EmptyDebezium(Site site) implements Contender {
    @Override
    public String name() {
        return "Debezium, empty consumer";
    }

    @Override
    public Duration read(Leg leg, String slot) throws IOException, InterruptedException {
        AtomicLong changes = new AtomicLong();
        DebeziumEngine<RecordChangeEvent<SourceRecord>> engine =
                DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
                        .using(properties(slot))
                        .notifying(
                                (List<RecordChangeEvent<SourceRecord>> batch,
                                        DebeziumEngine.RecordCommitter<
                                                        RecordChangeEvent<SourceRecord>>
                                                committer) -> {
                                    for (RecordChangeEvent<SourceRecord> event : batch) {
                                        committer.markProcessed(event);
                                    }
                                    changes.addAndGet(rows(batch));
                                    committer.markBatchFinished();
                                })
                        .build();
        Thread thread = Thread.ofPlatform().name("bench-debezium").start(engine);
        try {
            Slots.awaitStream(site, slot);
            long start = System.nanoTime();
            Site.await(LEG_MAX, "Debezium's last change", () -> changes.get() >= leg.changes());
            return Duration.ofNanos(System.nanoTime() - start);
        } finally {
            engine.close();
            thread.join();
        }
    }

    private static long rows(List<RecordChangeEvent<SourceRecord>> batch) {
        return batch.stream()
                .filter(event -> event.record().value() instanceof Struct value && isRow(value))
                .count();
    }

    private static boolean isRow(Struct value) {
        return value.schema().field("op") != null && !"m".equals(value.getString("op"));
    }

    /** Batch and queue as Debezium's own advice for throughput has them. */
    private Properties properties(String slot) {
        Properties engine = new Properties();
        engine.setProperty("name", "bench");
        engine.setProperty("connector.class", PostgresConnector.class.getName());
        engine.setProperty("offset.storage", MemoryOffsetBackingStore.class.getName());
        engine.setProperty("offset.flush.interval.ms", "1000");
        engine.setProperty("topic.prefix", "bench");
        engine.setProperty("plugin.name", "pgoutput");
        engine.setProperty("slot.name", slot);
        engine.setProperty("slot.drop.on.stop", "false");
        engine.setProperty("publication.name", site.parts().names().publication());
        engine.setProperty("publication.autocreate.mode", "disabled");
        engine.setProperty("snapshot.mode", "no_data");
        engine.setProperty("schema.exclude.list", "tidemark");
        engine.setProperty("max.batch.size", "8192");
        engine.setProperty("max.queue.size", "32768");
        engine.setProperty("poll.interval.ms", "5");
        engine.setProperty("database.hostname", "127.0.0.1");
        engine.setProperty("database.port", Integer.toString(site.postgres().port()));
        engine.setProperty("database.dbname", site.source().url().database());
        engine.setProperty("database.user", site.postgres().superuser());
        engine.setProperty("database.password", "");
        return engine;
    }
}
