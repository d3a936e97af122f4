package dev.tidemark.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.CatalogOracle;
import dev.tidemark.replay.load.RestoreOptions;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.schemas.database.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing that acts on its own acts while a database is restored, and all of it is there
 * afterwards: triggers, rules and event triggers, and foreign keys that rows break.
 */
@ExtendWith(RestoreServer.Shared.class)
final class BehaviourIT {
    private static final Set<String> KINDS =
            Set.of("trigger", "rule", "event trigger", "constraint", "comment", "policy", "rights");

    private static final List<String> SCHEMA =
            List.of(
                    "SET session_replication_role = replica",
                    "CREATE SCHEMA app",
                    "CREATE TABLE app.seen (what text)",
                    "CREATE TABLE app.hen (id integer PRIMARY KEY, egg integer)",
                    "CREATE TABLE app.egg (id integer PRIMARY KEY, hen integer REFERENCES app.hen"
                            + " DEFERRABLE INITIALLY DEFERRED)",
                    "ALTER TABLE app.hen ADD CONSTRAINT laid FOREIGN KEY (egg) REFERENCES app.egg",
                    "CREATE TABLE app.nest (id integer PRIMARY KEY, hen integer, size integer)",
                    "INSERT INTO app.hen VALUES (1, 1), (2, 1)",
                    "INSERT INTO app.egg VALUES (1, 2)",
                    "INSERT INTO app.nest VALUES (1, 99, -1), (2, NULL, 3)",
                    "ALTER TABLE app.nest ADD CONSTRAINT of_hen FOREIGN KEY (hen) REFERENCES app.hen NOT VALID,"
                            + " ADD CONSTRAINT sized CHECK (size > 0) NOT VALID",
                    "CREATE FUNCTION app.note() RETURNS trigger LANGUAGE plpgsql AS"
                            + " 'BEGIN INSERT INTO app.seen VALUES (tg_name); RETURN NEW; END'",
                    "CREATE TRIGGER usual BEFORE INSERT ON app.hen FOR EACH ROW EXECUTE FUNCTION app.note()",
                    "CREATE TRIGGER always BEFORE INSERT ON app.hen FOR EACH ROW EXECUTE FUNCTION app.note()",
                    "ALTER TABLE app.hen ENABLE ALWAYS TRIGGER always",
                    "CREATE TRIGGER replica AFTER INSERT ON app.egg EXECUTE FUNCTION app.note()",
                    "ALTER TABLE app.egg ENABLE REPLICA TRIGGER replica",
                    "CREATE TRIGGER never AFTER INSERT ON app.egg EXECUTE FUNCTION app.note()",
                    "ALTER TABLE app.egg DISABLE TRIGGER never",
                    "CREATE RULE also AS ON INSERT TO app.nest DO ALSO INSERT INTO app.seen VALUES ('rule')",
                    "ALTER TABLE app.nest ENABLE ALWAYS RULE also",
                    "CREATE RULE instead AS ON UPDATE TO app.nest DO INSTEAD NOTHING",
                    "CREATE FUNCTION app.note_command() RETURNS event_trigger LANGUAGE plpgsql AS"
                            + " 'BEGIN INSERT INTO app.seen VALUES (tg_event || '' '' || tg_tag); END'",
                    "CREATE EVENT TRIGGER on_start ON ddl_command_start EXECUTE FUNCTION app.note_command()",
                    "CREATE EVENT TRIGGER on_end ON ddl_command_end EXECUTE FUNCTION app.note_command()",
                    "CREATE EVENT TRIGGER on_drop ON sql_drop EXECUTE FUNCTION app.note_command()",
                    "CREATE EVENT TRIGGER on_rewrite ON table_rewrite EXECUTE FUNCTION app.note_command()",
                    "COMMENT ON EVENT TRIGGER on_end IS 'acts always'",
                    "ALTER EVENT TRIGGER on_start ENABLE ALWAYS",
                    "ALTER EVENT TRIGGER on_end ENABLE ALWAYS",
                    "ALTER EVENT TRIGGER on_drop ENABLE REPLICA",
                    "ALTER EVENT TRIGGER on_rewrite DISABLE");

    @TempDir private Path directory;

    @Test
    void onTheNewestServerNothingActsDuringARestore(RestoreServer server) throws Exception {
        assertNothingActs(server);
    }

    @Test
    void onTheOldestServerNothingActsDuringARestore() throws Exception {
        try (RestoreServer server = RestoreServer.oldest(directory)) {
            assertNothingActs(server);
        }
    }

    private static void assertNothingActs(RestoreServer server) throws Exception {
        Database source = server.newDatabase();
        RestoreServer.run(source, SCHEMA);
        HandmadeArchive archive = SampleSource.archive(server, source, "behaviour");
        archive.segment(List.of());
        Database target = server.newDatabase();

        RestoreReport report =
                RestoreServer.restore(target, archive.foldLatest(), RestoreOptions.of(2));

        assertThat(report.leftOut()).isEmpty();
        try (Connection there = target.connect();
                Connection here = source.connect()) {
            assertThat(RestoreServer.rows(there, "SELECT * FROM app.seen"))
                    .isEqualTo(RestoreServer.rows(here, "SELECT * FROM app.seen"));
            assertThat(RestoreServer.rows(there, "SELECT * FROM app.nest ORDER BY id"))
                    .containsExactly("[1, 99, -1]", "[2, null, 3]");
            assertThat(facts(there)).isEqualTo(facts(here));
        }
        assertThatTheyActAfterwards(target);
    }

    private static void assertThatTheyActAfterwards(Database target) throws SQLException {
        RestoreServer.run(
                target,
                List.of(
                        "INSERT INTO app.hen VALUES (3, 1)",
                        "INSERT INTO app.nest VALUES (3, 3, 1)",
                        "CREATE TABLE app.later ()"));
        try (Connection there = target.connect()) {
            assertThat(RestoreServer.rows(there, "SELECT what FROM app.seen"))
                    .endsWith(
                            "[always]",
                            "[usual]",
                            "[rule]",
                            "[ddl_command_start CREATE TABLE]",
                            "[ddl_command_end CREATE TABLE]");
        }
    }

    private static List<String> facts(Connection connection) throws SQLException {
        List<String> lines = new ArrayList<>();
        for (CatalogOracle.Question question : CatalogOracle.ALL) {
            if (KINDS.contains(question.kind())) {
                lines.addAll(CatalogOracle.answers(connection, question));
            }
        }
        return lines;
    }
}
