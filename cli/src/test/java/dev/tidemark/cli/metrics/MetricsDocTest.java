package dev.tidemark.cli.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.config.Configuration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds docs/metrics.md against what is registered. */
class MetricsDocTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "metrics.md");
    private static final Path ALERTS = Path.of("..", "docker", "prometheus", "alerts.yml");
    private static final Path DASHBOARD = Path.of("..", "docker", "grafana", "tidemark.json");

    @TempDir private Path directory;

    @Test
    void everyMeterHasItsLineAndEveryLineItsMeter() throws Exception {
        PrometheusText text = registered();

        List<String> lines =
                text.names().stream()
                        .map(
                                name ->
                                        "| `%s` | %s | %s | %s |"
                                                .formatted(
                                                        name,
                                                        text.types().get(name),
                                                        String.join(", ", text.labels(name)),
                                                        text.helps().get(name)))
                        .toList();

        assertThat(
                        Files.readAllLines(DOCUMENT).stream()
                                .filter(line -> line.startsWith("| `tidemark_"))
                                .sorted()
                                .toList())
                .isEqualTo(lines.stream().sorted().toList());
    }

    @Test
    void everyMeterThatIsNamedExists() throws Exception {
        TreeSet<String> named = new TreeSet<>();
        for (Path document : List.of(DOCUMENT, ALERTS, DASHBOARD)) {
            Pattern.compile("\\btidemark_[a-z0-9_]+")
                    .matcher(Files.readString(document))
                    .results()
                    .forEach(name -> named.add(name.group()));
        }

        assertThat(registered().names()).containsAll(named);
    }

    private PrometheusText registered() throws Exception {
        Configuration configuration = Fakes.configuration(directory, "");
        Observed observed = Fakes.observed(Fakes.services());
        try (Observation observation = Observation.bind(configuration, Fakes.CLOCK)) {
            return PrometheusText.parse(
                    observation
                            .meters(observed, DiskLook.places(configuration))
                            .scrape(Fakes.reading(observed)));
        }
    }
}
