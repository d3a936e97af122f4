package dev.tidemark.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.capture.source.catalog.CatalogReader;
import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.cli.embedded.PostgresServer;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.replay.profile.ProfileFile;
import dev.tidemark.replay.profile.ProfileSuggestion;
import dev.tidemark.replay.profile.ValueSample;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
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
    void aProfileOfItIsProposedLineByLine() throws SQLException {
        filled(source, SEED);

        String proposal;
        Catalog catalog;
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            catalog = CatalogReader.read(connection);
            proposal = ProfileSuggestion.text(catalog, sampled(connection, catalog));
        }

        assertThat(proposal)
                .as(RERUN)
                .isEqualTo(
                        """
                        # A proposal for a profile, by 'tidemark profile --suggest': by names and types of columns, and by values of
                        # some rows. These are guesses: look at each line. docs/profile.md describes the file.

                        # No ready profile (espocrm, odoo, suitecrm, twenty) fits: none of the columns by which they are known is there.

                        modifier: modified_by    # in crm.accounts, crm.activities, crm.attachments and 7 more: a name that many applications give to who changed a row last
                        soft-delete: {deleted: true}    # in crm.accounts, crm.contacts, crm.leads and 1 more: rows stay there, and the application takes them for deleted
                        name: ["{first_name} {last_name}", name, subject, file_name, number, full_name]    # in crm.accounts, crm.custom_fields, crm.opportunities and 8 more: what people rather call a row by than its key

                        users:
                          table: crm.users    # by its name
                          key: login    # 50 of 50 modifiers that were looked at are in it
                          name: full_name    # by the name of the column

                        references:
                          - from: crm.activities.parent_id    # each value of parent_type that was seen is a table's name
                            by: parent_type
                            to:
                              account: crm.accounts.id
                              case: crm.cases.id
                              contact: crm.contacts.id
                              opportunity: crm.opportunities.id
                          - from: crm.attachments.parent_id    # each value of parent_type that was seen is a table's name
                            by: parent_type
                            to:
                              account: crm.accounts.id
                              case: crm.cases.id
                              contact: crm.contacts.id
                              opportunity: crm.opportunities.id
                          - from: crm.audit_log.record_id    # each value of table_name that was seen is a table's name
                            by: table_name
                            to:
                              contacts: crm.contacts.id
                          - {from: crm.cases.contact_id, to: crm.contacts.id}    # by its name, and both are bigint
                          - {from: crm.emails.contact_id, to: crm.contacts.id}    # by its name, and both are bigint
                          - {from: crm.leads.converted_account_id, to: crm.accounts.id}    # by its name, and both are bigint
                          - {from: crm.leads.converted_contact_id, to: crm.contacts.id}    # by its name, and both are bigint
                          - from: crm.tags.parent_id    # each value of parent_type that was seen is a table's name
                            by: parent_type
                            to:
                              account: crm.accounts.id
                              case: crm.cases.id
                              contact: crm.contacts.id
                              opportunity: crm.opportunities.id

                        custom-fields:
                          - from: crm.custom_field_values.parent_id    # a row for each field of a row
                            to: crm.accounts.id
                            when: {parent_type: account}
                            field: field_id
                            value: value
                            names: {table: crm.custom_fields, key: id, name: name}
                          - from: crm.custom_field_values.parent_id    # a row for each field of a row
                            to: crm.cases.id
                            when: {parent_type: case}
                            field: field_id
                            value: value
                            names: {table: crm.custom_fields, key: id, name: name}
                          - from: crm.custom_field_values.parent_id    # a row for each field of a row
                            to: crm.contacts.id
                            when: {parent_type: contact}
                            field: field_id
                            value: value
                            names: {table: crm.custom_fields, key: id, name: name}
                          - from: crm.custom_field_values.parent_id    # a row for each field of a row
                            to: crm.opportunities.id
                            when: {parent_type: opportunity}
                            field: field_id
                            value: value
                            names: {table: crm.custom_fields, key: id, name: name}
                        """);
        assertThat(Profile.of(written(proposal), catalog).references()).hasSize(21);
    }

    private static ProfileFile written(String profile) {
        try {
            return ProfileFile.read(Files.writeString(directory.resolve("profile.yaml"), profile));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ValueSample sampled(Connection connection, Catalog catalog) throws SQLException {
        ValueSample sample = new ValueSample();
        Set<Long> wanted = ProfileSuggestion.wanted(catalog);
        for (Table table : catalog.tables()) {
            if (wanted.contains(table.id())) {
                String columns =
                        table.stored().stream()
                                .map(column -> "\"%s\"::text".formatted(column.name()))
                                .collect(Collectors.joining(", "));
                String query =
                        "SELECT %s FROM \"%s\".\"%s\""
                                .formatted(columns, table.schema(), table.name());
                try (Statement statement = connection.createStatement();
                        ResultSet rows = statement.executeQuery(query)) {
                    while (rows.next()) {
                        sample.add(table, row(rows, table.stored().size()));
                    }
                }
            }
        }
        return sample;
    }

    private static List<Value> row(ResultSet rows, int columns) throws SQLException {
        List<Value> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
            String text = rows.getString(i);
            row.add(text == null ? Value.Mark.NULL : Value.text(text));
        }
        return row;
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
