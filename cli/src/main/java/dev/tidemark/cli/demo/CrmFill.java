package dev.tidemark.cli.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Fills an empty CRM. The same seed and scale give the same rows, whatever the time, zone or
 * machine.
 *
 * <p>It is one transaction: after a failure the CRM is as empty as before.
 */
public final class CrmFill {
    private static final List<String> IDENTITIES =
            List.of(
                    "crm.users",
                    "crm.accounts",
                    "crm.contacts",
                    "crm.leads",
                    "crm.opportunities",
                    "crm.activities",
                    "crm.cases",
                    "crm.products",
                    "crm.quotes",
                    "crm.custom_fields",
                    "crm.audit_log");

    private final long seed;
    private final CrmSize size;

    /**
     * @param scale 1 is about 60,000 rows in all; fractions are fine
     */
    public CrmFill(long seed, double scale) {
        this.seed = seed;
        this.size = new CrmSize(scale);
    }

    /** Fills and returns the number of rows. */
    public long fill(Connection connection) throws SQLException {
        long[] rows = new long[1];
        CrmUnit.run(connection, () -> rows[0] = copyAll(connection));
        try (Statement statement = connection.createStatement()) {
            // Without statistics the first sessions scan whole tables.
            statement.execute("ANALYZE");
        }
        return rows[0];
    }

    private long copyAll(Connection connection) throws SQLException {
        // Each part has a generator of its own: a change in one leaves the others' rows alone.
        SplittableRandom random = new SplittableRandom(seed);
        FillPeople people = new FillPeople(connection, size, random.split());
        FillSales sales = new FillSales(connection, size, random.split());
        FillTraces traces = new FillTraces(connection, size, random.split());
        FillExtras extras = new FillExtras(connection, size, random.split());
        long rows = people.copy() + sales.copy() + traces.copy() + extras.copy();
        advanceSequences(connection);
        try (Statement statement = connection.createStatement()) {
            statement.execute("REFRESH MATERIALIZED VIEW crm.revenue_by_industry");
        }
        return rows;
    }

    private static void advanceSequences(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String table : IDENTITIES) {
                statement.execute(
                        "SELECT setval(pg_get_serial_sequence('%1$s', 'id'), max(id)) FROM %1$s"
                                .formatted(table));
            }
            statement.execute("SELECT setval('crm.email_uid', max(uid)) FROM crm.emails");
        }
    }
}
