package dev.tidemark.replay.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in a DuckDB file besides rows. */
final class DuckDbSchemaTest {
    private final Path directory;

    DuckDbSchemaTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void aKeyThatMaskedRowsBreakIsLeftOutAndNamed() throws IOException {
        List<String> warnings = new ArrayList<>();
        Table table =
                Table.provisional(
                        7,
                        "crm",
                        "visit",
                        List.of(Column.provisional(1, "day"), Column.provisional(2, "what")));
        DuckDbTable placed = DuckDbTable.of(table, "main", "visit");
        Path file = directory.resolve("file");

        try (LimitedDuckDb duckDb = LimitedDuckDb.create(file, directory)) {
            DuckDbSchema schema = new DuckDbSchema(duckDb, warnings::add);
            duckDb.run(
                    "CREATE TABLE %s AS FROM (VALUES ('2026-01-31', 'a'), ('2026-01-31', 'b')) v(day, what)"
                            .formatted(placed.path()));
            schema.details(placed, 2, List.of("day", "what"));
            assertThat(warnings).isEmpty();
            duckDb.run("CREATE TABLE tidemark_file.main.other AS FROM " + placed.path());
            schema.details(DuckDbTable.of(table, "main", "other"), 2, List.of("day"));
            duckDb.run("CHECKPOINT " + LimitedDuckDb.FILE);
        }

        assertThat(warnings)
                .containsExactly(
                        "crm.visit has no primary key, since several of its rows have the same values in day");
        try (LimitedDuckDb duckDb = LimitedDuckDb.read(file, directory)) {
            assertThat(duckDb.row("SELECT count(*) FROM tidemark_file.main.other"))
                    .containsExactly("2");
        }
    }
}
