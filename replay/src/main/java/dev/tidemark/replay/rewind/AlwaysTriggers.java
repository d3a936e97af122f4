package dev.tidemark.replay.rewind;

import dev.tidemark.replay.load.Quoted;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Triggers of a table that act in replicas too: they must not see what is no change. */
record AlwaysTriggers(String table, Map<String, String> states) {
    static AlwaysTriggers disable(Connection connection, String table) throws SQLException {
        Map<String, String> states = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT tgname, CASE tgenabled WHEN 'A' THEN 'ALWAYS' ELSE 'REPLICA' END"
                                        + " FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('A', 'R')"
                                        + " AND tgrelid = "
                                        + Quoted.text(table)
                                        + "::regclass")) {
            while (row.next()) {
                states.put(Quoted.name(row.getString(1)), row.getString(2));
            }
        }
        AlwaysTriggers triggers = new AlwaysTriggers(table, states);
        triggers.alter(connection, state -> "DISABLE");
        return triggers;
    }

    void enable(Connection connection) throws SQLException {
        alter(connection, state -> "ENABLE " + state);
    }

    private void alter(Connection connection, UnaryOperator<String> verb) throws SQLException {
        for (Map.Entry<String, String> trigger : states.entrySet()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(
                        "ALTER TABLE ONLY %s %s TRIGGER %s"
                                .formatted(
                                        table, verb.apply(trigger.getValue()), trigger.getKey()));
            }
        }
    }
}
