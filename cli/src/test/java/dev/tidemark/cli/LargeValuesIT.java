package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values that are a good part of the heap that a service has. */
final class LargeValuesIT {
    /** {@code -Dlarge.mebibytes=64} tries more. */
    private static final int MEBIBYTES = Integer.getInteger("large.mebibytes", 16);

    @TempDir private Path directory;

    @Test
    void largeValuesFitIntoTheHeapOfAService() throws Exception {
        try (Deployment tidemark =
                Deployment.start(
                        directory, PostgresBinaries.onClassPath(), "segment: {max-age: 1s}")) {
            tidemark.execute(
                    "crm",
                    "CREATE TABLE public.large (id int PRIMARY KEY, v text, other int);"
                            + " ALTER TABLE public.large ALTER v SET STORAGE EXTERNAL;"
                            + " CREATE TABLE public.full_image (id int, v text);"
                            + insert("large", 1, ", 0"));
            Deployment.Outcome init = tidemark.process("init");
            assertThat(init.code()).as(init.err()).isZero();
            tidemark.service("run");
            try (Connection connection = tidemark.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute(insert("large", 2, ", 0"));
                statement.execute("UPDATE public.large SET other = 1");
                statement.execute("UPDATE public.large SET id = id + 10");
                statement.execute(insert("full_image", 1, ""));
                statement.execute("UPDATE public.full_image SET id = 2");
            }
            Deployment.Truth truth = tidemark.truth();
            tidemark.awaitArchivedPast(truth.position(), truth.time());
            tidemark.execute("postgres", "CREATE DATABASE restored");

            Deployment.Outcome restore =
                    tidemark.process(
                            "restore",
                            "--to",
                            truth.position().toString(),
                            "--into",
                            tidemark.database("restored").url().toString());

            assertThat(restore.code()).as(restore.err()).isZero();
            assertThat(tidemark.rows("restored")).isEqualTo(truth.tables());
        }
    }

    /** Text that does not compress to nothing, with a backslash in each kilobyte. */
    private static String insert(String table, int id, String more) {
        return "INSERT INTO public.%s SELECT %d, (SELECT string_agg(repeat(md5(i::text), 32) || '\\', '') FROM generate_series(1, %d) i)%s;"
                .formatted(table, id, MEBIBYTES * 1023, more);
    }
}
