package dev.tidemark.replay.query;

import static dev.tidemark.replay.query.AskedArchive.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.archive.Samples;
import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Views over written files give a plain DuckDB the answers that the archive gives. */
class ViewFilesTest {
    @TempDir Path folder;

    private AskedArchive archive;
    private Path views;

    @BeforeEach
    void write() throws Exception {
        archive = AskedArchive.of(folder, Samples.KEYS);
        views = Files.createDirectory(folder.resolve("views"));
    }

    private List<String> plain(String script, String sql) throws Exception {
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement();
                Course course = Course.start(LIMITS.time())) {
            statement.execute("SET TimeZone = 'UTC'");
            statement.execute(script);
            return AskedArchive.rows(Answers.of(duckDb, sql, LIMITS.rowsMax(), course));
        }
    }

    @Test
    void aPlainDuckDbGivesTheAnswersThatTheArchiveGives() throws Exception {
        String script = new ViewFiles(archive.asOf(5), LIMITS).write(List.of(), views);

        assertThat(views.resolve("views.sql")).hasContent(script);
        for (String sql :
                List.of(
                        "SELECT * FROM public.contact ORDER BY id",
                        "SELECT * FROM public.note ORDER BY ALL",
                        "SELECT * FROM history.contact ORDER BY _number, id",
                        "SELECT * FROM transactions ORDER BY xid",
                        "DESCRIBE public.contact")) {
            assertThat(plain(script, sql))
                    .as(sql)
                    .isNotEmpty()
                    .isEqualTo(AskedArchive.rows(archive.asOf(5).ask(sql, LIMITS)));
        }
    }

    @Test
    void onlyWhatIsNamedIsWritten() throws Exception {
        String script = new ViewFiles(archive.asOf(5), LIMITS).write(List.of("note"), views);

        assertThat(script)
                .isEqualTo(
                        """
                        -- Tables as of 0/5, committed 2026-11-20T12:00:05Z; what happened to them up to there, or to --until.
                        CREATE SCHEMA IF NOT EXISTS "public";
                        CREATE SCHEMA IF NOT EXISTS "history";
                        CREATE OR REPLACE VIEW "public"."note" AS FROM read_parquet('%1$s/public.note.parquet');
                        CREATE OR REPLACE VIEW "history"."note" AS FROM read_parquet('%1$s/history.public.note.parquet');
                        CREATE OR REPLACE VIEW "transactions" AS FROM read_parquet('%1$s/transactions.parquet');
                        """
                                .formatted(views));
    }

    @Test
    void whatIsNotThereLeavesNothing() {
        ViewFiles files = new ViewFiles(asOf(5), LIMITS);

        TidemarkException refused =
                catchThrowableOfType(
                        TidemarkException.class,
                        () -> files.write(List.of("note", "contcat"), views));

        assertThat(refused).hasMessage("there is no table contcat at that moment");
        assertThat(views).isEmptyDirectory();
    }

    private ArchiveSql asOf(long position) {
        try {
            return archive.asOf(position);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
