package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.store.S3Server;
import dev.tidemark.cli.Deployment.Outcome;
import dev.tidemark.cli.Deployment.Storage;
import dev.tidemark.cli.Deployment.Truth;
import dev.tidemark.cli.embedded.PostgresBinaries;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way with an archive on S3: the same commands, and the same rows in the end. */
class S3IT {
    @TempDir private Path directory;

    @Test
    void anArchiveOnS3RestoresToWhatTheSourceHeld() throws Exception {
        try (S3Server s3 = S3Server.start();
                Deployment tidemark =
                        Deployment.start(
                                directory,
                                PostgresBinaries.onClassPath(),
                                Storage.s3(s3, "sales/crm"),
                                "segment: {max-age: 1s}")) {
            tidemark.execute("crm", "CREATE TABLE public.deal (id int PRIMARY KEY, note text)");
            tidemark.execute(
                    "crm",
                    "INSERT INTO public.deal SELECT i, repeat('x', i) FROM generate_series(1, 500) i");
            succeed(tidemark, "init");
            Process service = tidemark.service("run");
            tidemark.execute("crm", "UPDATE public.deal SET note = 'won' WHERE id % 3 = 0");
            Truth before = tidemark.truth();
            tidemark.execute("crm", "DELETE FROM public.deal WHERE id > 100");
            Truth after = tidemark.truth();
            tidemark.awaitArchivedPast(after.position(), after.time());
            Deployment.signal(service, "TERM");
            assertThat(service.waitFor(10, TimeUnit.SECONDS)).as("stopped within 10 s").isTrue();
            assertThat(service.exitValue()).as(tidemark.log("run", 0)).isZero();

            restore(tidemark, "before", before.position().toString());
            restore(tidemark, "after", "latest");

            assertThat(tidemark.rows("before")).isEqualTo(before.tables());
            assertThat(tidemark.rows("after")).isEqualTo(after.tables());
            assertThat(succeed(tidemark, "verify").out()).startsWith("whole: ");
            assertThat(succeed(tidemark, "info").out())
                    .startsWith("archive   s3://backups/sales/crm\nsource    crm, database crm, ");
        }
    }

    private static void restore(Deployment tidemark, String database, String moment)
            throws Exception {
        tidemark.execute("postgres", "CREATE DATABASE " + database);
        String url = tidemark.database(database).url().toString();
        succeed(tidemark, "restore", "--to", moment, "--into", url);
    }

    /** As a process: the credentials come from the environment. */
    private static Outcome succeed(Deployment tidemark, String... arguments) throws Exception {
        Outcome outcome = tidemark.process(arguments);
        assertThat(outcome.code()).as(outcome.out() + outcome.err()).isZero();
        return outcome;
    }
}
