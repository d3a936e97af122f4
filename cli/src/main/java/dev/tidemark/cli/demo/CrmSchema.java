package dev.tidemark.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables, views, types and triggers of the CRM, as {@code crm.sql} defines them.
 *
 * <p>Creating it is one transaction: after a failure nothing is left.
 */
public final class CrmSchema {
    /** Every table that the fill writes, quoted as SQL needs it, in an order that suits its FKs. */
    public static final List<String> TABLES =
            List.of(
                    "crm.users",
                    "crm.accounts",
                    "crm.contacts",
                    "crm.leads",
                    "crm.opportunities",
                    "crm.activities",
                    "crm.emails",
                    "crm.cases",
                    "crm.products",
                    "crm.quotes",
                    "crm.quote_lines",
                    "crm.tags",
                    "crm.custom_fields",
                    "crm.custom_field_values",
                    "crm.attachments",
                    "crm.import_staging",
                    "crm.audit_log",
                    "\"Sales Ops\".\"Größen & Ziele\"");

    private CrmSchema() {}

    /** Creates both schemas in a database that has neither. */
    public static void create(Connection connection) throws SQLException {
        CrmUnit.run(connection, () -> execute(connection, "crm.sql"));
    }

    /** Runs a script of this package in the connection's transaction. */
    static void execute(Connection connection, String script) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(text(script));
        }
    }

    private static String text(String script) {
        try (InputStream in = CrmSchema.class.getResourceAsStream(script)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its own file " + script);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
