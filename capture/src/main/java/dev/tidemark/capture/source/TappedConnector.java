package dev.tidemark.capture.source;

import io.debezium.connector.postgresql.PostgresConnector;
import org.apache.kafka.connect.connector.Task;

/**
 * Debezium's PostgreSQL connector with {@link TappedTask} as its task. Created by the engine, by
 * name.
 */
public final class TappedConnector extends PostgresConnector {
    @Override
    public Class<? extends Task> taskClass() {
        return TappedTask.class;
    }
}
