package dev.tidemark.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.cli.CatalogOracle;
import dev.tidemark.replay.load.RestoreOptions;
import dev.tidemark.replay.load.RestorePhase;
import dev.tidemark.replay.load.RestoreProgress;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.replay.load.RightsPart;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Owners and rights in a restored database. */
@ExtendWith(RestoreServer.Shared.class)
final class RightsIT {
    private static final List<String> ROLES =
            List.of(
                    "CREATE ROLE rights_owner",
                    "CREATE ROLE rights_reader",
                    "CREATE ROLE rights_writer",
                    "CREATE ROLE rights_user LOGIN",
                    "GRANT rights_owner TO rights_user",
                    "CREATE ROLE rights_setter LOGIN",
                    "GRANT rights_owner TO rights_setter WITH INHERIT FALSE, SET TRUE");

    private static final List<String> SCHEMA =
            List.of(
                    "CREATE SCHEMA app AUTHORIZATION rights_owner",
                    "SET ROLE rights_owner",
                    "CREATE TABLE app.deal (id serial PRIMARY KEY, amount numeric, secret text)",
                    "INSERT INTO app.deal (amount) VALUES (1), (2)",
                    "ALTER TABLE app.deal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
                    "CREATE VIEW app.deals AS SELECT id, amount FROM app.deal",
                    "CREATE FUNCTION app.total() RETURNS numeric LANGUAGE sql SECURITY DEFINER"
                            + " AS 'SELECT sum(amount) FROM app.deal'",
                    "REVOKE ALL ON FUNCTION app.total() FROM PUBLIC",
                    "GRANT USAGE ON SCHEMA app TO rights_reader, rights_writer",
                    "GRANT EXECUTE ON FUNCTION app.total() TO rights_reader",
                    "GRANT SELECT ON app.deals TO rights_reader WITH GRANT OPTION",
                    "GRANT SELECT (id), UPDATE (amount) ON app.deal TO rights_writer",
                    "ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO rights_reader",
                    "RESET ROLE",
                    "SET ROLE rights_reader",
                    "GRANT SELECT ON app.deals TO rights_writer",
                    "RESET ROLE");

    private static RestoreServer server;
    private static int archives;

    @BeforeAll
    static void createRoles(RestoreServer shared) throws SQLException {
        server = shared;
        RestoreServer.run(server.database("postgres"), ROLES);
    }

    @Test
    void theyAreThoseOfTheSource() throws Exception {
        Database source = server.newDatabase();
        HandmadeArchive.Folded folded = folded(source);
        Database target = server.newDatabase();

        RestoreReport report = RestoreServer.restore(target, folded, RestoreOptions.of(2));

        assertThat(report.leftOut()).isEmpty();
        assertThat(report.warnings()).isEmpty();
        assertThat(rights(target)).isEqualTo(rights(source));
    }

    @Test
    void withoutOwnersAllBelongsToTheUserAndTheRightsRemain() throws Exception {
        HandmadeArchive.Folded folded = folded(server.newDatabase());
        Database target = server.newDatabase();

        RestoreServer.restore(
                target, folded, new RestoreOptions(2, EnumSet.of(RightsPart.PRIVILEGES), Set.of()));

        assertThat(rights(target))
                .contains(
                        "rights | relation | app.deals | postgres | DELETE to postgres by postgres,"
                                + " INSERT to postgres by postgres, MAINTAIN to postgres by postgres,"
                                + " REFERENCES to postgres by postgres, SELECT to postgres by postgres,"
                                + " TRIGGER to postgres by postgres, TRUNCATE to postgres by postgres,"
                                + " UPDATE to postgres by postgres, SELECT* to rights_reader by postgres,"
                                + " SELECT to rights_writer by rights_reader");
    }

    @Test
    void withoutPrivilegesThereAreOnlyOwners() throws Exception {
        HandmadeArchive.Folded folded = folded(server.newDatabase());
        Database target = server.newDatabase();

        RestoreServer.restore(
                target, folded, new RestoreOptions(2, EnumSet.of(RightsPart.OWNERS), Set.of()));

        assertThat(rights(target))
                .contains(
                        "rights | function | app.total() | rights_owner | EXECUTE to public by rights_owner,"
                                + " EXECUTE to rights_owner by rights_owner")
                .noneMatch(line -> line.startsWith("rights | default"));
    }

    @Test
    void anOrdinaryUserGivesWhatItMay() throws Exception {
        Database source = server.newDatabase();
        HandmadeArchive.Folded folded = folded(source);
        String name = server.newDatabase("OWNER rights_user").url().database();

        RestoreReport report =
                RestoreServer.restore(
                        server.database("rights_user", name), folded, RestoreOptions.of(2));

        assertThat(report.leftOut()).isEmpty();
        assertThat(report.warnings())
                .containsExactly(
                        "the user may not act as the role rights_reader: it had granted rights to view app.deals");
        List<String> expected = new ArrayList<>(rights(source));
        expected.replaceAll(line -> line.replace("by rights_reader", "by rights_owner"));
        assertThat(rights(server.database(name))).isEqualTo(expected);
    }

    @Test
    void whoMayBecomeTheOwnerAndHasNotItsRightsGivesThemTooAndGoesOnWhereThatBrokeOff()
            throws Exception {
        Database source = server.newDatabase();
        RestoreServer.run(source, SCHEMA);
        HandmadeArchive archive = SampleSource.archive(server, source, "rights" + archives++);
        archive.segment(List.of());
        String name = server.newDatabase("OWNER rights_setter").url().database();
        Database target = server.database("rights_setter", name);
        Thread runner = Thread.currentThread();
        RestoreProgress interrupting =
                (phase, done, total) -> {
                    if (phase == RestorePhase.RIGHTS && done == total) {
                        runner.interrupt();
                    }
                };
        assertThatThrownBy(() -> RestoreServer.restore(target, archive.foldLatest(), interrupting))
                .isInstanceOf(InterruptedException.class);

        RestoreReport report =
                RestoreServer.restore(
                        target,
                        archive.foldLatest(),
                        RestoreOptions.of(2).withStart(RestoreOptions.Start.UNFINISHED));

        assertThat(report.leftOut()).isEmpty();
        assertThat(report.rows()).isEqualTo(2);
        List<String> expected = new ArrayList<>(rights(source));
        expected.replaceAll(line -> line.replace("by rights_reader", "by rights_owner"));
        assertThat(rights(server.database(name))).isEqualTo(expected);
    }

    private static HandmadeArchive.Folded folded(Database source) throws Exception {
        RestoreServer.run(source, SCHEMA);
        HandmadeArchive archive = SampleSource.archive(server, source, "rights" + archives++);
        archive.segment(List.of());
        return archive.foldLatest();
    }

    private static List<String> rights(Database database) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Connection connection = database.connect()) {
            for (CatalogOracle.Question question : CatalogOracle.RIGHTS) {
                lines.addAll(CatalogOracle.answers(connection, question));
            }
        }
        return lines;
    }
}
