package dev.tidemark.cli.demo;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * One signed-in user's connection: what the kinds of transactions are written with. It counts the
 * rows they change. For one thread, but for {@link #abort}.
 */
final class CrmClient implements AutoCloseable {
    private final Connection connection;
    private final SplittableRandom random;
    private final CrmWords words;
    private String actor = "nobody";
    private CrmVersion version = CrmVersion.ORIGINAL;
    private long rowsChanged;

    CrmClient(Connection connection, SplittableRandom random) {
        this.connection = connection;
        this.random = random;
        this.words = new CrmWords(random);
    }

    SplittableRandom random() {
        return random;
    }

    CrmWords words() {
        return words;
    }

    /** Who works here: the value of {@code modified_by}. */
    String actor() {
        return actor;
    }

    CrmVersion version() {
        return version;
    }

    Connection connection() {
        return connection;
    }

    /** Another user signs in; triggers see who it is. */
    void signIn(String user) throws SQLException {
        query("SELECT set_config('crm.actor', ?, false)", user);
        connection.commit();
        actor = user;
    }

    /** Starts counting rows for a transaction that uses the given names. */
    void begin(CrmVersion version) {
        this.version = version;
        rowsChanged = 0;
    }

    long rowsChanged() {
        return rowsChanged;
    }

    /** Runs an INSERT, UPDATE or DELETE and returns the number of rows. */
    int update(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(sql, values)) {
            int rows = statement.executeUpdate();
            rowsChanged += rows;
            return rows;
        }
    }

    /** Runs an INSERT … RETURNING of one row and returns that value. */
    long insert(String sql, Object... values) throws SQLException {
        long id = id(sql, values).orElseThrow();
        rowsChanged++;
        return id;
    }

    /** Runs what is neither: SET, TRUNCATE. */
    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    Optional<Long> id(String sql, Object... values) throws SQLException {
        return query(sql, values).stream()
                .findFirst()
                .map(row -> ((Number) row.get(0)).longValue());
    }

    /** The rows of a SELECT whose columns are never NULL. */
    List<List<Object>> query(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepare(sql, values);
                ResultSet answer = statement.executeQuery()) {
            int columns = answer.getMetaData().getColumnCount();
            List<List<Object>> rows = new ArrayList<>();
            while (answer.next()) {
                List<Object> row = new ArrayList<>(columns);
                for (int i = 1; i <= columns; i++) {
                    row.add(answer.getObject(i));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    /**
     * Some record of a table that has an {@code id}, or none. Old records are picked more often
     * than new ones, so that sessions meet.
     *
     * @param condition SQL over the table's columns
     */
    Optional<Long> pick(String table, String condition) throws SQLException {
        double place = Math.pow(random.nextDouble(), 1.5);
        return id(
                "SELECT id FROM crm.%1$s WHERE id >= (? * (SELECT max(id) FROM crm.%1$s))::bigint AND %2$s ORDER BY id LIMIT 1"
                        .formatted(table, condition),
                place);
    }

    Optional<Long> pick(String table) throws SQLException {
        return pick(table, "true");
    }

    /** Some record that activities, tags, fields and files can hang on. */
    Optional<Parent> pickParent() throws SQLException {
        String type = words.oneOf(CrmWords.PARENTS);
        String table =
                switch (type) {
                    case "account" -> "accounts";
                    case "contact" -> "contacts";
                    case "opportunity" -> "opportunities";
                    default -> "cases";
                };
        return pick(table).map(id -> new Parent(type, id));
    }

    /** Where something hangs on: a reference that no foreign key declares. */
    record Parent(String type, long id) {}

    /** Copies rows into a table. */
    void copy(String target, CopyRows.Rows rows) throws SQLException {
        rowsChanged += CopyRows.copy(connection, target, rows);
    }

    private PreparedStatement prepare(String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    /** Breaks the connection off, from any thread. */
    void abort() throws SQLException {
        connection.abort(Runnable::run);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
