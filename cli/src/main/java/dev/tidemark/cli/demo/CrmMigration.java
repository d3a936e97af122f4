package dev.tidemark.cli.demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The release in the middle of the day: columns added, renamed and dropped, and a new table, while
 * sessions go on.
 *
 * <p>It is one transaction: done whole or not at all. It waits for its locks a little, steps back
 * for the sessions, and tries again.
 */
public final class CrmMigration {
    /**
     * Shorter than the deadlock timeout (1 s): in a deadlock it is the migration that gives way.
     */
    static final String LOCK_TIMEOUT = "SET LOCAL lock_timeout = '500ms'";

    private CrmMigration() {}

    /** Migrates; sessions of a {@link CrmWorkload} are then told by {@code migrated()}. */
    public static void addColumns(Connection connection) throws SQLException {
        CrmUnit.runAmongSessions(connection, () -> migrate(connection));
    }

    private static void migrate(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(LOCK_TIMEOUT);
        }
        CrmSchema.execute(connection, "crm-migration.sql");
    }
}
