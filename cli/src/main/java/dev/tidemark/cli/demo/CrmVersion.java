package dev.tidemark.cli.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Which names the CRM's tables and columns have: before or after {@link CrmMigration}. */
enum CrmVersion {
    ORIGINAL,
    MIGRATED;

    /** Asks the catalog. */
    static CrmVersion of(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer =
                        statement.executeQuery("SELECT to_regclass('crm.consents') IS NOT NULL")) {
            return answer.next() && answer.getBoolean(1) ? MIGRATED : ORIGINAL;
        }
    }

    /** The name of the column that says how promising a lead is. */
    String rating() {
        return this == MIGRATED ? "grade" : "rating";
    }
}
