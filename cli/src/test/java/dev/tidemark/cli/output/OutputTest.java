package dev.tidemark.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.change.Position;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputTest {
    record Answer(
            Position position,
            Instant time,
            Duration age,
            Path file,
            Optional<String> mark,
            List<Long> rows) {}

    @Test
    void columnsAreAlignedAndNumbersToTheRight() {
        var table =
                new TextTable("table", "rows", "note")
                        .row("contact", 10_000L, "a")
                        .row("é", 7, "")
                        .row("lead", 12.5, "long");

        assertThat(printed(table, false))
                .isEqualTo(
                        """
                        table     rows  note
                        contact  10000  a
                        é            7
                        lead      12.5  long
                        """);
    }

    @Test
    void charactersOfTwoColumnsAndOfNoneAreCountedAsSuch() {
        var table =
                new TextTable("name", "note")
                        .row("Zoë", "a")
                        .row("日本語", "b")
                        .row("🦤 ｶﾅ", "c")
                        .row("e\u0301", "d");

        assertThat(printed(table, false))
                .isEqualTo(
                        """
                        name    note
                        Zoë     a
                        日本語  b
                        🦤 ｶﾅ   c
                        e\u0301       d
                        """);
    }

    @Test
    void theHeaderIsBoldOnATerminal() {
        assertThat(printed(new TextTable("a", "b").row(1, "x"), true))
                .isEqualTo("\u001b[1ma  b\u001b[0m\n1  x\n");
    }

    @Test
    void aValueCannotControlTheTerminal() {
        assertThat(printed(new TextTable("a").row("x\u001b[2Jy\nz\u009b"), false))
                .isEqualTo("a\nx\\x1b[2Jy\\nz\\x9b\n");
    }

    @Test
    void jsonHasTheRecordsOrderAndTextForms() {
        var answer =
                new Answer(
                        new Position(0x1A2B3C8),
                        Instant.parse("2026-11-20T14:03:07.500Z"),
                        Duration.ofSeconds(90),
                        Path.of("/data/crm"),
                        Optional.empty(),
                        List.of(1L, 2L));

        assertThat(JsonOutput.text(answer).replace(System.lineSeparator(), "\n"))
                .isEqualTo(
                        """
                        {
                          "position" : "0/1A2B3C8",
                          "time" : "2026-11-20T14:03:07.500Z",
                          "age" : "PT1M30S",
                          "file" : "/data/crm",
                          "mark" : null,
                          "rows" : [ 1, 2 ]
                        }\
                        """);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.0 KiB",
        "1572864, 1.5 MiB",
        "104857600, 100 MiB",
        "1073741823, 1.0 GiB",
        "-2048, -2.0 KiB",
        "9223372036854775807, 8.0 EiB",
        "-9223372036854775808, -8.0 EiB"
    })
    void bytesAreReadable(long bytes, String text) {
        assertThat(Figures.bytes(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "999, 999",
        "1000, 1.0 k",
        "999949, 1.0 M",
        "1200000, 1.2 M",
        "250000000, 250 M",
    })
    void countsAreReadable(long count, String text) {
        assertThat(Figures.count(count)).isEqualTo(text);
        assertThat(Figures.counted(count, "change")).isEqualTo(text + " changes");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 ms",
        "PT0.999S, 999 ms",
        "PT4.25S, 4.2 s",
        "PT59S, 59 s",
        "PT3M20S, 3 min 20 s",
        "PT2H, 2 h",
        "PT26H, 1 d 2 h",
        "PT-5S, -5.0 s"
    })
    void durationsAreReadable(Duration duration, String text) {
        assertThat(Figures.duration(duration)).isEqualTo(text);
    }

    private static String printed(TextTable table, boolean isTerminal) {
        var bytes = new ByteArrayOutputStream();
        table.print(new PrintStream(bytes, true, StandardCharsets.UTF_8), isTerminal);
        return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
