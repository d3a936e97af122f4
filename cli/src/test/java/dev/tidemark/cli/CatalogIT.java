package dev.tidemark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.capture.source.catalog.CatalogReader;
import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.cli.embedded.PostgresServer;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A catalog goes from one database through JSON into another, and is the same there. */
final class CatalogIT {
    enum Version {
        NEWEST,
        OLDEST
    }

    private static final AtomicInteger DATABASES = new AtomicInteger();

    /** What a user of either database sees of it; every query orders its rows. */
    private static final List<String> OUTSIDE =
            List.of(
                    """
                    SELECT c.oid::regclass::text, pg_get_viewdef(c.oid), c.reloptions::text, c.relispopulated
                      FROM pg_class c WHERE c.relkind IN ('v', 'm') AND c.relnamespace > 16383 ORDER BY 1
                    """,
                    """
                    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), i.indisvalid,
                           i.indisclustered, i.indisreplident,
                           (SELECT h.inhparent::regclass::text FROM pg_inherits h WHERE h.inhrelid = i.indexrelid)
                      FROM pg_index i WHERE i.indrelid >= 16384
                       AND i.indrelid::regclass::text NOT LIKE 'pg_toast%' ORDER BY 1
                    """,
                    """
                    SELECT k.conrelid::regclass::text, k.contypid::regtype::text, k.conname,
                           pg_get_constraintdef(k.oid), k.convalidated, k.condeferrable, k.condeferred,
                           k.conislocal, k.coninhcount, k.connoinherit
                      FROM pg_constraint k WHERE k.connamespace > 16383 AND k.contype <> 'n'
                       AND (k.contype <> 'f' OR k.conparentid = 0) ORDER BY 1, 2, 3
                    """,
                    """
                    SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid)
                      FROM pg_proc p WHERE p.pronamespace > 16383 AND p.prokind <> 'a' ORDER BY 1
                    """,
                    """
                    SELECT p.oid::regprocedure::text, to_jsonb(a) - 'aggfnoid' - 'aggtranstype' - 'aggmtranstype'
                      FROM pg_proc p JOIN pg_aggregate a ON a.aggfnoid = p.oid
                     WHERE p.pronamespace > 16383 ORDER BY 1
                    """,
                    """
                    SELECT table_schema, table_name, column_name, column_default, is_nullable, data_type,
                           character_maximum_length, numeric_precision, numeric_scale, collation_name,
                           domain_name, udt_schema, udt_name, is_identity, identity_generation,
                           identity_start, identity_increment, identity_maximum, is_generated,
                           generation_expression
                      FROM information_schema.columns
                     WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2, 3
                    """,
                    """
                    SELECT t.oid::regtype::text, t.typtype, t.typnotnull, t.typdefault,
                           (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
                              FROM pg_enum e WHERE e.enumtypid = t.oid)
                      FROM pg_type t WHERE t.typnamespace > 16383 ORDER BY 1
                    """,
                    """
                    SELECT schemaname, sequencename, data_type::text, start_value, min_value, max_value,
                           increment_by, cycle, cache_size, last_value FROM pg_sequences ORDER BY 1, 2
                    """,
                    """
                    SELECT g.tgrelid::regclass::text, pg_get_triggerdef(g.oid), g.tgenabled
                      FROM pg_trigger g WHERE NOT g.tgisinternal OR g.tgparentid <> 0 ORDER BY 1, 2, 3
                    """,
                    "SELECT * FROM pg_policies ORDER BY 1, 2, 3",
                    "SELECT * FROM pg_rules WHERE schemaname <> 'pg_catalog' ORDER BY 1, 2, 3",
                    "SELECT pg_get_statisticsobjdef(oid) FROM pg_statistic_ext ORDER BY 1",
                    """
                    SELECT c.oid::regclass::text, c.relkind, c.relpersistence, c.relreplident,
                           c.relrowsecurity, c.relforcerowsecurity, c.reloptions::text,
                           pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid), c.reloftype::regtype::text
                      FROM pg_class c WHERE c.relnamespace > 16383 AND c.relkind <> 't' ORDER BY 1
                    """,
                    """
                    SELECT a.attrelid::regclass::text, a.attname, a.attstorage, a.attcompression,
                           a.attnotnull, a.attgenerated, a.attidentity
                      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                     WHERE c.relnamespace > 16383 AND c.relkind IN ('r', 'p', 'f') AND a.attnum > 0
                       AND NOT a.attisdropped ORDER BY 1, 2
                    """,
                    """
                    SELECT pg_describe_object(classoid, objoid, objsubid) AS what, description
                      FROM pg_description WHERE objoid >= 16384 ORDER BY 1, 2
                    """,
                    "SELECT evtname, evtevent, evtenabled, evttags::text FROM pg_event_trigger ORDER BY 1");

