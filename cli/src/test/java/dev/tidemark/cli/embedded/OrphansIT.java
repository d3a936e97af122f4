package dev.tidemark.cli.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OrphansIT {
    @TempDir private Path directory;

    @Test
    void serversEndWithTheProcessThatStartedThemAndStartAgainInAnother()
            throws IOException, InterruptedException {
        Process parent =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Parent.class.getName(),
                                directory.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        assertThat(firstLine(parent)).isEqualTo("started");
        List<ProcessHandle> servers = parent.descendants().toList();

        parent.destroyForcibly().waitFor();

        assertThat(servers).hasSizeGreaterThan(2);
        servers.forEach(server -> server.onExit().join());
        try (var postgres = startPostgres(directory);
                var kafka = startKafka(directory)) {
            assertThat(Stream.of(postgres.jdbcUrl("crm"), kafka.bootstrapServers()))
                    .allMatch(address -> address.contains("127.0.0.1:"));
        }
    }

    private static String firstLine(Process process) throws IOException {
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            String line = lines.readLine();
            return line == null ? "" : line;
        }
    }

    private static PostgresServer startPostgres(Path directory) {
        return PostgresServer.start(
                directory.resolve("postgres"), PostgresBinaries.onClassPath(), Map.of());
    }

    private static KafkaBroker startKafka(Path directory) {
        return KafkaBroker.start(directory.resolve("kafka"), Map.of());
    }

    /** The main class of a process that starts both servers and then waits to be killed. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] arguments) throws IOException {
            Path directory = Path.of(arguments[0]);
            try (var postgres = startPostgres(directory);
                    var kafka = startKafka(directory)) {
                assertThat(postgres.port()).isPositive();
                assertThat(kafka.bootstrapServers()).isNotEmpty();
                System.out.println("started");
                assertThat(System.in.read()).isEqualTo(-1);
            }
        }
    }
}
