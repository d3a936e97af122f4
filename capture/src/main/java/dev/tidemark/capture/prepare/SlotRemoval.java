package dev.tidemark.capture.prepare;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Drops a replication slot, and waits a little for a session that is just leaving it. */
public final class SlotRemoval {
    /** A stopped capture's session ends within a second; a running one's never. */
    private static final Duration WAIT_MAX = Duration.ofSeconds(10);

    /** The server waits between two looks: it ends with the session, unlike a sleep here. */
    private static final String PAUSE = "SELECT pg_sleep(0.1)";

    private SlotRemoval() {}

    /**
     * Drops a slot; one that does not exist is fine.
     *
     * @throws TidemarkException (refused) when it is still in use, naming by whom
     */
    public static void dropSlot(Database admin, String slot) {
        try (Connection connection = admin.connect()) {
            long start = System.nanoTime();
            while (!dropped(connection, slot)) {
                if (System.nanoTime() - start > WAIT_MAX.toNanos()) {
                    throw inUse(admin, connection, slot);
                }
                pause(connection);
            }
        } catch (SQLException e) {
            throw SourceErrors.of("cannot drop slot " + slot + " of the", admin, e);
        }
    }

    private static boolean dropped(Connection connection, String slot) throws SQLException {
        try (PreparedStatement drop =
                connection.prepareStatement(
                        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ?")) {
            drop.setString(1, slot);
            drop.executeQuery().close();
            return true;
        } catch (SQLException e) {
            return switch (SourceErrors.state(e)) {
                case SourceErrors.IN_USE -> false;
                case SourceErrors.UNKNOWN -> true;
                default -> throw e;
            };
        }
    }

    private static void pause(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(PAUSE);
        }
    }

    private static TidemarkException inUse(Database admin, Connection connection, String slot)
            throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        """
                        SELECT format('process %s (application %s of role %s)',
                                      s.active_pid, quote_literal(a.application_name), a.usename)
                          FROM pg_replication_slots s JOIN pg_stat_activity a ON a.pid = s.active_pid
                         WHERE s.slot_name = ?""")) {
            query.setString(1, slot);
            try (ResultSet user = query.executeQuery()) {
                String by = user.next() ? user.getString(1) : "another process";
                return TidemarkException.refused(
                        "slot %s of the %s is in use by %s".formatted(slot, admin, by),
                        "Stop 'tidemark capture' or 'tidemark run' for this source, then run the command again.");
            }
        }
    }
}
