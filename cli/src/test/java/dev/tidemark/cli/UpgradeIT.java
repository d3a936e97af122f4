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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Applications on the oldest server go on with the newest: a CRM with all that PostgreSQL has, and
 * Odoo.
 */
final class UpgradeIT {
    private static final List<String> ROLES =
            List.of("upgrade_sales", "upgrade_reports", "\"Upgrade's guest\"", "upgrade_odoo");

    private static final List<String> VIEWS =
            List.of(
                    "crm.people",
                    "crm.robots",
                    "report.pipeline",
                    "report.managers",
                    "report.by_month",
                    "report.top()",
                    "public.crm_activity_report",
                    "public.sale_report");

    /**
     * Statements to Odoo's tables, and what both servers answer, or which constraint refuses them.
     */
    private static final Map<String, String> ANSWERS =
            Map.of(
                    "UPDATE crm_lead SET probability = 101 WHERE id = 1",
                    "refused by crm_lead_check_probability",
                    "DELETE FROM crm_lost_reason WHERE id = 2",
                    "refused by crm_lead_lost_reason_id_fkey",
                    "INSERT INTO crm_lead_tag (name) VALUES ('{\"en_US\": \"Design\"}')",
                    "refused by crm_lead_tag_name_uniq",
                    "UPDATE product_product SET product_tmpl_id = 1",
                    "refused by product_product_combination_unique",
                    "DELETE FROM crm_lead WHERE id = 1; SELECT count(*) FROM sale_order",
                    "30", // of 31, since the upgrade made it cascade
                    "INSERT INTO crm_lead (name, type) VALUES ('next', 'lead') RETURNING id",
                    "122",
                    "SELECT nextval('ir_sequence_001')",
                    "1160", // 31 numbers from 1000 by 5, then by 10
                    "SELECT count(*) FROM res_partner WHERE unaccent(name) ILIKE '%societe generique 3%'",
                    "10",
                    "SELECT DISTINCT lost_reason_id FROM crm_activity_report WHERE lead_id = 2",
                    "2");

    private static final Pattern CONSTRAINT = Pattern.compile("constraint \"([^\"]+)\"");
    private static final Pattern NOT_NULL = Pattern.compile("^constraint .* \\| NOT NULL");
    private static final Pattern VIEW =
            Pattern.compile("(?s)^(view \\| [^|]+ \\| [vm] \\| ).* (\\| [^|]* \\| [tf] \\| \\w+)$");

    /**
     * Until 16 it keeps its owner when its range gets another; since 17 it has that of its range.
     */
    private static final String MULTIRANGE = "rights | type | crm.validities | ";

    /**
     * Of what PostgreSQL and extensions bring along: versions differ where no role of ours has
     * rights.
     */
    private static final String BROUGHT = "rights | brought ";

    /** What Odoo alters; others differ between versions of their extensions. */
    private static final String ALTERED = "altered function | unaccent_schema.unaccent";

    @TempDir private Path directory;

    @Test
    void applicationsOfTheOldestServerAreTheSameOnTheNewest() throws Exception {
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
            run(tidemark, "odoo.sql");
            tidemark.succeed("init");
            tidemark.service("run");
            run(tidemark, "odoo-release.sql");
            awaitLook(tidemark);
            run(tidemark, "release.sql");
            Truth cut = tidemark.truth();
            tidemark.awaitArchivedPast(
                    cut.later(Duration.ofSeconds(2))); // a sample of the sequences after it
            Database moved = moved(newest);

            Outcome outcome =
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
            for (Map.Entry<String, String> answer : ANSWERS.entrySet()) {
                for (Database database : List.of(tidemark.database("crm"), moved)) {
                    assertThat(answer(database, answer.getKey()))
                            .as("%s in %s", answer.getKey(), database)
                            .isEqualTo(answer.getValue());
                }
            }
        }
    }

    /** Changes of the schema in transactions that are repeatable read are exact after a look. */
    private static void awaitLook(Deployment tidemark) throws SQLException {
        String now = tidemark.ask("crm", "SELECT pg_current_wal_insert_lsn()");
        tidemark.awaitInSource(
                "SELECT state::pg_lsn > '%s' FROM tidemark.seen WHERE what = 'looked'"
                        .formatted(now));
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
                    .filter(
                            fact ->
                                    !fact.startsWith("altered function")
                                            || fact.startsWith(ALTERED))
                    .filter(fact -> !fact.startsWith(BROUGHT) || fact.contains(" to upgrade_"))
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

    /** The first value of a statement's last result, or what refuses it. Its rows do not stay. */
    private static String answer(Database database, String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET search_path = public");
            try {
                boolean isRows = statement.execute(sql);
                while (!isRows && statement.getUpdateCount() >= 0) {
                    isRows = statement.getMoreResults();
                }
                ResultSet row = statement.getResultSet();
                row.next();
                return row.getString(1);
            } catch (SQLException e) {
                Matcher constraint = CONSTRAINT.matcher(e.toString());
                assertThat(constraint.find()).as(e.toString()).isTrue();
                return "refused by " + constraint.group(1);
            } finally {
                connection.rollback();
            }
        }
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
