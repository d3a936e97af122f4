package dev.tidemark.capture.source.catalog;

import dev.tidemark.schemas.catalog.SequenceState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads where the sequences of a database stand. */
final class SequenceReader {
    /** Sequences asked in one statement; more would make its text and its locks large. */
    private static final int BATCH_MAX = 500;

    private final Connection connection;

    SequenceReader(Connection connection) {
        this.connection = connection;
    }

    /** States by the sequence's id. */
    Map<Long, SequenceState> read() throws SQLException {
        Map<Long, SequenceState> states = new HashMap<>();
        Map<Long, String> uncalled = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(CatalogSql.allSequences())) {
            while (rows.next()) {
                long last = rows.getLong("last_value");
                if (rows.wasNull()) {
                    uncalled.put(rows.getLong("id"), rows.getString("name"));
                }
                states.put(rows.getLong("id"), state(rows, last));
            }
        }
        completeUncalled(states, new ArrayList<>(uncalled.entrySet()));
        return states;
    }

    private static SequenceState state(ResultSet row, long last) throws SQLException {
        long table = row.getLong("owner_table");
        boolean owned = !row.wasNull();
        return new SequenceState(
                last,
                true,
                owned ? Optional.of(table) : Optional.empty(),
                owned ? Optional.of(row.getInt("owner_column")) : Optional.empty(),
                row.getBoolean("identity"));
    }

    /** Only the sequence itself tells the value that comes first: setval may have changed it. */
    private void completeUncalled(
            Map<Long, SequenceState> states, List<Map.Entry<Long, String>> uncalled)
            throws SQLException {
        for (int from = 0; from < uncalled.size(); from += BATCH_MAX) {
            int to = Math.min(uncalled.size(), from + BATCH_MAX);
            String query =
                    uncalled.subList(from, to).stream()
                            .map(
                                    sequence ->
                                            "SELECT %d::bigint, last_value, is_called FROM %s"
                                                    .formatted(
                                                            sequence.getKey(), sequence.getValue()))
                            .collect(Collectors.joining(" UNION ALL "));
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(query)) {
                while (rows.next()) {
                    long last = rows.getLong(2);
                    boolean called = rows.getBoolean(3);
                    states.computeIfPresent(rows.getLong(1), (id, state) -> state.at(last, called));
                }
            }
        }
    }
}
