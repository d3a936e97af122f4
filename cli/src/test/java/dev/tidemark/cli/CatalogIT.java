package dev.tidemark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.capture.source.catalog.CatalogFunctions;
import dev.tidemark.capture.source.catalog.CatalogReader;
import dev.tidemark.cli.differential.PgDump;
import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.cli.embedded.PostgresServer;
import dev.tidemark.cli.embedded.Release;
import dev.tidemark.replay.load.SchemaPlan;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.json.CanonicalJson;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
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
                        directory.resolve("oldest"), Release.OLDEST.binaries(), settings);
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
    @EnumSource(names = "NEWEST")
    void theCrmOfTheDemoIsTheSameAfterRebuilding(Version version) throws SQLException, IOException {
        assertRebuilds(version, List.of("demo/crm.sql"));
    }

    /** The demo brings a new server along; what an old one does otherwise, a rich schema shows. */
    @Tag("long")
    @ParameterizedTest
    @EnumSource(names = "OLDEST")
    void theCrmOfTheDemoIsTheSameOnTheOldestToo(Version version) throws SQLException, IOException {
        assertRebuilds(version, List.of("demo/crm.sql"));
    }

    @ParameterizedTest
    @EnumSource
    void theFunctionOfEventTriggersGivesTheTablesOfTheCatalog(Version version)
            throws SQLException, IOException {
        try (Connection source = newDatabase(version)) {
            runScripts(source, richSchema(version));
            List<Table> tables = read(source).tables();
            execute(source, "CREATE SCHEMA tidemark");
            execute(source, String.join("\n", CatalogFunctions.create()));
            execute(source, "SET search_path = app, public");
            execute(source, "SET datestyle = 'ISO, DMY'");
            execute(source, "SET timezone = 'Asia/Tokyo'");
            execute(source, "SET intervalstyle = 'iso_8601'");

            List<Table> states = new ArrayList<>();
            for (Table table : tables) {
                String json = rows(source, stateOf(String.valueOf(table.id()))).getFirst();
                states.add(
                        CanonicalJson.read(
                                json.substring(1).getBytes(UTF_8),
                                Table.class,
                                "a table from its JSON"));
            }

            assertThat(states).containsExactlyElementsOf(tables);
            assertThat(rows(source, stateOf("'app.hens'::regclass"))).containsExactly("[null]");
            assertThat(rows(source, stateOf("0"))).containsExactly("[null]");
        }
    }

    private static String stateOf(String id) {
        return "SELECT tidemark.table_state(%s)".formatted(id);
    }

    @ParameterizedTest
    @EnumSource
    void onlyAnImmediateIndexOverStoredColumnsMakesAKey(Version version)
            throws SQLException, IOException {
        try (Connection source = newDatabase(version)) {
            runScripts(source, richSchema(version));

            Map<String, List<String>> keys = new TreeMap<>();
            for (Table table : read(source).tables()) {
                keys.put(table.name(), keyNames(table));
            }

            assertThat(keys)
                    .containsEntry("hen", List.of("id"))
                    .containsEntry("Konto \"x\"", List.of("ID"))
                    .containsEntry("orders_2025", List.of("id", "day", "region"))
                    .containsEntry("legacy", List.of("tag")) // its replica identity
                    .containsEntry("bag", List.of()) // no index at all
                    .containsEntry("late_key", List.of()) // deferrable
                    .containsEntry("generated_key", List.of()); // not in the stream
        }
    }

    private static List<String> keyNames(Table table) {
        return table.key().stream()
                .map(
                        id ->
                                table.columns().stream()
                                        .filter(column -> column.id() == id)
                                        .findFirst()
                                        .orElseThrow()
                                        .name())
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void valuesOfRowsOlderThanTheirColumnAreKnown(Version version)
            throws SQLException, IOException {
        try (Connection source = newDatabase(version)) {
            runScripts(source, richSchema(version));

            Map<String, String> missing = new TreeMap<>();
            for (Table table : read(source).tables()) {
                for (Column column : table.columns()) {
                    column.missing().ifPresent(value -> missing.put(column.name(), value));
                }
            }

            assertThat(missing)
                    .isEqualTo(
                            Map.of(
                                    "added",
                                    "9",
                                    "later",
                                    "it's missing",
                                    "even_later",
                                    "2024-01-02",
                                    "boxes",
                                    "(1,1),(0,0)",
                                    "lists",
                                    "{a,\"b c\"}"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatBelongsToTidemarkIsNoPartOfTheCatalog(Version version)
            throws SQLException, IOException {
        try (Connection source = newDatabase(version)) {
            execute(source, "CREATE TABLE kept (id integer PRIMARY KEY)");
            Catalog before = read(source);
            execute(source, "CREATE SCHEMA tidemark");
            execute(source, "CREATE TABLE tidemark.state (id serial PRIMARY KEY, v text UNIQUE)");
            execute(source, String.join("\n", CatalogFunctions.create()));
            execute(
                    source,
                    "CREATE FUNCTION tidemark.on_ddl() RETURNS event_trigger LANGUAGE plpgsql"
                            + " AS 'BEGIN END'");
            execute(
                    source,
                    "CREATE EVENT TRIGGER tidemark_ddl ON ddl_command_end EXECUTE FUNCTION"
                            + " tidemark.on_ddl()");
            execute(source, "CREATE PUBLICATION tidemark_kept FOR TABLE kept");
            execute(source, "CREATE TEMP TABLE passing (id integer)");

            assertThat(read(source)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingThatSlowsLoadingDownComesBeforeTheRows(Version version)
            throws SQLException, IOException {
        try (Connection source = newDatabase(version)) {
            runScripts(source, richSchema(version));
            Catalog catalog = read(source);

            SchemaPlan plan = SchemaPlan.of(catalog);

            assertThat(plan).isEqualTo(SchemaPlan.of(catalog));
            assertThat(plan.beforeRows())
                    .noneMatch(
                            text ->
                                    text.matches(
                                            "(?s)CREATE (UNIQUE )?INDEX.*|.*(PRIMARY KEY|FOREIGN KEY|TRIGGER ).*"));
            assertThat(plan.roles()).contains("CREATE ROLE \"catalog's reader\" NOLOGIN");
        }
    }

    @Test
    void everyKindThatTheDocumentCallsExactOrRebuiltIsInTheSchema()
            throws SQLException, IOException {
        try (Connection source = newDatabase(Version.NEWEST)) {
            runScripts(source, richSchema(Version.NEWEST));
            Set<String> kinds = new TreeSet<>(Set.of("table"));
            read(source).objects().forEach(object -> kinds.add(object.kind()));
            kinds.removeAll(FidelityDoc.with(FidelityDoc.objects(), "not held"));

            Set<String> documented = FidelityDoc.with(FidelityDoc.objects(), "exact", "rebuilt");
            documented.removeIf(kind -> kind.startsWith("labels of ")); // SecurityLabelsIT

            assertThat(kinds).isEqualTo(documented);
        }
    }

    private static void execute(Connection connection, String text) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(text);
        }
    }

    private static void assertRebuilds(Version version, List<String> scripts)
            throws SQLException, IOException {
        try (Connection source = newDatabase(version);
                Connection target = newDatabase(version)) {
            runScripts(source, scripts);
            Catalog catalog = read(source);

            byte[] json = CanonicalJson.write(catalog);
            Catalog parsed = CanonicalJson.read(json, Catalog.class, "a catalog from its JSON");
            new RebuiltDatabase(source, target).rebuild(parsed);

            assertThat(parsed).isEqualTo(catalog);
            assertThat(new String(json, UTF_8)).doesNotContain("'secret'"); // of user mappings
            assertThat(CanonicalJson.write(parsed)).isEqualTo(json);
            Catalog rebuilt = read(target);
            assertSame("catalog", NamedCatalog.lines(catalog), NamedCatalog.lines(rebuilt));
            for (CatalogOracle.Question question : CatalogOracle.ALL) {
                assertSame(
                        question.sql(),
                        CatalogOracle.answers(source, question),
                        CatalogOracle.answers(target, question));
            }
            assertSame("pg_dump", dump(source), dump(target));
            for (Table table : catalog.tables()) {
                String query = sortedRows(table);
                assertSame(query, rows(source, query), rows(target, query));
            }
        }
    }

    private static List<String> dump(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        List<String> entries = PgDump.entries(connection, CatalogOracle.kinds());
        connection.setAutoCommit(true);
        return entries;
    }

    private static String sortedRows(Table table) {
        return "SELECT to_jsonb(t) FROM ONLY %s.%s t ORDER BY to_jsonb(t)::text COLLATE \"C\""
                .formatted(quoted(table.schema()), quoted(table.name()));
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** Shows only what differs: catalogs are long. */
    private static void assertSame(String what, List<String> expected, List<String> actual) {
        List<String> missing = new ArrayList<>(expected);
        missing.removeAll(actual);
        List<String> surplus = new ArrayList<>(actual);
        surplus.removeAll(expected);
        assertThat(String.join("\n", surplus)).as(what).isEqualTo(String.join("\n", missing));
        assertThat(actual).as(what).hasSameSizeAs(expected);
    }

    private static List<String> richSchema(Version version) {
        return version == Version.NEWEST
                ? List.of(
                        "catalog.sql",
                        "catalog-rare.sql",
                        "catalog-publications.sql",
                        "catalog-18.sql",
                        "catalog-rights.sql",
                        "catalog-rights-18.sql")
                : List.of(
                        "catalog.sql",
                        "catalog-rare.sql",
                        "catalog-publications.sql",
                        "catalog-rights.sql");
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

    /** The driver would split a statement at a semicolon within a rule or a function's body. */
    private static Connection connect(PostgresServer server, String database) throws SQLException {
        return DriverManager.getConnection(
                server.jdbcUrl(database) + "?preferQueryMode=simple", server.superuser(), "");
    }

    private static void runScripts(Connection connection, List<String> scripts)
            throws SQLException, IOException {
        for (String script : scripts) {
            try (InputStream in = CatalogIT.class.getResourceAsStream(script)) {
                assertThat(in).as(script).isNotNull();
                for (String command : commands(script, new String(in.readAllBytes(), UTF_8))) {
                    execute(connection, command);
                }
            }
        }
    }

    /** Of the rich schema each statement for itself: it uses what it adds to an enum. */
    private static List<String> commands(String script, String text) {
        return script.startsWith("catalog") ? List.of(text.split(";\n(?=[A-Z\n])")) : List.of(text);
    }
}
