package dev.tidemark.archive.parquet;

import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DuckDB reads what was written, with its types. */
class TypedRowsTest {
    private static final int ROWS = 2_000;

    @TempDir Path folder;

    private TypedRows.Written write(List<String> types, List<List<Value>> rows) throws IOException {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < types.size(); i++) {
            columns.add(column(i + 1, "f" + i, types.get(i), Optional.empty()));
        }
        Table table = table(7, "figures", List.of(), columns);
        return TypedRows.write(
                file(),
                table,
                types,
                sink -> {
                    for (List<Value> row : rows) {
                        sink.row(row);
                    }
                });
    }

    private Path file() {
        return folder.resolve("figures.parquet");
    }

    private List<String> duckDb(String query) throws SQLException {
        List<String> answer = new ArrayList<>();
        try (Connection session = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = session.createStatement();
                ResultSet rows = statement.executeQuery(query.formatted(file()))) {
            while (rows.next()) {
                answer.add(String.valueOf(rows.getString(1)));
            }
        }
        return answer;
    }

    @Test
    void decimalsOfEveryWidthComeBack() throws Exception {
        Random random = new Random(3);
        for (int precision : List.of(1, 9, 10, 18, 19, 38)) {
            int scale = random.nextInt(precision + 1);
            BigInteger most = BigInteger.TEN.pow(precision).subtract(BigInteger.ONE);
            List<BigInteger> numbers = new ArrayList<>(List.of(most, most.negate()));
            for (int n = 0; n < ROWS; n++) {
                BigInteger number = new BigInteger(random.nextInt(1, 128), random).mod(most);
                numbers.add(random.nextBoolean() ? number : number.negate());
            }
            List<String> texts =
                    numbers.stream().map(n -> new BigDecimal(n, scale).toPlainString()).toList();
            Files.deleteIfExists(file());

            TypedRows.Written written =
                    write(
                            List.of("numeric(%d,%d)".formatted(precision, scale)),
                            texts.stream().map(text -> row(text)).toList());

            assertThat(written).isEqualTo(new TypedRows.Written(texts.size(), List.of()));
            assertThat(duckDb("SELECT column_type FROM (DESCRIBE FROM '%s')"))
                    .containsExactly("DECIMAL(%d,%d)".formatted(precision, scale));
            assertThat(duckDb("SELECT regexp_replace(f0::VARCHAR, '^(-?)[.]', '\\10.') FROM '%s'"))
                    .isEqualTo(texts);
        }
    }

    @Test
    void uuidsAndBytesComeBackAndNullsStay() throws Exception {
        Random random = new Random(4);
        List<List<Value>> rows = new ArrayList<>(List.of(row("null", "null")));
        for (int n = 0; n < ROWS; n++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            rows.add(
                    row(
                            new UUID(random.nextLong(), random.nextLong()).toString(),
                            "\\x" + HexFormat.of().formatHex(bytes)));
        }

        write(List.of("uuid", "bytea"), rows);

        assertThat(duckDb("SELECT column_type FROM (DESCRIBE FROM '%s')"))
                .containsExactly("UUID", "BLOB");
        assertThat(duckDb("SELECT f0 || ' ' || lower(hex(f1)) FROM '%s'"))
                .isEqualTo(
                        rows.stream()
                                .map(
                                        row ->
                                                row.contains(Value.Mark.NULL)
                                                        ? "null"
                                                        : row.get(0)
                                                                + " "
                                                                + row.get(1)
                                                                        .toString()
                                                                        .substring(2))
                                .toList());
    }

    @Test
    void numbersAreFoundBesideOnesThatHaveNoOrder() throws Exception {
        List<List<Value>> rows =
                Stream.of("NaN", "-0", "1.5", "Infinity", "0", "5e-324", "-Infinity", "NaN")
                        .map(text -> row(text))
                        .toList();

        write(List.of("double precision"), rows);

        assertThat(duckDb("SELECT f0 FROM '%s' WHERE f0 = 1.5")).containsExactly("1.5");
        assertThat(duckDb("SELECT count(*) FROM '%s' WHERE f0 = 0")).containsExactly("2");
        assertThat(duckDb("SELECT count(*) FROM '%s' WHERE isnan(f0)")).containsExactly("2");
        assertThat(duckDb("SELECT count(*) FROM '%s' WHERE isinf(f0)")).containsExactly("2");
        assertThat(duckDb("SELECT count(*) FROM '%s' WHERE f0 > 0 AND f0 < 1"))
                .containsExactly("1");
        assertThat(duckDb("SELECT stats_min || stats_max FROM parquet_metadata('%s')"))
                .noneMatch(said -> said.toLowerCase(Locale.ROOT).contains("nan"));
    }

    @Test
    void bytesThatAreTooLargeForTheHeapGoThroughAFile() throws Exception {
        Value bytes = large("\\x", "");
        Value json = large("[\"", "\"]");

        write(List.of("bytea", "json"), List.of(List.of(bytes, json), row("\\x62", "[]")));

        assertThat(duckDb("SELECT octet_length(f0) || ' ' || md5(f0) FROM '%s'"))
                .isEqualTo(
                        duckDb(
                                "SELECT * FROM (VALUES (5242880 || ' ' || md5(repeat('a', 5242880))), ('1 ' || md5('b'))) -- %s"));
        assertThat(duckDb("SELECT length(f1::VARCHAR) FROM '%s'")).containsExactly("10485764", "2");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file());
        }
    }

    /** Of 10 MiB. */
    private static Value large(String before, String after) {
        String text = before + "61".repeat(5 * 1024 * 1024) + after;
        return new Value.Large(ByteBuffer.wrap(text.getBytes(UTF_8)));
    }

    @Test
    void jsonThatIsOddButValidIsReadAsJson() throws Exception {
        List<String> texts =
                List.of(
                        "{\"a\": 1, \"a\": 2}",
                        " 1e400 ",
                        "9".repeat(400),
                        "\"\\ud83d\\ude00\\u0000\"",
                        "[".repeat(1_000) + "]".repeat(1_000));

        write(List.of("json"), texts.stream().map(text -> row(text)).toList());

        assertThat(duckDb("SELECT column_type FROM (DESCRIBE FROM '%s')")).containsExactly("JSON");
        assertThat(duckDb("SELECT f0::VARCHAR FROM '%s'")).isEqualTo(texts);
    }

    @Test
    void aColumnIsTextAsAWholeWhenOneValueDoesNotFit() throws Exception {
        List<List<Value>> rows =
                List.of(
                        row("1.50", "00:00:00", "2026-11-20", "{}"),
                        row("NaN", "24:00:00", "0044-03-15 BC", "null"),
                        row("null", "null", "null", "[]"));

        TypedRows.Written written =
                write(List.of("numeric(4,2)", "time without time zone", "date", "jsonb"), rows);

        assertThat(written).isEqualTo(new TypedRows.Written(3, List.of("f0", "f1", "f2")));
        assertThat(duckDb("SELECT column_type FROM (DESCRIBE FROM '%s')"))
                .containsExactly("VARCHAR", "VARCHAR", "VARCHAR", "JSON");
        assertThat(duckDb("SELECT concat_ws(' ', f0, f1, f2, f3) FROM '%s'"))
                .containsExactly("1.50 00:00:00 2026-11-20 {}", "NaN 24:00:00 0044-03-15 BC", "[]");
    }
}
