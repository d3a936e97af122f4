package dev.tidemark.archive.parquet;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.merge.MergedByHand;
import dev.tidemark.archive.store.LocalObjectStore;
import dev.tidemark.schemas.catalog.CatalogChange;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An outside reader reads what docs/format.md promises, by the very queries that stand there. */
class DuckDbTest {
    private static final Path DOCUMENT = Path.of("../docs/format.md");
    private static final Pattern QUERY =
            Pattern.compile("```sql\n-- ([a-z]+):[^\n]*\n(.*?)```", Pattern.DOTALL);
    private static final long CONTACTS = 16_384;

    @TempDir Path folder;

    private Map<String, String> queries = Map.of();
    private Connection duckDb;

    @BeforeEach
    void writeAnArchive() throws Exception {
        Path archive = Files.createDirectory(folder.resolve("archive"));
        write(archive);
        queries = queries();
        duckDb = DriverManager.getConnection("jdbc:duckdb:");
        run("SET file_search_path = '" + archive + "'");
        run(query("files"));
        run(query("columns"));
    }

    @AfterEach
    void close() throws SQLException {
        duckDb.close();
    }

    private void write(Path folderOfArchive) throws IOException {
        Table contacts =
                table(
                        CONTACTS,
                        "contacts",
                        List.of(1),
                        List.of(column(1, "id"), column(2, "name")));
        Table renamed =
                table(
                        CONTACTS,
                        "contacts",
                        List.of(1),
                        List.of(column(1, "id"), column(2, "full name"), column(4, "city")));
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        try (Archive archive =
                Archive.create(new LocalObjectStore(folderOfArchive), Samples.IDENTITY)) {
            WrittenArchive written = new WrittenArchive(archive, temporary);
            written.base(
                    at(0x1_0000_0000L),
                    NOON,
                    catalog(contacts, table(3, "none", List.of(), List.of())),
                    Map.of(CONTACTS, List.of(row("7", "Gina"), row("8", "null"), row("9", ""))));
            List<Value> key = List.of(Value.text("7"), Value.Mark.UNKNOWN);
            written.segment(
                    List.of(
                            transaction(1, change(Operation.UPDATE, List.of(), row("7", "Äva"))),
                            transaction(2, change(Operation.INSERT, List.of(), row("1", "Anna")))));
            CatalogChange alter = CatalogChange.ofTables("ALTER TABLE", List.of(renamed));
            List<Value> rest = List.of(Value.text("7"), Value.Mark.UNCHANGED, Value.text("Bonn"));
            written.segment(
                    List.of(
                            transaction(
                                    3,
                                    change(Operation.DELETE, key, List.of()),
                                    change(Operation.INSERT, List.of(), row("7", "null")),
                                    new Entry.Schema(alter.json()),
                                    change(Operation.UPDATE, List.of(), rest))));
            // A writer that lost left this; no manifest names it.
            Path lost = folderOfArchive.resolve("data/00000000000000000001-ffffffff");
            Files.writeString(
                    Files.createDirectories(lost).resolve("journal.parquet"), "no Parquet");
        }
    }

    private static Transaction transaction(long number, Entry... entries) {
        return new Transaction(
                at(0x1_0000_0000L + number), number, NOON.plusSeconds(number), List.of(entries));
    }

    private static Entry change(Operation operation, List<Value> before, List<Value> after) {
        BeforeImage image = before.isEmpty() ? BeforeImage.NONE : BeforeImage.KEY;
        return new Entry.Row(CONTACTS, operation, image, before, after);
    }

    private static Map<String, String> queries() throws IOException {
        Map<String, String> found = new HashMap<>();
        Matcher query = QUERY.matcher(Files.readString(DOCUMENT));
        while (query.find()) {
            found.put(query.group(1), query.group(2));
        }
        return found;
    }

    private String query(String name) {
        String query = queries.get(name);
        if (query == null) {
            throw new AssertionError(DOCUMENT + " has no query '" + name + "'");
        }
        return query;
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = duckDb.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Fields joined by a bar, row after row. */
    private List<String> answer(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = duckDb.createStatement()) {
            statement.execute(sql);
            try (ResultSet result = statement.getResultSet()) {
                while (result.next()) {
                    List<String> fields = new ArrayList<>();
                    for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                        fields.add(text(result.getObject(i)));
                    }
                    rows.add(String.join(" | ", fields));
                }
            }
        }
        return rows;
    }

    private static String text(@Nullable Object field) {
        return field instanceof OffsetDateTime time
                ? time.toInstant().toString()
                : String.valueOf(field);
    }

    @Test
    void everyQueryOfTheDocumentIsTested() {
        assertThat(queries.keySet())
                .containsExactlyInAnyOrder(
                        "files", "transactions", "columns", "which", "base", "history", "merged");
    }

    @Test
    void itReadsTheTransactions() throws SQLException {
        assertThat(answer(query("transactions")))
                .containsExactly(
                        "1/1 | 1 | 2026-11-20T12:00:01Z | 1",
                        "1/2 | 2 | 2026-11-20T12:00:02Z | 1",
                        "1/3 | 3 | 2026-11-20T12:00:03Z | 4");
    }

    @Test
    void itResolvesColumnNames() throws SQLException {
        assertThat(answer(query("which")))
                .containsExactly(
                        "16384 | 1 | id | c1 | 1",
                        "16384 | 1 | name | c2 | 2",
                        "16384 | 2 | id | c1 | 1",
                        "16384 | 2 | full name | c2 | 2",
                        "16384 | 2 | city | c4 | 3");
    }

    @Test
    void itReadsABase() throws SQLException {
        assertThat(answer(query("base"))).containsExactly("7 | Gina", "8 | null", "9 | ");
    }

    @Test
    void itReadsTheHistoryOfARowThatWasMerged() throws Exception {
        merge();
        run("DROP TABLE manifests; DROP TABLE replaced; DROP TABLE files");
        run(query("files"));

        assertThat(answer(query("merged")))
                .containsExactly(
                        "2026-11-20T12:00:01Z | 1 | UPDATE | Äva",
                        "2026-11-20T12:00:03Z | 3 | DELETE | Äva",
                        "2026-11-20T12:00:03Z | 3 | INSERT | null");
        itReadsTheTransactions();
    }

    private void merge() throws Exception {
        Path temporary = folder.resolve("temporary");
        try (Archive archive = Archive.open(new LocalObjectStore(folder.resolve("archive")))) {
            MergedByHand.replace(archive, temporary);
        }
    }

    @Test
    void itReadsTheHistoryOfARow() throws SQLException {
        assertThat(answer(query("history")))
                .containsExactly(
                        "2026-11-20T12:00:01Z | 1 | UPDATE | Äva",
                        "2026-11-20T12:00:03Z | 3 | DELETE | null",
                        "2026-11-20T12:00:03Z | 3 | INSERT | null",
                        "2026-11-20T12:00:03Z | 3 | UPDATE | (as before)");
    }
}
