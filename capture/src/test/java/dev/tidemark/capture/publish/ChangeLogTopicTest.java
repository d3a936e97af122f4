package dev.tidemark.capture.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ChangeLogTopicTest {
    @Test
    void noTextShowsTheValuesOfClientProperties() {
        ChangeLogTopic topic =
                new ChangeLogTopic(
                        "tidemark.crm",
                        Map.of(
                                "bootstrap.servers", "broker:9092",
                                "sasl.jaas.config", "username=\"crm\" password=\"secret\";"));

        assertThat(topic)
                .hasToString(
                        "topic 'tidemark.crm' at broker:9092, properties [bootstrap.servers, sasl.jaas.config]");
    }
}
