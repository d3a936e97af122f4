package dev.tidemark.cli.prepare;

import dev.tidemark.capture.prepare.Preparation;
import dev.tidemark.capture.prepare.SourceNames;
import dev.tidemark.cli.embedded.PostgresServer;
import dev.tidemark.cli.embedded.Release;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/** A server of each version under test, and a fresh database for whoever asks. For one thread. */
final class Sources implements AutoCloseable {
    /** Those that the tests cover. */
    enum Version {
        NEWEST,
        OLDEST;

        Release release() {
            return this == NEWEST ? Release.NEWEST : Release.OLDEST;
        }
    }

    /** What preparing may change. */
    static final List<String> EVERYTHING =
            List.of(
                    "SELECT * FROM tidemark.secret",
                    "SELECT oid, nspname, nspacl FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1",
                    "SELECT oid, pubname, puballtables, pubinsert, pubtruncate FROM pg_publication",
                    "SELECT oid, evtname, evtenabled, evtfoid FROM pg_event_trigger ORDER BY 1",
                    "SELECT oid, proname, proacl, prosrc FROM pg_proc WHERE oid >= 16384 ORDER BY 1",
                    "SELECT oid, relname, relacl, relreplident FROM pg_class WHERE oid >= 16384 ORDER BY 1",
                    "SELECT rolname, rolreplication, rolcanlogin, rolsuper FROM pg_roles ORDER BY 1",
                    "SELECT datacl FROM pg_database WHERE datname = current_database()");

    private final Path directory;
    private final Map<Version, PostgresServer> servers = new EnumMap<>(Version.class);
    private int databases;

    Sources(Path directory) {
        this.directory = directory;
    }

    static PostgresServer server(Path directory, Version version, Map<String, String> settings) {
        return PostgresServer.start(directory, version.release().binaries(), settings);
    }

    /** A database of its own, named {@code db<n>}, as the superuser. */
    Database database(Version version) throws SQLException {
        PostgresServer server =
                servers.computeIfAbsent(
                        version,
                        key ->
                                server(
                                        directory.resolve(key.name()),
                                        key,
                                        Map.of(
                                                "fsync", "off",
                                                "max_replication_slots", "40")));
        String name = "db" + databases++;
        execute(database(server, "postgres", server.superuser()), "CREATE DATABASE " + name);
        return database(server, name, server.superuser());
    }

    /** The capture role of a source, with a name that needs quotes. */
    static String role(Database source) {
        return "capture \"of\" " + source.url().database();
    }

    static SourceNames names(Database source) {
        return SourceNames.of(source.url().database());
    }

    /** A database of its own that was prepared, after these statements. */
    Database prepared(Version version, String... before) throws SQLException {
        Database source = database(version);
        execute(source, before);
        Preparation.run(source, names(source), role(source), Optional.empty(), 1 << 20);
        return source;
    }

    /** The answers to questions, one after the other. */
    static List<String> everything(Database source, List<String> queries) throws SQLException {
        List<String> all = new ArrayList<>();
        for (String query : queries) {
            all.addAll(ask(source, query));
        }
        return all;
    }

    static Database database(PostgresServer server, String name, String user) {
        return new Database(
                Database.Role.SOURCE,
                new DatabaseUrl("127.0.0.1", server.port(), name, user, Map.of()),
                Optional.empty());
    }

    static Database as(Database database, String user) {
        DatabaseUrl url = database.url();
        return new Database(
                database.role(),
                new DatabaseUrl(url.host(), url.port(), url.database(), user, url.options()),
                Optional.empty());
    }

    static void execute(Database database, String... statements) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = public");
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Rows, with {@code |} between fields. */
    static List<String> ask(Database database, String query) throws SQLException {
        try (Connection connection = database.connect()) {
            return ask(connection, query);
        }
    }

    static List<String> ask(Connection connection, String query) throws SQLException {
        List<String> answer = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                StringJoiner row = new StringJoiner("|");
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.add(rows.getString(i));
                }
                answer.add(row.toString());
            }
        }
        return answer;
    }

    @Override
    public void close() {
        servers.values().forEach(PostgresServer::close);
    }
}
