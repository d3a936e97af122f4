package dev.tidemark.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.capture.source.catalog.CatalogReader;
import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.cli.embedded.PostgresServer;
import dev.tidemark.cli.embedded.Release;
import dev.tidemark.replay.content.Content;
import dev.tidemark.replay.load.Restore;
import dev.tidemark.replay.load.RestoreOptions;
import dev.tidemark.replay.load.RestoreProgress;
import dev.tidemark.replay.load.RestoreReport;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** A server for sources and targets of restores, and what the tests of them do with it. */
final class RestoreServer implements AutoCloseable {
    static final RestoreProgress SILENT = (phase, done, total) -> {};

    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-20T12:00:00Z"), ZoneOffset.UTC);

    private final Path directory;
    private final PostgresServer server;
    private final AtomicInteger databases = new AtomicInteger();

    private RestoreServer(Path directory, PostgresBinaries binaries) {
        this.directory = directory;
        server =
                PostgresServer.start(
                        directory.resolve("server"),
                        binaries,
                        Map.of("fsync", "off", "max_prepared_transactions", "2"));
    }

    /** One of the oldest version under test, for a class of its own. */
    static RestoreServer oldest(Path directory) {
        return new RestoreServer(directory, Release.OLDEST.binaries());
    }

    /** Gives the one server to every class that asks for it; it stops after the last of them. */
    static final class Shared implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == RestoreServer.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(RestoreServer.class, key -> start(), RestoreServer.class);
        }

        private static RestoreServer start() {
            try {
                return new RestoreServer(
                        Files.createTempDirectory("tidemark-restore-it-"),
                        PostgresBinaries.onClassPath());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** For what a test needs besides. */
    Path directory() {
        return directory;
    }

    String superuser() {
        return server.superuser();
    }

    /** An empty database. */
    Database newDatabase() throws SQLException {
        return newDatabase("ENCODING 'UTF8'");
    }

    Database newDatabase(String options) throws SQLException {
        Database database = missingDatabase();
        run(
                database("postgres"),
                List.of(
                        "CREATE DATABASE "
                                + database.url().database()
                                + " TEMPLATE template0 "
                                + options));
        return database;
    }

    /** One that is not there. */
    Database missingDatabase() {
        return database("restore_" + databases.incrementAndGet());
    }

    Database database(String name) {
        return database(server.superuser(), name);
    }

    Database database(String user, String name) {
        return database(user, server.port(), name);
    }

    static Database database(String user, int port, String name) {
        return new Database(
                Database.Role.TARGET,
                DatabaseUrl.parse("postgresql://%s@localhost:%d/%s".formatted(user, port, name)),
                Optional.empty());
    }

    static RestoreReport restore(
            Database target, HandmadeArchive.Folded folded, RestoreProgress progress)
            throws InterruptedException {
        return new Restore(target, RestoreOptions.of(2), progress, CLOCK)
                .run(folded.plan(), Content.of(folded.database()));
    }

    static RestoreReport restore(
            Database target, HandmadeArchive.Folded folded, RestoreOptions options)
            throws InterruptedException {
        return restore(target, folded, options, SILENT);
    }

    static RestoreReport restore(
            Database target,
            HandmadeArchive.Folded folded,
            RestoreOptions options,
            RestoreProgress progress)
            throws InterruptedException {
        return new Restore(target, options, progress, CLOCK)
                .run(folded.plan(), Content.of(folded.database()));
    }

    static void assertRefused(
            Database target, HandmadeArchive.Folded folded, String message, String hint) {
        TidemarkException thrown =
                catchThrowableOfType(
                        TidemarkException.class, () -> restore(target, folded, SILENT));

        assertThat(thrown).hasMessage(message);
        assertThat(thrown.hint()).isEqualTo(hint);
        assertThat(thrown.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
    }

    static List<String> rows(Connection connection, String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    row.add(String.valueOf(result.getString(i)));
                }
                rows.add(row.toString());
            }
        }
        return rows;
    }

    static void run(Database database, List<String> statements) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String text : statements) {
                statement.execute(text);
            }
        }
    }

    static Table table(Database database, String name) throws SQLException {
        try (Connection connection = database.connect()) {
            return read(connection).tables().stream()
                    .filter(table -> table.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    static Catalog read(Database database) throws SQLException {
        try (Connection connection = database.connect()) {
            return read(connection);
        }
    }

    static Catalog read(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        Catalog catalog = CatalogReader.read(connection);
        connection.commit();
        connection.setAutoCommit(true);
        return catalog;
    }
}
