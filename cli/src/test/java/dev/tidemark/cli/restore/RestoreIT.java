package dev.tidemark.cli.restore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.cli.CatalogOracle;
import dev.tidemark.replay.load.RestoreOptions;
import dev.tidemark.replay.load.RestorePhase;
import dev.tidemark.replay.load.RestoreProgress;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.replay.load.TargetContents;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.json.CanonicalJson;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Archives made by hand become databases. What is expected comes from a database to which the same
 * was done in SQL.
 */
@ExtendWith(RestoreServer.Shared.class)
final class RestoreIT {
    private final RestoreServer server;

    RestoreIT(RestoreServer server) {
        this.server = server;
    }

    @Test
    void theRestoredRowsAreThoseOfTheSource() throws Exception {
        Database source = server.newDatabase();
        HandmadeArchive.Folded folded = SampleSource.foldedWithChanges(server, source);
        Database target = server.newDatabase();

        RestoreReport report = RestoreServer.restore(target, folded, RestoreServer.SILENT);

        try (Connection there = target.connect();
                Connection here = source.connect()) {
            Catalog expected = RestoreServer.read(here);
            assertThat(checksums(there, expected)).isEqualTo(checksums(here, expected));
            assertThat(
                            RestoreServer.rows(
                                    there,
                                    "SELECT id, name, notes, mood, paid, loud FROM app.person ORDER BY id"))
                    .isEqualTo(
                            RestoreServer.rows(
                                    here,
                                    "SELECT id, name, notes, mood, paid, loud FROM app.person ORDER BY id"))
                    .hasSize(3);
            assertThat(
                            RestoreServer.rows(
                                    there,
                                    "SELECT a, b, count(*) FROM app.bag GROUP BY a, b ORDER BY a, b"))
                    .containsExactly("[, null, 1]", "[x, 1, 2]", "[y, 2, 2]", "[null, null, 1]");
            assertThat(RestoreServer.rows(there, "SELECT * FROM app.log"))
                    .containsExactly("[9, after]");
            assertThat(RestoreServer.rows(there, "SELECT * FROM app.deal ORDER BY id"))
                    .containsExactly("[1, 1, 10.50, it's]", "[2, 33, 0.00, null]");
            assertThat(RestoreServer.rows(there, "SELECT count(*) FROM app.nothing"))
                    .containsExactly("[2]");
            assertThat(RestoreServer.rows(there, "SELECT * FROM app.calm"))
                    .containsExactly("[1, Ann]");
            assertThat(RestoreServer.rows(there, "SELECT nextval('app.person_id_seq')"))
                    .as("the sample said 3, and a row has 33")
                    .containsExactly("[34]");
            assertThat(
                            RestoreServer.rows(
                                    there, "INSERT INTO app.young (v) VALUES ('w') RETURNING k"))
                    .containsExactly("[42]");
            assertThat(indexes(there)).isEqualTo(indexes(here));
            assertThat(RestoreServer.rows(there, "SELECT to_regnamespace('tidemark_restore')"))
                    .containsExactly("[null]");
        }
        assertThat(report.moment()).isEqualTo("to latest");
        assertThat(report.cut()).isEqualTo(new Position(2000));
        assertThat(report.commitTime()).isEqualTo(HandmadeArchive.SEGMENT_TIME);
        assertThat(report.next()).isEmpty();
        assertThat(report.leftOut()).isEmpty();
        assertThat(report.warnings()).isEmpty();
        assertThat(report.rows()).isEqualTo(15);
        assertThat(report.bytes()).isPositive();
        assertThat(report.durations()).containsOnlyKeys(RestorePhase.values());
    }

