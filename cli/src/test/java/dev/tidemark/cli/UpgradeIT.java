package dev.tidemark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.capture.source.catalog.CatalogReader;
import dev.tidemark.cli.CatalogOracle.Question;
import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.cli.embedded.PostgresServer;
import dev.tidemark.cli.embedded.Release;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.database.DatabaseUrl;
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
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application on the oldest server goes on with the newest. */
final class UpgradeIT {
    private static final List<String> ROLES =
            List.of("upgrade_sales", "upgrade_reports", "\"Upgrade's guest\"");

    private static final List<String> VIEWS =
            List.of(
                    "crm.people",
                    "crm.robots",
                    "report.pipeline",
                    "report.managers",
                    "report.by_month",
                    "report.top()");

    private static final Pattern NOT_NULL = Pattern.compile("^constraint .* \\| NOT NULL");
    private static final Pattern VIEW =
            Pattern.compile("(?s)^(view \\| [^|]+ \\| [vm] \\| ).* (\\| [^|]* \\| [tf])$");

    /**
     * Until 16 it keeps its owner when its range gets another; since 17 it has that of its range.
     */
    private static final String MULTIRANGE = "rights | type | crm.validities | ";

    @TempDir private Path directory;

    @Test
    void anApplicationOfTheOldestServerIsTheSameOnTheNewest() throws Exception {
        try (Deployment tidemark =
                        Deployment.start(
                                directory,
                                Release.OLDEST.binaries(),
                                "segment: {max-age: 1s}\ncapture: {heartbeat: 500ms}");
                PostgresServer newest =
                        PostgresServer.start(
                                directory.resolve("newest"),
                                PostgresBinaries.onClassPath(),
                                Map.of("fsync", "off"))) {
            for (String role : ROLES) {
                tidemark.execute("postgres", "CREATE ROLE " + role);
            }
            run(tidemark, "application.sql");
            tidemark.succeed("init");
            tidemark.service("run");
            run(tidemark, "release.sql");
            Deployment.Truth cut = tidemark.truth();
            tidemark.awaitArchivedPast(cut.position(), cut.time());
            Database moved = moved(newest);

            Deployment.Outcome outcome =
                    tidemark.succeed(
                            "restore",
                            "--to",
                            cut.position().toString(),
                            "--into",
                            moved.url().toString());

            assertThat(outcome.err()).doesNotContain("left out", "the role");
            try (Connection source = tidemark.connect();
                    Connection target = moved.connect()) {
                assertThat(facts(target)).containsExactlyElementsOf(facts(source));
                assertThat(rows(target)).isEqualTo(cut.tables());
                for (String view : VIEWS) {
                    assertThat(rowsOf(view, target)).as(view).isEqualTo(rowsOf(view, source));
                }
            }
        }
    }

    /** An empty database, and the roles. */
    private static Database moved(PostgresServer newest) throws SQLException {
        try (Connection maintenance = database(newest, "postgres").connect();
                Statement statement = maintenance.createStatement()) {
            for (String role : ROLES) {
                statement.execute("CREATE ROLE " + role);
            }
            statement.execute("CREATE DATABASE moved TEMPLATE template0");
        }
        return database(newest, "moved");
    }

    private static Database database(PostgresServer server, String name) {
        return new Database(
                Database.Role.TARGET,
                DatabaseUrl.parse(
                        "postgresql://%s@127.0.0.1:%d/%s"
                                .formatted(server.superuser(), server.port(), name)),
                Optional.empty());
    }

    private static List<String> facts(Connection connection) throws SQLException {
        List<String> facts = new ArrayList<>();
        for (Question question : CatalogOracle.ALL) {
            CatalogOracle.answers(connection, question).stream()
                    .map(UpgradeIT::withoutWhatVersionsDecide)
                    .filter(fact -> !fact.startsWith(MULTIRANGE))
                    .filter(fact -> !NOT_NULL.matcher(fact).find()) // named since 18
                    .forEach(facts::add);
        }
        facts.sort(null);
        return facts;
    }

    /**
     * The differences between PostgreSQL 15 and 18 that are not a restore's: versions of
     * extensions; how a view's query is printed (since 16 without the names of tables where one is
     * enough), so that its rows are compared instead; that partitions have the identity of their
     * parent (since 17); that owners maintain their tables by a right (since 17).
     */
    private static String withoutWhatVersionsDecide(String fact) {
        return switch (fact.substring(0, fact.indexOf(' '))) {
            case "extension" -> fact.substring(0, fact.lastIndexOf(" | "));
            case "view" -> VIEW.matcher(fact).replaceFirst("$1$2");
            case "column" ->
                    fact.replaceFirst("^(column \\| crm\\.activities_.*) \\| a \\|", "$1 |  |");
            case "rights" -> fact.replaceFirst("MAINTAIN to (\\S+) by \\1, ", "");
            default -> fact;
        };
    }

    private static List<String> rowsOf(String view, Connection connection) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT to_jsonb(v) FROM %s v ORDER BY to_jsonb(v)::text COLLATE pg_catalog.\"C\""
                                        .formatted(view))) {
            while (row.next()) {
                rows.add(row.getString(1));
            }
        }
        assertThat(rows).as(view).isNotEmpty();
        return rows;
    }

    private static Map<String, RowsChecksum> rows(Connection connection) throws SQLException {
        Map<String, RowsChecksum> tables = new TreeMap<>();
        connection.setAutoCommit(false);
        for (Table table : CatalogReader.read(connection).tables()) {
            if (table.holdsRows()) {
                tables.put(table.displayName(), RowsChecksum.ofTable(connection, table));
            }
        }
        connection.commit();
        return tables;
    }

    /** Each statement for itself: one may use what another adds to an enum. */
    private static void run(Deployment tidemark, String script) throws SQLException, IOException {
        try (InputStream in = UpgradeIT.class.getResourceAsStream("upgrade/" + script);
                Connection user = simple(tidemark.database("crm").url());
                Statement statement = user.createStatement()) {
            assertThat(in).as(script).isNotNull();
            String text = new String(in.readAllBytes(), UTF_8);
            for (String command : text.split(";\n(?!END)(?=[A-Z\n-])")) {
                statement.execute(command);
            }
        }
    }

    /** The driver would split a statement at a semicolon within a function's body. */
    private static Connection simple(DatabaseUrl url) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://%s:%d/%s?preferQueryMode=simple"
                        .formatted(url.host(), url.port(), url.database()),
                url.user(),
                "");
    }
}
