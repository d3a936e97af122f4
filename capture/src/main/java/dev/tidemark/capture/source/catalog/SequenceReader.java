package dev.tidemark.capture.source.catalog;

import dev.tidemark.schemas.catalog.SequenceState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads where the sequences of a database stand. */
final class SequenceReader {
    /** Sequences asked in one statement; more would make its text large, and its locks many. */
    private static final int BATCH_MAX = 500;

    private final Connection connection;

    SequenceReader(Connection connection) {
        this.connection = connection;
    }

    /** States by the sequence's id. */
    Map<Long, SequenceState> read() throws SQLException {
        Map<Long, SequenceState> states = new HashMap<>();
        Map<Long, String> readable = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(CatalogSql.allSequences())) {
            while (rows.next()) {
                long id = rows.getLong("id");
                states.put(id, state(rows));
                if (rows.getBoolean("is_readable")) {
                    readable.put(id, rows.getString("name"));
                }
            }
        }
        complete(states, new ArrayList<>(readable.entrySet()));
        return states;
    }

    private static SequenceState state(ResultSet row) throws SQLException {
        long table = row.getLong("owner_table");
        boolean owned = !row.wasNull();
        return new SequenceState(
                row.getLong("first_value"),
                true,
                owned ? Optional.of(table) : Optional.empty(),
                owned ? Optional.of(row.getInt("owner_column")) : Optional.empty(),
                row.getBoolean("identity"));
    }

    private void complete(Map<Long, SequenceState> states, List<Map.Entry<Long, String>> readable)
            throws SQLException {
        for (int from = 0; from < readable.size(); from += BATCH_MAX) {
            int to = Math.min(readable.size(), from + BATCH_MAX);
            ask(states, readable.subList(from, to));
        }
    }

    /** Keeps no lock: those of thousands of sequences would be all that the server has. */
    private void ask(Map<Long, SequenceState> states, List<Map.Entry<Long, String>> sequences)
            throws SQLException {
        String query =
                sequences.stream()
                        .map(
                                sequence ->
                                        "SELECT %d::bigint, last_value, is_called FROM %s"
                                                .formatted(sequence.getKey(), sequence.getValue()))
                        .collect(Collectors.joining(" UNION ALL "));
        Savepoint before = connection.setSavepoint();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                long last = rows.getLong(2);
                boolean called = rows.getBoolean(3);
                states.computeIfPresent(rows.getLong(1), (id, state) -> state.at(last, called));
            }
        }
        connection.rollback(before);
        connection.releaseSavepoint(before);
    }
}
