package dev.tidemark.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import org.junit.jupiter.api.Test;

final class LibraryLogsTest {
    @Test
    void aLibraryWarnsAServiceAndNobodyElse() throws Exception {
        LoggerContext context = new LoggerContext();
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(LibraryLogs.class.getResource("/logback.xml"));
        var connections = context.getLogger("org.apache.kafka.clients.NetworkClient");
        var coordinator = context.getLogger("org.apache.kafka.clients.consumer.Coordinator");
        assertThat(connections.isWarnEnabled()).isTrue();
        assertThat(coordinator.isWarnEnabled()).isTrue();

        LibraryLogs.silence(context);

        assertThat(connections.isErrorEnabled()).isFalse();
        assertThat(coordinator.isWarnEnabled()).isFalse();
        assertThat(coordinator.isErrorEnabled()).isTrue();
        assertThat(context.getLogger("dev.tidemark.cli").isInfoEnabled()).isTrue();
    }
}
