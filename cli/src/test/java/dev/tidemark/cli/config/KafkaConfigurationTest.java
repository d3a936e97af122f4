package dev.tidemark.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaConfigurationTest extends WrittenConfiguration {
    private static final String CLIENT =
            """
            security.protocol=SASL_SSL
            sasl.jaas.config=Login required username="tidemark" password="secret";
            client.id=another
            """;

    @Test
    void theEmbeddedBrokerIsBesideALocalArchive() {
        Configuration read =
                read("{archive: {url: 'file:///data/crm'}, kafka: {bootstrap-servers: embedded}}");

        assertThat(read.neededKafka())
                .isEqualTo(new KafkaSettings.Embedded(Path.of("/data/crm-kafka"), Map.of(), false));
    }

    @Test
    void theEmbeddedBrokerOfAnArchiveOnS3IsBesideTheFile() {
        Configuration read =
                read("{archive: {url: 's3://backups/crm'}, kafka: {bootstrap-servers: embedded}}");

        assertThat(read.neededKafka())
                .isEqualTo(
                        new KafkaSettings.Embedded(
                                directory.resolve("tidemark-kafka"), Map.of(), false));
    }

    @Test
    void passwordsOfKafkaAreInAFileOfTheirOwn() throws Exception {
        Path file = Files.writeString(directory.resolve("client.properties"), CLIENT);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        String settings =
                """
                kafka:
                  bootstrap-servers: broker:9093
                  properties-file: client.properties
                  properties: {client.id: tidemark}
                """;

        assertThat(read(settings).neededKafka().properties())
                .isEqualTo(
                        Map.of(
                                "security.protocol",
                                "SASL_SSL",
                                "sasl.jaas.config",
                                "Login required username=\"tidemark\" password=\"secret\";",
                                "client.id",
                                "tidemark"));

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> read(settings))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        e -> {
                            assertThat(e)
                                    .hasMessage(
                                            "every user of this machine can read the file %s of kafka.properties-file"
                                                    .formatted(file));
                            assertThat(e.hint())
                                    .isEqualTo(
                                            "It is the place for passwords: run 'chmod 600' on it.");
                        });
        Files.delete(file);
        assertThatThrownBy(() -> read(settings))
                .hasMessage(
                        "cannot read the file %s of kafka.properties-file: no such file or directory"
                                .formatted(file));
    }

    @Test
    void propertiesOfKafkaAreNotShown() {
        Configuration read =
                read(
                        """
                        kafka:
                          bootstrap-servers: a:9092
                          properties: {sasl.jaas.config: secret}
                        """);

        assertThat(read.toString())
                .contains("Brokers[a:9092, properties [sasl.jaas.config], encrypted false]")
                .doesNotContain("secret");
    }
}