    @TempDir private static Path directory;
    private static PostgresServer newest;
    private static PostgresServer oldest;

    @BeforeAll
    static void start() {
        Map<String, String> settings = Map.of("fsync", "off");
        newest =
                PostgresServer.start(
                        directory.resolve("newest"), PostgresBinaries.onClassPath(), settings);
        oldest =
                PostgresServer.start(
                        directory.resolve("oldest"),
                        new PostgresBinaries(Path.of("target", "postgres-oldest.jar")),
                        settings);
    }

    @AfterAll
    static void stop() {
        newest.close();
        oldest.close();
    }

    @ParameterizedTest
    @EnumSource
    void aRichSchemaIsTheSameAfterRebuilding(Version version) throws SQLException, IOException {
        assertRebuilds(version, richSchema(version));
    }

    @ParameterizedTest
    @EnumSource
    void theCrmOfTheDemoIsTheSameAfterRebuilding(Version version) throws SQLException, IOException {
        assertRebuilds(version, List.of("demo/crm.sql"));
    }

    private static void assertRebuilds(Version version, List<String> scripts)
            throws SQLException, IOException {
        try (Connection source = newDatabase(version);
                Connection target = newDatabase(version)) {
            runScripts(source, scripts);
            Catalog catalog = read(source);

            byte[] json = CatalogJson.write(catalog);
            Catalog parsed = CatalogJson.readCatalog(json);
            new RebuiltDatabase(source, target).rebuild(parsed);

            assertThat(parsed).isEqualTo(catalog);
            assertThat(CatalogJson.write(parsed)).isEqualTo(json);
            Catalog rebuilt = read(target);
            assertThat(NamedCatalog.lines(rebuilt))
                    .containsExactlyElementsOf(NamedCatalog.lines(catalog));
            for (String query : OUTSIDE) {
                assertThat(rows(target, query))
                        .as(query)
                        .containsExactlyElementsOf(rows(source, query));
            }
        }
    }

    private static List<String> richSchema(Version version) {
        return version == Version.NEWEST
                ? List.of("catalog.sql", "catalog-18.sql")
                : List.of("catalog.sql");
    }

    private static Catalog read(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        Catalog catalog = CatalogReader.read(connection);
        connection.commit();
        connection.setAutoCommit(true);
        return catalog;
    }

    private static List<String> rows(Connection connection, String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(String.valueOf(result.getString(i)));
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }

    private static Connection newDatabase(Version version) throws SQLException {
        PostgresServer server = version == Version.NEWEST ? newest : oldest;
        String name = "catalog_" + DATABASES.incrementAndGet();
        try (Connection connection = connect(server, "postgres");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        return connect(server, name);
    }

    private static Connection connect(PostgresServer server, String database) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(database), server.superuser(), "");
    }

    private static void runScripts(Connection connection, List<String> scripts)
            throws SQLException, IOException {
        for (String script : scripts) {
            try (InputStream in = CatalogIT.class.getResourceAsStream(script);
                    Statement statement = connection.createStatement()) {
                assertThat(in).as(script).isNotNull();
                statement.setEscapeProcessing(false);
                statement.execute(new String(in.readAllBytes(), UTF_8));
            }
        }
    }
}
