package dev.tidemark.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.cli.output.JsonOutput;
import dev.tidemark.schemas.TidemarkException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoIT {
    private static final long SEED = Long.getLong("seed", 20261120);
    private static final String RERUN = "failed at seed " + SEED + "; rerun with -Dseed=" + SEED;

    @TempDir private Path directory;

    @Test
    void threeMomentsAreRestoredAsTheSourceWas() throws IOException, InterruptedException {
        Path named = directory.resolve("demo");
        List<String> steps = new ArrayList<>();

        DemoReport report = new Demo(small(named), steps::add, Clock.systemUTC()).run();

        JsonNode json = new ObjectMapper().readTree(JsonOutput.text(report));
        assertThat(json.path("isEqual").asBoolean()).as(RERUN).isTrue();
        assertThat(json.path("moments")).hasSize(3);
        assertThat(json.path("moments"))
                .allSatisfy(
                        moment -> {
                            assertThat(moment.path("isEqual").asBoolean()).as(RERUN).isTrue();
                            assertThat(moment.path("tables").asInt()).isGreaterThanOrEqualTo(18);
                            assertThat(moment.path("rows").asInt()).isGreaterThan(2_000);
                        });
        assertThat(json.path("moments").path(2).path("option").asText())
                .isEqualTo("--before xid:" + json.path("accident").path("xid").asLong());
        assertThat(json.path("archive").path("changes").asLong()).isGreaterThan(3_000);
        assertThat(report.moments())
                .as(RERUN)
                .allSatisfy(
                        moment -> {
                            assertThat(moment.objectsUnlike()).isEmpty();
                            assertThat(moment.objectsBeyond()).isEmpty();
                        });
        assertThat(json.path("verified").path("isWhole").asBoolean()).isTrue();
        assertThat(json.path("verified").path("changes")).isEqualTo(json.at("/archive/changes"));
        assertThat(steps).first().isEqualTo("1/7 Starting PostgreSQL and Kafka in " + named);
        assertThat(steps).last().isEqualTo("7/7 Verifying the archive");
        assertThat(story(report)).contains("All rows equal: every restored table is");
        assertThat(named).as("what the demo made").doesNotExist();
    }

    @Test
    void aDirectoryThatHoldsFilesIsRefusedAndLeftAlone() throws IOException {
        Path file = Files.writeString(directory.resolve("mine"), "mine");
        Demo demo = new Demo(small(directory), step -> {}, Clock.systemUTC());

        assertThatThrownBy(demo::run)
                .isInstanceOf(TidemarkException.class)
                .hasMessage("the directory " + directory + " is not empty")
                .extracting(e -> ((TidemarkException) e).hint())
                .isEqualTo(
                        "Name one that is empty or does not exist: a demo deletes all that is in it.");
        assertThat(file).hasContent("mine");
    }

    private static DemoSettings small(Path directory) {
        return new DemoSettings(
                Optional.of(directory), false, SEED, 0.05, 500, Duration.ofSeconds(2));
    }

    private static String story(DemoReport report) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new DemoStory(report, false).print(new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}
