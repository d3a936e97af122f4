package dev.tidemark.cli;

import dev.tidemark.capture.prepare.SourceSnapshot;
import dev.tidemark.capture.source.catalog.CatalogReader;
import dev.tidemark.replay.load.RowsChecksum;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The source's server, as its superuser sees it: SQL in its databases, and what they hold. */
public final class SourceServer {
    private final Supplier<String> address;
    private final Optional<String> password;

    /**
     * @param address host and port, which may be others when the server was started again
     */
    public SourceServer(Supplier<String> address, Optional<String> password) {
        this.address = address;
        this.password = password;
    }

    public Database database(String name) {
        return new Database(
                Database.Role.TARGET,
                DatabaseUrl.parse("postgresql://postgres@" + address.get() + "/" + name),
                password);
    }

    /** For who opens connections himself. */
    public DataSource dataSource(String name) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl("jdbc:postgresql://" + address.get() + "/" + name);
        source.setUser("postgres");
        password.ifPresent(source::setPassword);
        return source;
    }

    public Connection connect(String name) {
        return database(name).connect();
    }

    public void execute(String name, String sql) throws SQLException {
        try (Connection connection = connect(name);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The one value that a query answers. */
    public String ask(String name, String sql) throws SQLException {
        try (Connection connection = connect(name);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** What a source holds, under a snapshot whose position is known, while others go on. */
    public Truth truth(String name) throws SQLException {
        String slot =
                "truth_" + System.nanoTime(); // the last one's goes a moment after its session
        try (SourceSnapshot snapshot = SourceSnapshot.createTemporary(database(name), slot);
                Connection session = snapshot.session()) {
            Instant time =
                    Instant.parse(
                            ask(
                                    name,
                                    "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"));
            return new Truth(snapshot.position(), time, rows(session));
        }
    }

    /** What a database holds, table by table. */
    public Map<String, RowsChecksum> rows(String name) throws SQLException {
        try (Connection connection = connect(name)) {
            connection.setAutoCommit(false); // one snapshot for all
            return rows(connection);
        }
    }

    private static Map<String, RowsChecksum> rows(Connection connection) throws SQLException {
        Map<String, RowsChecksum> tables = new TreeMap<>();
        for (Table table : CatalogReader.read(connection).tables()) {
            if (table.holdsRows()) {
                tables.put(table.displayName(), RowsChecksum.ofTable(connection, table));
            }
        }
        return tables;
    }
}
