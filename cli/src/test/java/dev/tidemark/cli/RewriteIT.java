package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.embedded.PostgresBinaries;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that change all rows of a table, of which the stream shows none. */
final class RewriteIT {
    @TempDir private static Path directory;

    @Test
    void rewrittenRowsAreThoseOfTheSource() throws Exception {
        try (Deployment deployment =
                Deployment.start(
                        directory, PostgresBinaries.onClassPath(), "segment: {max-age: 1s}")) {
            deployment.execute(
                    "crm",
                    """
                    SET search_path = public;
                    CREATE TABLE deal (id int PRIMARY KEY, amount numeric, note text, odd text);
                    CREATE TABLE bag (a int, b text);
                    CREATE TABLE tree (id int, v text) PARTITION BY LIST (id);
                    CREATE TABLE tree_1 PARTITION OF tree FOR VALUES IN (1);
                    CREATE UNLOGGED TABLE scratch (id int PRIMARY KEY, v text);
                    INSERT INTO deal SELECT i, i * 1.50, repeat('n', i % 7), NULL FROM generate_series(1, 2000) i;
                    INSERT INTO deal VALUES (0, NULL, '', E'a "quoted", (text) \\\\ with\\nall \\t of it'),
                        (-1, 'NaN', ',', ')'), (-2, 7, 'null', '"');
                    INSERT INTO bag SELECT i % 3, 'x' FROM generate_series(1, 10) i;
                    INSERT INTO tree VALUES (1, 'one');
                    INSERT INTO scratch VALUES (1, 'a')""");
            deployment.succeed("init");
            deployment.service("run");
            for (String command :
                    List.of(
                            "UPDATE deal SET amount = 0 WHERE id = 1",
                            "ALTER TABLE deal ALTER id TYPE bigint, ADD token uuid DEFAULT gen_random_uuid()",
                            "UPDATE deal SET note = 'later' WHERE id = 2",
                            "DELETE FROM deal WHERE id = 3",
                            "ALTER TABLE bag ADD c float8 DEFAULT random()",
                            "ALTER TABLE bag ALTER a TYPE text USING a || '!'",
                            "ALTER TABLE tree ALTER v TYPE varchar(9)",
                            "ALTER TABLE scratch SET LOGGED",
                            "INSERT INTO scratch VALUES (2, 'b')",
                            "BEGIN; ALTER TABLE deal ALTER amount TYPE text; ROLLBACK")) {
                deployment.execute("crm", "SET search_path = public; " + command);
            }
            Truth truth = deployment.truth();
            deployment.awaitArchivedPast(truth);

            assertThat(deployment.restored("restored", "--to", truth.position().toString()))
                    .isEqualTo(truth.tables());
        }
    }
}
