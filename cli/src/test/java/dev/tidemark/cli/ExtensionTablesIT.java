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
        extension(share, "early");
        extension(share, "late");
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

            tidemark.execute("crm", "CREATE EXTENSION late");
            tidemark.execute("crm", CHANGES.formatted("late"));
            tidemark.execute("crm", "UPDATE early.job SET run = 'again'");
            tidemark.execute("crm", "UPDATE early.fixed SET name = 'again'");
            tidemark.execute("crm", "CREATE TABLE public.uses (job int REFERENCES late.job)");
            tidemark.execute("crm", "INSERT INTO public.uses VALUES (1)");
            Deployment.Truth truth = tidemark.truth();
            tidemark.awaitArchivedPast(truth.position(), truth.time());

            assertThat(tidemark.restored("copy", "--to", truth.position().toString()))
                    .isEqualTo(truth.tables());
            assertThat(truth.tables())
                    .containsOnlyKeys(
                            "early.job",
                            "early.kind",
                            "early.log",
                            "late.job",
                            "late.kind",
                            "late.log",
                            "public.uses");
            assertThat(tidemark.ask("copy", "SELECT name FROM early.fixed"))
                    .isEqualTo(tidemark.ask("copy", "SELECT name FROM late.fixed"))
                    .isEqualTo("of the script");
        }
    }

    private static void extension(Path share, String name) throws IOException {
        Path folder = Files.createDirectories(share.resolve("extension"));
        Files.writeString(
                folder.resolve(name + ".control"), "default_version = '1'\nschema = " + name);
        Files.writeString(folder.resolve(name + "--1.sql"), SCRIPT);
    }
}
