package dev.tidemark.archive.parquet;

import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written as pages of a base comes back, here and in another reader. */
class BaseFilesTest {
    @TempDir Path folder;

    private static Table tableOf(int columns) {
        List<Column> all = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
            all.add(column(i, "c" + i));
        }
        return table(1, "t", List.of(), all);
    }

    private Path written(Table table, List<List<Value>> rows) throws IOException {
        Path file = folder.resolve("rows.parquet");
        Files.deleteIfExists(file);
        BaseWriter writer = BaseWriter.create(file, table);
        for (List<Value> row : rows) {
            writer.add(row);
        }
        return writer.close();
    }

    private static List<List<Value>> read(BaseReader reader) throws IOException {
        List<List<Value>> rows = new ArrayList<>();
        try (reader) {
            reader.forEachRemaining(rows::add);
        }
        return rows;
    }

    /** Few or many different texts, short and long ones, with and without NULL, and none at all. */
    private static Value value(Random random, int kind) {
        return switch (kind) {
            case 0 -> Value.text(Integer.toString(random.nextInt(3)));
            case 1 -> Value.text(Integer.toString(random.nextInt()));
            case 2 -> random.nextInt(3) == 0 ? Value.Mark.NULL : Value.text("");
            case 3 -> Value.text("ü".repeat(random.nextInt(700)));
            case 4 -> Value.Mark.NULL;
            case 5 -> random.nextInt(100) == 0 ? Value.text("x") : Value.Mark.NULL;
            default ->
                    random.nextInt(9_000) == 0
                            ? Value.text("l".repeat(Value.LARGE_BYTES + random.nextInt(9)))
                            : Value.text("few " + random.nextInt(900));
        };
    }

    @Test
    void everyKindOfColumnComesBack() throws IOException {
        for (int seed = 0; seed < 4; seed++) {
            Random random = new Random(seed);
            List<List<Value>> rows = new ArrayList<>();
            for (int n = random.nextInt(60_000); n >= 0; n--) {
                Value[] row = new Value[7];
                Arrays.setAll(row, kind -> value(random, kind));
                rows.add(Arrays.asList(row));
            }
            Path file = written(tableOf(7), rows);

            assertThat(read(BaseReader.open(file, 7)).equals(rows)).as("seed %d", seed).isTrue();
            assertThat(read(BaseReader.open(file, 7, new int[] {1, 5})))
                    .hasSize(rows.size())
                    .startsWith(List.of(rows.getFirst().get(1), rows.getFirst().get(5)));
        }
    }

    /** In the order of a key's first column, as rows that came one after the other are. */
    @Test
    void rowsAreFoundByTheirKeysWhereverTheirPagesLie() throws IOException {
        for (int seed = 0; seed < 4; seed++) {
            Random random = new Random(seed);
            List<List<Value>> rows = new ArrayList<>();
            for (int n = 20_000 + random.nextInt(60_000); n >= 0; n--) {
                Value[] row = new Value[9];
                Arrays.setAll(row, kind -> value(random, kind));
                row[7] = Value.text(Integer.toString(rows.size() / 3));
                row[8] = Value.text(Integer.toString(random.nextInt(2)));
                rows.add(Arrays.asList(row));
            }
            Table table = tableOf(9);
            Path file = written(table, rows);
            Set<List<Value>> keys = new HashSet<>();
            for (int n = 0; n < 5; n++) {
                List<Value> one = rows.get(random.nextInt(rows.size()));
                keys.add(List.of(one.get(8), one.get(7)));
                keys.add(List.of(one.get(7), one.get(8))); // of no row, or of another one
            }

            assertThat(read(BaseReader.open(file, table, List.of(9, 8), keys)))
                    .as("seed %d", seed)
                    .isNotEmpty()
                    .isEqualTo(
                            rows.stream()
                                    .filter(row -> keys.contains(List.of(row.get(8), row.get(7))))
                                    .toList());
            Set<List<Value>> single = Set.of(List.of(rows.getLast().get(1)));
            assertThat(read(BaseReader.open(file, table, List.of(2), single)))
                    .as("seed %d", seed)
                    .contains(rows.getLast());
        }
    }

    @Test
    void rowsWithoutColumnsAreCounted() throws IOException {
        Path file = written(tableOf(0), List.of(row(), row(), row()));

        assertThat(read(BaseReader.open(file, 0))).containsExactly(row(), row(), row());
    }

    @Test
    void duckDbReadsTheSameAndFindsByStatistics() throws IOException, SQLException {
        Random random = new Random(9);
        List<List<Value>> rows = new ArrayList<>();
        for (int n = 0; n < 50_000; n++) {
            Value[] row = new Value[6];
            Arrays.setAll(row, kind -> value(random, kind));
            rows.add(Arrays.asList(row));
        }
        Path file = written(tableOf(6), rows);
        String one = rows.get(40_000).get(1).toString();
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            ResultSet found =
                    statement.executeQuery(
                            """
                            SELECT count(*), count(c1), count(c3), count(c5), count(c6), sum(strlen(c4)),
                                   count(*) FILTER (c2 = '%s'), min(c2), max(c2)
                            FROM read_parquet('%s')
                            """
                                    .formatted(one, file));
            assertThat(found.next()).isTrue();
            assertThat(found.getLong(1)).isEqualTo(50_000);
            assertThat(found.getLong(2)).isEqualTo(50_000);
            assertThat(found.getLong(3)).isEqualTo(texts(rows, 2));
            assertThat(found.getLong(4)).isZero();
            assertThat(found.getLong(5)).isEqualTo(texts(rows, 5));
            assertThat(found.getLong(6))
                    .isEqualTo(
                            rows.stream()
                                    .mapToLong(row -> ((Value.Text) row.get(3)).utf8().length)
                                    .sum());
            assertThat(found.getLong(7)).isEqualTo(1);
            List<String> sorted = rows.stream().map(row -> row.get(1).toString()).sorted().toList();
            assertThat(found.getString(8)).isEqualTo(sorted.getFirst());
            assertThat(found.getString(9)).isEqualTo(sorted.getLast());
        }
    }

    private static long texts(List<List<Value>> rows, int place) {
        return rows.stream().filter(row -> row.get(place) != Value.Mark.NULL).count();
    }
}
