package dev.tidemark.capture.prepare;

import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** How many replication slots and WAL senders a server has in use, and how many it may have. */
record SlotCounts(int slots, int slotsMax, int senders, int sendersMax) {
    static SlotCounts read(Database database) {
        try (Connection connection = database.connectForQuestions()) {
            return read(connection);
        } catch (SQLException e) {
            throw SourceErrors.of("cannot count the slots of the", database, e);
        }
    }

    static SlotCounts read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                """
                                SELECT (SELECT count(*) FROM pg_replication_slots),
                                       current_setting('max_replication_slots')::int,
                                       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'walsender'),
                                       current_setting('max_wal_senders')::int""")) {
            row.next();
            return new SlotCounts(row.getInt(1), row.getInt(2), row.getInt(3), row.getInt(4));
        }
    }

    @Override
    public String toString() {
        return slots + " of " + slotsMax + " are in use";
    }
}
