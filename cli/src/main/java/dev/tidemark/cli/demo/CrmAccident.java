package dev.tidemark.cli.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The accident: an import script that takes two thirds of the contacts and opportunities for
 * duplicates and removes them, with all that hangs on them, in one transaction.
 *
 * <p>After a failure nothing was deleted. It locks what it deletes from, so that what it says is
 * exact while sessions go on.
 */
public final class CrmAccident {
    /** Who did it, as the CRM's own columns tell. */
    public static final String ACTOR = "import-script";

    /** These rows go; it is SQL over the column {@code id}. */
    private static final String VICTIM = "id % 3 <> 0";

    private static final String MARKED = "deleted AND modified_by = '" + ACTOR + "'";
    private static final String LOST_CONTACTS =
            "(SELECT id FROM crm.contacts WHERE " + MARKED + ")";
    private static final String LOST_OPPORTUNITIES =
            "(SELECT id FROM crm.opportunities WHERE " + MARKED + ")";

    private final Connection connection;
    private final Map<String, Long> rowsDeleted = new LinkedHashMap<>();
    private long xid;
    private Instant beforeCommit = Instant.EPOCH;

    private CrmAccident(Connection connection) {
        this.connection = connection;
    }

    /**
     * What was lost.
     *
     * @param xid the transaction's 32-bit id
     * @param beforeCommit by the server's clock, just before the commit
     * @param afterCommit by the server's clock, just after it
     * @param rowsDeleted by table, named as in SQL, in the order of deletion
     */
    public record Damage(
            long xid, Instant beforeCommit, Instant afterCommit, Map<String, Long> rowsDeleted) {
        public Damage {
            rowsDeleted = Collections.unmodifiableMap(new LinkedHashMap<>(rowsDeleted));
        }
    }

    /** Lets it happen; needs autocommit to be free to set. */
    public static Damage bulkDelete(Connection connection) throws SQLException {
        CrmAccident accident = new CrmAccident(connection);
        CrmUnit.runAmongSessions(connection, accident::happen);
        return new Damage(
                accident.xid, accident.beforeCommit, accident.now(), accident.rowsDeleted);
    }

    private void happen() throws SQLException {
        rowsDeleted.clear();
        boolean migrated = CrmVersion.of(connection) == CrmVersion.MIGRATED;
        lock(migrated ? ", crm.consents" : "");
        mark("crm.contacts");
        mark("crm.opportunities");
        deleteQuotes();
        deleteWhatHangsOn("contact", LOST_CONTACTS);
        deleteWhatHangsOn("opportunity", LOST_OPPORTUNITIES);
        delete("crm.emails", "contact_id IN " + LOST_CONTACTS);
        if (migrated) {
            delete("crm.consents", "contact_id IN " + LOST_CONTACTS);
        }
        delete("crm.opportunities", MARKED);
        delete("crm.contacts", MARKED);
        xid = currentXid();
        beforeCommit = now();
    }

    private void lock(String moreTables) throws SQLException {
        execute(CrmMigration.LOCK_TIMEOUT);
        execute(
                "LOCK TABLE crm.accounts, crm.contacts, crm.opportunities, crm.quotes,"
                        + " crm.quote_lines, crm.activities, crm.emails, crm.tags,"
                        + " crm.custom_field_values, crm.attachments"
                        + moreTables
                        + " IN EXCLUSIVE MODE");
        execute("SELECT set_config('crm.actor', '" + ACTOR + "', true)");
    }

    private void mark(String table) throws SQLException {
        execute(
                "UPDATE "
                        + table
                        + " SET deleted = true, modified_by = '"
                        + ACTOR
                        + "' WHERE "
                        + VICTIM);
    }

    private void deleteQuotes() throws SQLException {
        String quotes = "opportunity_id IN " + LOST_OPPORTUNITIES;
        delete("crm.quote_lines", "quote_id IN (SELECT id FROM crm.quotes WHERE " + quotes + ")");
        delete("crm.quotes", quotes);
    }

    private void deleteWhatHangsOn(String parentType, String parents) throws SQLException {
        String condition = "parent_type = '" + parentType + "' AND parent_id IN " + parents;
        delete("crm.activities", condition);
        delete("crm.tags", condition);
        delete("crm.custom_field_values", condition);
        delete("crm.attachments", condition);
    }

    private void delete(String table, String condition) throws SQLException {
        long rows = execute("DELETE FROM " + table + " WHERE " + condition);
        rowsDeleted.merge(table, rows, Long::sum);
    }

    private long execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return Math.max(0, statement.getLargeUpdateCount());
        }
    }

    private long currentXid() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer =
                        statement.executeQuery("SELECT pg_current_xact_id()::xid::text")) {
            answer.next();
            return Long.parseLong(answer.getString(1));
        }
    }

    private Instant now() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery("SELECT clock_timestamp()")) {
            answer.next();
            return answer.getObject(1, OffsetDateTime.class).toInstant();
        }
    }
}