    @Test
    void tablesThatAreWantedFirstAreWholeBeforeTheOthersAreLoaded() throws Exception {
        Database source = server.newDatabase();
        HandmadeArchive archive = SampleSource.archiveWithChanges(server, source);
        Database target = server.newDatabase();
        List<String> seen = new ArrayList<>();
        RestoreProgress looking =
                new RestoreProgress() {
                    @Override
                    public void at(RestorePhase phase, long done, long total) {}

                    @Override
                    public void readable(Table table) {
                        try (Connection there = target.connect()) {
                            seen.add(
                                    table.displayName()
                                            + RestoreServer.rows(there, stateOf(table.name())));
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                };

        RestoreReport report =
                RestoreServer.restore(
                        target,
                        archive.foldLatest(),
                        RestoreOptions.of(1).withFirst(Set.of("app.deal", "person")),
                        looking);

        assertThat(seen)
                .as("name, rows of it and of a table that comes later, its keys and indexes")
                .containsExactly(
                        "app.person[[3, 0, app.person_name app.person_pkey]]",
                        "app.deal[[2, 0, app.deal_pkey]]");
        assertThat(report.rows()).isEqualTo(15);
        try (Connection there = target.connect();
                Connection here = source.connect()) {
            for (CatalogOracle.Question question : CatalogOracle.ALL) {
                assertThat(CatalogOracle.answers(there, question))
                        .as(question.kind())
                        .isEqualTo(CatalogOracle.answers(here, question));
            }
        }
    }

    /** How many rows it and a table that comes later have, and its keys and indexes. */
    private static String stateOf(String table) {
        return """
        SELECT (SELECT count(*) FROM app.%1$s), (SELECT count(*) FROM app.bag),
               (SELECT string_agg(indexrelid::regclass::name, ' ' ORDER BY indexrelid::regclass::name)
                  FROM pg_index WHERE indrelid = 'app.%1$s'::regclass)
        """
                .formatted(table);
    }

    @Test
    void aTableThatIsWantedFirstAndIsNoneIsRefusedWithTheNearest() throws Exception {
        HandmadeArchive archive = SampleSource.archiveWithChanges(server, server.newDatabase());
        Database target = server.newDatabase();

        TidemarkException thrown =
                catchThrowableOfType(
                        TidemarkException.class,
                        () ->
                                RestoreServer.restore(
                                        target,
                                        archive.foldLatest(),
                                        RestoreOptions.of(1).withFirst(Set.of("app.persons"))));

        assertThat(thrown)
                .hasMessage(
                        "--priority names the table app.persons, which does not exist at that moment");
        assertThat(thrown.hint()).isEqualTo("Did you mean app.person?");
        assertThat(thrown.kind()).isEqualTo(TidemarkException.Kind.USAGE);
        assertThat(TargetContents.of(target).orElseThrow().isEmpty()).isTrue();
    }

    @Test
    void progressEndsWithEveryRowChecked() throws Exception {
        Database source = server.newDatabase();
        HandmadeArchive.Folded folded = SampleSource.foldedWithChanges(server, source);
        Map<RestorePhase, Long> last = new java.util.concurrent.ConcurrentHashMap<>();

        RestoreServer.restore(
                server.newDatabase(),
                folded,
                (phase, done, total) -> last.merge(phase, done, Math::max));

        assertThat(last)
                .containsOnlyKeys(RestorePhase.values())
                .containsEntry(RestorePhase.ROWS, 15L)
                .containsEntry(RestorePhase.CHECK, 15L);
    }

    @Test
    void anObjectThatTheServerDeclinesIsLeftOutAndNamed() throws Exception {
        Database source = server.newDatabase();
        RestoreServer.run(source, SampleSource.SCHEMA);
        HandmadeArchive archive = SampleSource.archive(server, source, "fits");
        RestoreServer.run(
                source, List.of("DROP VIEW app.calm", "ALTER TABLE app.person DROP COLUMN mood"));
        archive.segment(
                List.of(
                        HandmadeArchive.change(
                                0, SampleSource.schema(RestoreServer.read(source)))));
        Database target = server.newDatabase();

        RestoreReport report =
                RestoreServer.restore(target, archive.foldLatest(), RestoreServer.SILENT);

        assertThat(report.leftOut())
                .containsExactly("view app.calm: column \"mood\" does not exist");
        try (Connection there = target.connect()) {
            assertThat(RestoreServer.rows(there, "SELECT count(*) FROM app.person"))
                    .containsExactly("[3]");
        }
    }

    @Test
    void aPublicationThatOnlyASuperuserMakesIsLeftOutAndNamed() throws Exception {
        Database source = server.newDatabase();
        RestoreServer.run(source, SampleSource.SCHEMA);
        RestoreServer.run(
                source,
                List.of(
                        "CREATE PUBLICATION everything FOR ALL TABLES",
                        "CREATE PUBLICATION people FOR TABLE app.person"));
        HandmadeArchive archive = SampleSource.archive(server, source, "published");
        archive.segment(List.of());
        String name = server.newDatabase().url().database();
        RestoreServer.run(
                server.database("postgres"),
                List.of(
                        "CREATE ROLE p_" + name + " LOGIN NOSUPERUSER",
                        "ALTER DATABASE " + name + " OWNER TO p_" + name));
        Database target = server.database("p_" + name, name);

        RestoreReport report =
                RestoreServer.restore(target, archive.foldLatest(), RestoreServer.SILENT);

        assertThat(report.leftOut())
                .containsExactly(
                        "publication everything: must be superuser to create FOR ALL TABLES publication");
        try (Connection there = target.connect()) {
            assertThat(
                            RestoreServer.rows(
                                    there, "SELECT pubname, tablename FROM pg_publication_tables"))
                    .containsExactly("[people, person]");
        }
    }

    @Test
    void aTableWhoseAccessMethodIsNotThereIsStoredAsHeapAndNamed() throws Exception {
        Database source = server.newDatabase();
        RestoreServer.run(source, SampleSource.SCHEMA);
        HandmadeArchive archive = SampleSource.archive(server, source, "stored");
        String catalog = new String(CanonicalJson.write(RestoreServer.read(source)), UTF_8);
        archive.segment(
                List.of(
                        HandmadeArchive.change(
                                0,
                                SampleSource.schema(
                                        CanonicalJson.read(
                                                catalog.replace(
                                                                "\"accessMethod\":null",
                                                                "\"accessMethod\":\"elsewhere\"")
                                                        .getBytes(UTF_8),
                                                Catalog.class,
                                                "a catalog")))));
        Database target = server.newDatabase();

        RestoreReport report =
                RestoreServer.restore(target, archive.foldLatest(), RestoreServer.SILENT);

        assertThat(report.leftOut()).isEmpty();
        assertThat(report.warnings())
                .contains(
                        "the table app.person is stored as heap: the access method elsewhere does not exist here");
    }

    private static Map<String, RowsChecksum> checksums(Connection connection, Catalog catalog)
            throws SQLException {
        Map<String, RowsChecksum> checksums = new HashMap<>();
        for (Table table : catalog.tables()) {
            checksums.put(table.displayName(), RowsChecksum.ofTable(connection, table));
        }
        return checksums;
    }

    private static List<String> indexes(Connection connection) throws SQLException {
        return RestoreServer.rows(
                connection, "SELECT indexdef FROM pg_indexes WHERE schemaname = 'app' ORDER BY 1");
    }
}
