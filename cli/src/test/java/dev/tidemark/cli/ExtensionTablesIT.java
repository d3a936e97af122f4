package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tables that extensions make: rows of their configuration are the user's, all others are theirs.
 */
final class ExtensionTablesIT {
    private static final String SETTINGS =
            "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms, catalog-interval: 2s}";

    private static final String SCRIPT =
            """
            CREATE TABLE kind (name text PRIMARY KEY, built_in boolean NOT NULL DEFAULT false);
            CREATE TABLE job (id serial PRIMARY KEY, kind text NOT NULL REFERENCES kind, run text CHECK (run <> ''));
            CREATE INDEX ON job (run);
            CREATE TABLE log (line text);
            CREATE TABLE fixed (name text);
            CREATE TABLE keyless (v text);
            INSERT INTO keyless VALUES ('a');
            UPDATE keyless SET v = 'b';
            GRANT SELECT ON kind, log TO public;
            INSERT INTO kind VALUES ('daily', true), ('hourly', true);
            INSERT INTO fixed VALUES ('of the script');
            SELECT pg_extension_config_dump('kind', 'WHERE NOT built_in');
            SELECT pg_extension_config_dump('job', '');
            SELECT pg_extension_config_dump('log', '');
            """;

    private static final String CHANGES =
            """
            INSERT INTO %1$s.kind VALUES ('weekly'), ('never');
            DELETE FROM %1$s.kind WHERE name IN ('never', 'hourly');
            INSERT INTO %1$s.job (kind, run) VALUES ('weekly', 'a'), ('daily', 'b'), ('daily', 'c');
            UPDATE %1$s.job SET run = 'changed' WHERE run = 'b';
            DELETE FROM %1$s.job WHERE run = 'c';
            INSERT INTO %1$s.log VALUES ('twice'), ('twice'), ('once');
            UPDATE %1$s.log SET line = 'more than once' WHERE line = 'once';
            UPDATE %1$s.fixed SET name = 'by a user';
            """;

    @TempDir private static Path directory;

    @Test
    void configurationIsThatOfTheMoment() throws Exception {
        Path share = directory.resolve("share");
        extension(share, "early", 1);
        extension(share, "late", 2);
        try (Deployment tidemark =
                Deployment.start(
                        directory.resolve("site"), PostgresBinaries.onClassPath(), SETTINGS)) {
            tidemark.execute(
                    "postgres",
                    "ALTER SYSTEM SET extension_control_path = '%s:$system'".formatted(share));
            tidemark.execute("postgres", "SELECT pg_reload_conf()");
            tidemark.execute("crm", "CREATE EXTENSION early");
            tidemark.execute("crm", CHANGES.formatted("early"));
            tidemark.succeed("init");
            tidemark.service("run");

            tidemark.execute("crm", "CREATE EXTENSION late VERSION '1'");
            tidemark.execute("crm", CHANGES.formatted("late"));
            tidemark.execute("crm", "UPDATE early.job SET run = 'again'");
            tidemark.execute("crm", "UPDATE early.fixed SET name = 'again'");
            tidemark.execute("crm", "ALTER EXTENSION late UPDATE TO '2'");
            tidemark.execute("crm", "INSERT INTO late.fixed VALUES ('a user''s')");
            tidemark.awaitInSource(
                    "SELECT NOT EXISTS (SELECT FROM tidemark.seen WHERE what LIKE 'untold %')");
            tidemark.execute("crm", "CREATE TABLE public.uses (job int REFERENCES late.job)");
            tidemark.execute("crm", "INSERT INTO public.uses VALUES (1)");
            Truth truth = tidemark.truth();
            tidemark.awaitArchivedPast(truth);

            assertThat(tidemark.restored("copy", "--to", truth.position().toString()))
                    .isEqualTo(truth.tables());
            assertThat(truth.tables())
                    .containsOnlyKeys(
                            "early.job",
                            "early.kind",
                            "early.log",
                            "late.fixed",
                            "late.job",
                            "late.kind",
                            "late.log",
                            "public.uses");
            assertThat(tidemark.ask("copy", "SELECT name FROM early.fixed"))
                    .isEqualTo("of the script");
            assertThat(
                            tidemark.ask(
                                    "copy",
                                    "INSERT INTO late.job (kind, run) VALUES ('daily', 'next') RETURNING id"))
                    .isEqualTo("3");
            anOrdinaryRoleIsToldWhichRowsItMayNotLoad(tidemark, truth);
        }
    }

    /** Triggers and foreign keys of the extension are there, and only a superuser stops them. */
    private static void anOrdinaryRoleIsToldWhichRowsItMayNotLoad(Deployment tidemark, Truth truth)
            throws Exception {
        tidemark.execute("postgres", "CREATE ROLE ordinary LOGIN");
        tidemark.execute("postgres", "CREATE DATABASE ordinary OWNER ordinary");
        Outcome outcome =
                tidemark.tidemark(
                        "restore",
                        "--to",
                        truth.position().toString(),
                        "--no-owner",
                        "--into",
                        tidemark.database("ordinary")
                                .url()
                                .toString()
                                .replace("postgres@", "ordinary@"));

        assertThat(outcome.code()).as(outcome.err()).isEqualTo(1);
        assertThat(outcome.out() + outcome.err())
                .contains("rows of early.kind: permission denied to set parameter");
        assertThat(tidemark.ask("ordinary", "SELECT job FROM public.uses")).isEqualTo("1");
    }

    private static void extension(Path share, String name, int version) throws IOException {
        Path folder = Files.createDirectories(share.resolve("extension"));
        Files.writeString(
                folder.resolve(name + ".control"),
                "default_version = '%d'\nschema = %s\nsuperuser = false".formatted(version, name));
        Files.writeString(folder.resolve(name + "--1.sql"), SCRIPT);
        Files.writeString(
                folder.resolve(name + "--1--2.sql"),
                "SELECT pg_extension_config_dump('fixed', '')");
    }
}
