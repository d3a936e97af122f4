package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.archive.store.S3Gate;
import dev.tidemark.archive.store.S3Server;
import dev.tidemark.cli.Deployment.Storage;
import dev.tidemark.cli.embedded.PostgresBinaries;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
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
            tidemark.awaitArchivedPast(after);
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

    @Test
    void whatIsRefusedForAWhileIsArchivedAfterwards() throws Exception {
        try (S3Server s3 = S3Server.start();
                S3Gate gate = S3Gate.before(s3);
                Deployment tidemark = start(s3, gate)) {
            begin(tidemark);
            Process service = tidemark.service("run");
            tidemark.awaitLogged("run", 0, "published segment");

            gate.refuse(S3Gate.NO_SUCH_BUCKET);
            tidemark.execute("crm", "UPDATE public.deal SET note = 'gone'");
            tidemark.awaitLogged(
                    "run",
                    0,
                    " in bucket 'backups': bucket 'backups' does not exist; trying again in ");
            gate.refuse(S3Gate.EXPIRED_TOKEN);
            tidemark.execute("crm", "UPDATE public.deal SET note = 'expired' WHERE id > 9");
            tidemark.awaitLogged(
                    "run",
                    0,
                    " in bucket 'backups': ExpiredToken (HTTP status 400); trying again in ");
            gate.letPass();
            tidemark.execute("crm", "DELETE FROM public.deal WHERE id > 100");
            Truth after = tidemark.truth();
            tidemark.awaitArchivedPast(after);

            assertThat(service.isAlive()).as(tidemark.log("run", 0)).isTrue();
            restore(tidemark, "after", "latest");
            assertThat(tidemark.rows("after")).isEqualTo(after.tables());
            assertThat(succeed(tidemark, "verify").out()).startsWith("whole: ");
        }
    }

    @Tag("long")
    @Test
    void aBucketThatWasEmptiedEndsTheService() throws Exception {
        try (S3Server s3 = S3Server.start();
                S3Gate gate = S3Gate.before(s3);
                Deployment tidemark = start(s3, gate)) {
            begin(tidemark);
            Process service = tidemark.service("run");
            tidemark.awaitLogged("run", 0, "published segment");

            gate.refuse(S3Gate.NO_SUCH_BUCKET);
            ObjectStore bucket = tidemark.store();
            for (String name : bucket.list("", "", 1_000)) {
                bucket.delete(name);
            }
            gate.letPass();
            tidemark.execute("crm", "UPDATE public.deal SET note = 'after'");

            assertThat(service.waitFor(60, TimeUnit.SECONDS)).as(tidemark.log("run", 0)).isTrue();
            assertThat(service.exitValue()).isEqualTo(3);
            assertThat(tidemark.log("run", 0))
                    .contains("error: there is no archive at s3://backups/sales/crm");
            assertThat(bucket.list("manifests/", "", 1)).isEmpty();
        }
    }

    private Deployment start(S3Server s3, S3Gate gate) throws Exception {
        return Deployment.start(
                directory,
                PostgresBinaries.onClassPath(),
                Storage.s3(s3, gate.endpoint(), "sales/crm"),
                "segment: {max-age: 1s}");
    }

    private static void begin(Deployment tidemark) throws Exception {
        tidemark.execute("crm", "CREATE TABLE public.deal (id int PRIMARY KEY, note text)");
        tidemark.execute(
                "crm",
                "INSERT INTO public.deal SELECT i, repeat('x', i) FROM generate_series(1, 500) i");
        succeed(tidemark, "init");
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
