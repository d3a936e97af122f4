package dev.tidemark.capture.source;

import io.debezium.config.Configuration;
import io.debezium.connector.common.CdcSourceTaskContext;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.connector.postgresql.PostgresSchema;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.connector.postgresql.connection.ReplicationConnection;
import java.sql.SQLException;

/**
 * Debezium's PostgreSQL task, reading through a {@link TappedConnection}. Created by the engine, by
 * name.
 */
public final class TappedTask extends PostgresConnectorTask {
    private String contextName = "";

    @Override
    public CdcSourceTaskContext<PostgresConnectorConfig> preStart(Configuration config) {
        contextName = config.getString(EngineContext.KEY);
        return super.preStart(config);
    }

    @Override
    protected ReplicationConnection buildReplicationConnection(
            PostgresConnection jdbc, PostgresSchema schema, PostgresConnectorConfig config)
            throws SQLException {
        return new TappedConnection(
                super.buildReplicationConnection(jdbc, schema, config),
                EngineContext.named(contextName));
    }
}
