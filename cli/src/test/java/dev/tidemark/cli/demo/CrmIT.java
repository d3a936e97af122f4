package dev.tidemark.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.cli.embedded.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

class CrmIT {
    private static final long SEED = Long.getLong("seed", 20261120);
    private static final String RERUN = "failed at seed " + SEED + "; rerun with -Dseed=" + SEED;
    private static final double SMALL = 0.1;
    private static final AtomicInteger DATABASES = new AtomicInteger();

    @TempDir private static Path directory;

    private static PostgresServer server;

    private DataSource source;

    @BeforeAll
    static void startServer() {
        server =
                PostgresServer.start(
                        directory, PostgresBinaries.onClassPath(), Map.of("fsync", "off"));
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void createDatabase() throws SQLException {
        source = newDatabase();
    }

    @Test
    void theSameSeedGivesTheSameRows() throws SQLException {
        Map<String, String> first = filled(source, SEED);
        Map<String, String> again = filled(newDatabase(), SEED);
        Map<String, String> other = filled(newDatabase(), SEED + 1);

        assertThat(again).as(RERUN).isEqualTo(first);
        assertThat(other.entrySet()).doesNotContainAnyElementsOf(first.entrySet());
    }

    @Test
    void scaleOneIsAboutSixtyThousandRows() throws SQLException {
        long rows;
        try (Connection connection = source.getConnection()) {
            CrmSchema.create(connection);
            rows = new CrmFill(SEED, 1).fill(connection);
        }

        assertThat(rows).isBetween(55_000L, 65_000L);
        assertThat(number("SELECT count(*) FROM crm.emails WHERE length(body) < 6000")).isZero();
        assertThat(toastBytes("crm.emails")).isGreaterThan(5_000_000);
        assertThat(toastBytes("crm.attachments")).isGreaterThan(5_000_000);
    }

    @Test
    void sessionsDoEveryKindOfWorkOnEveryTable() throws SQLException, InterruptedException {
        Map<String, String> before = filled(source, SEED);
        CrmWorkload.Load load = CrmWorkload.Load.endless(SEED, 4).during(Duration.ofSeconds(5));

        CrmCounts counts;
        try (CrmWorkload workload = new CrmWorkload(source, load)) {
            workload.start();
            workload.await();
            assertThat(workload.failures()).as(RERUN).isEmpty();
            counts = workload.counts();
        }

        for (CrmTransaction kind : CrmTransaction.values()) {
            boolean waitsForMigration = kind == CrmTransaction.GIVE_CONSENT;
            assertThat(counts.done().getOrDefault(kind, 0L) > 0)
                    .as(kind.name())
                    .isNotEqualTo(waitsForMigration);
        }
        assertThat(counts.rowsChanged()).isGreaterThan(counts.committed());
        assertThat(checksums(source).entrySet()).doesNotContainAnyElementsOf(before.entrySet());
    }

    @Test
    void aPauseHoldsAllSessionsOutsideOfTransactions() throws SQLException, InterruptedException {
        filled(source, SEED);
        try (CrmWorkload workload = new CrmWorkload(source, CrmWorkload.Load.endless(SEED, 3))) {
            workload.start();
            for (int round = 0; round < 5; round++) {
                workload.pause();
                CrmCounts paused = workload.counts();
                assertThat(openTransactions()).isZero();
                Map<String, String> state = checksums(source);
                assertThat(checksums(source)).isEqualTo(state);
                assertThat(workload.counts()).isEqualTo(paused);
                workload.resume();
                workAwhile(workload);
            }
            assertThat(workload.failures()).as(RERUN).isEmpty();
        }
        assertThat(openTransactions()).isZero();
    }

    @Test
    void theWorkEndsAtItsNumberOfTransactions() throws SQLException, InterruptedException {
        filled(source, SEED);
        try (CrmWorkload workload =
                new CrmWorkload(source, CrmWorkload.Load.endless(SEED, 2).transactions(300))) {
            workload.start();
            workload.await();

            assertThat(workload.failures()).as(RERUN).isEmpty();
            CrmCounts counts = workload.counts();
            assertThat(counts.committed() + counts.rolledBack()).isBetween(200L, 300L);
        }
    }

    @Test
    void theRateIsHeld() throws SQLException, InterruptedException {
        filled(source, SEED);
        CrmWorkload.Load load =
                CrmWorkload.Load.endless(SEED, 4).atMost(50).during(Duration.ofSeconds(2));
        try (CrmWorkload workload = new CrmWorkload(source, load)) {
            workload.start();
            workload.await();

            assertThat(workload.failures()).as(RERUN).isEmpty();
            assertThat(workload.counts().committed()).isBetween(20L, 102L);
        }
    }

    @Test
    void theMigrationRunsWhileSessionsGoOn() throws SQLException, InterruptedException {
        filled(source, SEED);
        CrmWorkload.Load load = CrmWorkload.Load.endless(SEED, 4);
        try (CrmWorkload workload = new CrmWorkload(source, load);
                Connection connection = source.getConnection()) {
            workload.start();
            workAwhile(workload);
            CrmMigration.addColumns(connection);
            workload.migrated();
            workAwhile(workload);

            assertThat(workload.failures()).as(RERUN).isEmpty();
            assertThat(workload.counts().done().get(CrmTransaction.GIVE_CONSENT)).isPositive();
        }
        assertThat(number("SELECT count(*) FROM crm.contacts WHERE lifetime_value > 0"))
                .isPositive();
        assertThat(number("SELECT count(*) FROM crm.accounts WHERE segment IS NOT NULL"))
                .isPositive();
        assertThat(number("SELECT count(*) FROM crm.open_leads WHERE rating IS NOT NULL"))
                .isPositive();
    }

    @Test
    void sessionsThatWereNotToldFindTheNewNamesThemselves()
            throws SQLException, InterruptedException {
        filled(source, SEED);
        CrmWorkload.Load load = CrmWorkload.Load.endless(SEED, 3);
        try (CrmWorkload workload = new CrmWorkload(source, load);
                Connection connection = source.getConnection()) {
            workload.start();
            workAwhile(workload);
            CrmMigration.addColumns(connection);
            workAwhile(workload);

            assertThat(workload.failures()).as(RERUN).isEmpty();
            assertThat(workload.counts().done().get(CrmTransaction.GIVE_CONSENT)).isPositive();
        }
    }

    @Test
    void theAccidentDeletesWhatItSays() throws SQLException {
        filled(source, SEED);
        try (Connection connection = source.getConnection()) {
            CrmMigration.addColumns(connection);
            Map<String, Long> before = counts(CrmSchema.TABLES);

            CrmAccident.Damage damage = CrmAccident.bulkDelete(connection);

            Map<String, Long> lost = counts(CrmSchema.TABLES);
            lost.replaceAll((table, rows) -> before.getOrDefault(table, 0L) - rows);
            lost.keySet().remove("crm.audit_log");
            lost.values().removeIf(rows -> rows == 0);
            Map<String, Long> said = new LinkedHashMap<>(damage.rowsDeleted());
            said.values().removeIf(rows -> rows == 0);
            assertThat(said).containsExactlyInAnyOrderEntriesOf(lost);
            assertThat(said.get("crm.contacts")).isEqualTo(666 + 1);
            assertThat(damage.beforeCommit()).isBeforeOrEqualTo(damage.afterCommit());
            assertThat(text("SELECT DISTINCT actor FROM crm.audit_log WHERE operation = 'DELETE'"))
                    .isEqualTo(CrmAccident.ACTOR);
            assertThat(
                            number(
                                    "SELECT DISTINCT xmin::text::bigint FROM crm.audit_log WHERE operation = 'DELETE'"))
                    .isEqualTo(damage.xid());
        }
    }

    @Test
    void theAccidentHappensWhileSessionsGoOn() throws SQLException, InterruptedException {
        filled(source, SEED);
        try (CrmWorkload workload = new CrmWorkload(source, CrmWorkload.Load.endless(SEED, 4));
                Connection connection = source.getConnection()) {
            workload.start();
            workAwhile(workload);

            CrmAccident.Damage damage = CrmAccident.bulkDelete(connection);

            workAwhile(workload);
            assertThat(damage.rowsDeleted()).containsKeys("crm.contacts", "crm.opportunities");
            assertThat(workload.failures()).as(RERUN).isEmpty();
        }
    }

    @Test
    void aScaleOfNothingIsRefused() {
        assertThatThrownBy(() -> new CrmFill(SEED, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scale 0.0 is not in (0, 100]");
    }

    /** Long enough that every kind of transaction comes up. */
    private static void workAwhile(CrmWorkload workload) throws InterruptedException {
        long more = workload.counts().committed() + 2_000;
        assertThat(workload.awaitCommitted(more))
                .as("work goes on: %s", workload.failures())
                .isTrue();
    }

    private static DataSource newDatabase() throws SQLException {
        String name = "crm" + DATABASES.incrementAndGet();
        try (Connection connection = database("postgres").getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        return database(name);
    }

    private static DataSource database(String name) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(server.jdbcUrl(name));
        database.setUser(server.superuser());
        return database;
    }

    private static Map<String, String> filled(DataSource source, long seed) throws SQLException {
        try (Connection connection = source.getConnection()) {
            CrmSchema.create(connection);
            new CrmFill(seed, SMALL).fill(connection);
        }
        return checksums(source);
    }

    private static Map<String, String> checksums(DataSource source) throws SQLException {
        Map<String, String> checksums = new LinkedHashMap<>();
        for (String table : CrmSchema.TABLES) {
            String query =
                    "SELECT count(*) || ':' || coalesce(md5(string_agg(md5(t::text), ''"
                            + " ORDER BY t::text COLLATE \"C\")), '') FROM "
                            + table
                            + " t";
            checksums.put(table, text(source, query));
        }
        return checksums;
    }

    private Map<String, Long> counts(List<String> tables) throws SQLException {
        Map<String, Long> counts = new LinkedHashMap<>();
        for (String table : tables) {
            counts.put(table, number("SELECT count(*) FROM " + table));
        }
        return counts;
    }

    private long openTransactions() throws SQLException {
        return number(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
                        + " AND backend_type = 'client backend'");
    }

    private long toastBytes(String table) throws SQLException {
        return number(
                "SELECT pg_relation_size(reltoastrelid) FROM pg_class WHERE oid = '"
                        + table
                        + "'::regclass");
    }

    private long number(String query) throws SQLException {
        return Long.parseLong(text(query));
    }

    private String text(String query) throws SQLException {
        return text(source, query);
    }

    /** The one field of the one row. */
    private static String text(DataSource source, String query) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(query)) {
            assertThat(answer.next()).as(query).isTrue();
            String text = String.valueOf(answer.getString(1));
            assertThat(answer.next()).as("a second row of " + query).isFalse();
            return text;
        }
    }
}
