package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schema changes of which no event trigger told well are told by a look at the whole catalog. */
final class UntoldSchemaIT {
    @TempDir private static Path directory;

    @Test
    void momentsAfterALookAreExactAgain() throws Exception {
        try (Deployment tidemark =
                Deployment.start(
                        directory,
                        PostgresBinaries.onClassPath(),
                        "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms, catalog-interval: 1s}")) {
            tidemark.execute("crm", "CREATE TABLE public.deal (id int PRIMARY KEY, note text)");
            tidemark.succeed("init");
            tidemark.service("run");
            tidemark.execute(
                    "crm",
                    "BEGIN ISOLATION LEVEL REPEATABLE READ; INSERT INTO public.deal VALUES (1, 'a');"
                            + " ALTER TABLE public.deal ADD amount int DEFAULT 3; COMMIT");
            tidemark.execute("crm", "INSERT INTO public.deal VALUES (2, 'b', 5)");
            tidemark.execute("crm", "ALTER EVENT TRIGGER tidemark_ddl DISABLE");
            tidemark.execute("crm", "ALTER EVENT TRIGGER tidemark_drop DISABLE");
            tidemark.execute(
                    "crm",
                    "ALTER TABLE public.deal DROP note, ADD note text; INSERT INTO public.deal VALUES (3, 4, 'new')");
            tidemark.execute(
                    "crm",
                    "CREATE TABLE public.unseen (gone int, v text); ALTER TABLE public.unseen DROP gone;"
                            + " INSERT INTO public.unseen VALUES ('w')");
            tidemark.execute(
                    "crm",
                    "CREATE VIEW public.rich AS SELECT id FROM public.deal WHERE amount > 4;"
                            + " CREATE FUNCTION public.told() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
                            + " CREATE EVENT TRIGGER mine ON sql_drop EXECUTE FUNCTION public.told()");
            tidemark.execute(
                    "crm",
                    "ALTER EVENT TRIGGER tidemark_ddl ENABLE ALWAYS; ALTER EVENT TRIGGER tidemark_drop ENABLE ALWAYS");
            tidemark.awaitInSource(
                    "SELECT EXISTS (SELECT FROM tidemark.catalog_told WHERE reference = 'view:' || 'public.rich'::regclass::oid)");
            Truth truth = tidemark.truth();
            tidemark.awaitArchivedPast(truth);

            assertThat(tidemark.restored("restored", "--to", truth.position().toString()))
                    .isEqualTo(truth.tables());
            assertThat(tidemark.ask("restored", "SELECT id FROM public.rich")).isEqualTo("2");
            assertThat(tidemark.ask("restored", "SELECT evtname FROM pg_event_trigger"))
                    .isEqualTo("mine");
        }
    }

    @Test
    void rewritesWhileATriggerIsOffAreNotPassedOver() throws Exception {
        try (Deployment tidemark =
                Deployment.start(
                        directory.resolve("off"),
                        PostgresBinaries.onClassPath(),
                        "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms, catalog-interval: 1s}")) {
            tidemark.execute(
                    "crm",
                    "CREATE TABLE public.deal (id int PRIMARY KEY, v int); INSERT INTO public.deal VALUES (1, 1)");
            tidemark.succeed("init");
            tidemark.service("run");
            tidemark.execute("crm", "ALTER EVENT TRIGGER tidemark_rewrite DISABLE");
            tidemark.awaitInSource(
                    "SELECT state LIKE '%tidemark_rewrite D%' FROM tidemark.seen WHERE what = 'triggers'");
            tidemark.execute("crm", "ALTER TABLE public.deal ALTER v TYPE int USING -v");
            Truth unsure = tidemark.truth();
            tidemark.execute("crm", "ALTER EVENT TRIGGER tidemark_rewrite ENABLE ALWAYS");
            tidemark.awaitInSource(
                    "SELECT state LIKE '%tidemark_rewrite A%' FROM tidemark.seen WHERE what = 'triggers'");
            Truth sure = tidemark.truth();
            tidemark.awaitArchivedPast(sure);

            tidemark.execute("postgres", "CREATE DATABASE unsure");
            Outcome refused =
                    tidemark.tidemark(
                            "restore",
                            "--to",
                            unsure.position().toString(),
                            "--into",
                            tidemark.database("unsure").url().toString());
            assertThat(refused.code()).isEqualTo(3);
            assertThat(refused.err())
                    .startsWith("error: not known at ")
                    .contains(": public.deal; a look at the source's catalog at ");
            assertThat(tidemark.restored("restored", "--to", sure.position().toString()))
                    .isEqualTo(sure.tables());
            assertThat(tidemark.ask("restored", "SELECT v FROM public.deal")).isEqualTo("-1");
        }
    }

    @Tag("long")
    @Test
    void rowsAreToldAnewAfterAKeyThatWentUntold() throws Exception {
        try (Deployment tidemark =
                        Deployment.start(
                                directory.resolve("key"),
                                PostgresBinaries.onClassPath(),
                                "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms, catalog-interval: 1s}");
                Connection other = tidemark.connect()) {
            tidemark.execute(
                    "crm",
                    "CREATE TABLE public.deal (id int NOT NULL, v text); CREATE UNIQUE INDEX deal_key ON public.deal (id);"
                            + " ALTER TABLE public.deal REPLICA IDENTITY USING INDEX deal_key;"
                            + " INSERT INTO public.deal VALUES (1, 'a')");
            tidemark.succeed("init");
            tidemark.service("run");
            other.setAutoCommit(false);
            try (Statement statement = other.createStatement()) {
                // What the trigger waits for, for as long as it does.
                statement.execute("SELECT pg_advisory_xact_lock(tidemark.schema_lock() + 1)");
                tidemark.execute("crm", "DROP INDEX public.deal_key");
            }
            other.commit();
            tidemark.execute("crm", "INSERT INTO public.deal VALUES (1, 'a'), (1, 'b')");
            tidemark.awaitInSource(
                    "SELECT row_form = tidemark.row_form('public.deal'::regclass) FROM tidemark.catalog_told"
                            + " WHERE reference = 'table:' || 'public.deal'::regclass::oid");
            Truth truth = tidemark.truth();
            tidemark.awaitArchivedPast(truth);

            assertThat(tidemark.logs()).contains("(dirty): DROP INDEX: canceling statement");
            assertThat(tidemark.restored("restored", "--to", truth.position().toString()))
                    .isEqualTo(truth.tables());
            assertThat(tidemark.ask("restored", "SELECT count(*) FROM public.deal")).isEqualTo("3");
        }
    }
}
