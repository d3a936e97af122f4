package dev.tidemark.cli;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.store.LocalObjectStore;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked is logged before it is answered, or it is not answered. */
class AccessLoggedTest {
    private static final Table DEAL =
            table(1, "deal", List.of(1), List.of(column(1, "id"), column(2, "v")));

    @TempDir private Path directory;

    private Outcome last = Outcome.NOTHING_YET;
    private Path archive;

    @BeforeEach
    void writeAnArchive() throws IOException {
        archive = Files.createDirectory(directory.resolve("archive"));
        Files.writeString(
                directory.resolve("tidemark.yaml"),
                "archive: {url: %s}\naccess: {reader: auditor}\n".formatted(archive));
        try (Archive made = Archive.create(new LocalObjectStore(archive), Samples.IDENTITY)) {
            new WrittenArchive(made, directory)
                    .base(at(1), NOON, catalog(DEAL), Map.of(1L, List.of(row("0", "a"))));
        }
    }

    @Test
    void everyQuestionIsNotedWithWhoAsksAndWhatHeAsks() throws IOException {
        Files.writeString(directory.resolve("q.sql"), "SELECT count(*) FROM deal");
        String user = System.getProperty("user.name");

        runQuietly("history", "deal", "0", "--limit", "3");
        runQuietly("query", "SELECT 1");
        runQuietly("query", "--file", directory.resolve("q.sql").toString());
        runQuietly("evidence", "--output", "bundle.zip", "blame", "deal", "0");
        runQuietly("info");
        runQuietly("verify");

        runQuietly("access", "--limit", "9");
        assertThat(last.out().lines().map(line -> line.replaceAll(" +", " ")).toList())
                .containsExactlyInAnyOrder(
                        "time reader user manifest asked",
                        "2026-11-21T12:00:00Z auditor %s 0 history deal 0 --limit 3"
                                .formatted(user),
                        "2026-11-21T12:00:00Z auditor %s 0 query 'SELECT 1'".formatted(user),
                        "2026-11-21T12:00:00Z auditor %s 0 query --file %s: SELECT count(*) FROM deal"
                                .formatted(user, directory.resolve("q.sql")),
                        "2026-11-21T12:00:00Z auditor %s 0 evidence blame deal 0".formatted(user),
                        "4 of 4 entries, newest first");
    }

    @Test
    void whatCannotBeNotedIsNotAnswered() throws IOException {
        Files.writeString(archive.resolve("access"), "in the way");

        assertThat(run("query", "SELECT * FROM deal")).isEqualTo(3);

        assertThat(last.out()).isEmpty();
        assertThat(last.err())
                .startsWith(
                        "error: this cannot be logged in access/auditor/ of file://%s: "
                                .formatted(archive))
                .endsWith(
                        """

                        HINT: Nothing is answered that is not logged, as access.reader of the configuration wants it. Give the reader the right to write below access/auditor/, and nowhere else.
                        """);
    }

    @Test
    void withoutAReaderNothingIsNoted() throws IOException {
        Files.writeString(
                directory.resolve("tidemark.yaml"), "archive: {url: %s}\n".formatted(archive));

        assertThat(run("query", "SELECT * FROM deal")).isZero();

        assertThat(archive.resolve("access")).doesNotExist();
    }

    private void runQuietly(String... arguments) {
        assertThat(run(arguments)).isZero();
        assertThat(last.err()).doesNotContain("warning");
    }

    private int run(String... arguments) {
        last = Outcome.of(directory, NOON.plus(Duration.ofDays(1)), arguments);
        return last.code();
    }
}
