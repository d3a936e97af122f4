package dev.tidemark.cli.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.schemas.TidemarkException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PostgresServerIT {
    private static final PostgresBinaries NEWEST = Release.NEWEST.binaries();

    @TempDir private Path directory;

    @Test
    void dataSurvivesAStopAndAKillOnTheSamePort() throws SQLException {
        int port;
        try (var server = PostgresServer.start(directory, NEWEST, Map.of())) {
            port = server.port();
            execute(server, "CREATE TABLE account AS SELECT 1 AS id");
        }
        var stopped = PostgresServer.start(directory, NEWEST, Map.of());
        execute(stopped, "INSERT INTO account VALUES (2)");
        stopped.kill();
        try (var killed = PostgresServer.start(directory, NEWEST, Map.of())) {
            assertThat(ask(killed, "SELECT sum(id) FROM account")).isEqualTo("3");
            assertThat(killed.port()).isEqualTo(port);
        }
    }

    @Test
    void itDecodesLogicallyAndTakesSettings() throws SQLException {
        try (var server = PostgresServer.start(directory, NEWEST, Map.of("fsync", "off"))) {
            assertThat(ask(server, "SHOW server_version_num")).startsWith("18");
            assertThat(ask(server, "SHOW wal_level")).isEqualTo("logical");
            assertThat(ask(server, "SHOW fsync")).isEqualTo("off");
            assertThat(ask(server, "SHOW log_timezone")).isEqualTo("UTC");
        }
    }

    @Test
    void theOldestVersionRunsToo() throws SQLException {
        try (var server = PostgresServer.start(directory, Release.OLDEST.binaries(), Map.of())) {
            assertThat(ask(server, "SHOW server_version_num"))
                    .startsWith(String.valueOf(Release.OLDEST.version()));
        }
    }

    @Test
    void aSecondStartInTheSameDirectoryIsRefused() {
        try (var running = PostgresServer.start(directory, NEWEST, Map.of())) {
            var error =
                    catchThrowableOfType(
                            TidemarkException.class,
                            () -> PostgresServer.start(directory, NEWEST, Map.of()));
            assertThat(running.port()).isPositive();
            assertThat(error)
                    .hasMessage("the embedded PostgreSQL in " + directory + " is already running");
        }
    }

    @Test
    void aWrongSettingIsNamedInTheError() {
        var error =
                catchThrowableOfType(
                        TidemarkException.class,
                        () -> PostgresServer.start(directory, NEWEST, Map.of("fsnyc", "off")));
        assertThat(error)
                .hasMessageContaining("unrecognized configuration parameter \"fsnyc\"")
                .hasMessageStartingWith("the embedded PostgreSQL ended with code 1; ");
        assertThat(error.hint())
                .isEqualTo("Read its log: " + directory.resolve("server.log") + ".");
    }

    @Test
    void rootMayRunItAsNobodyToo() throws SQLException {
        assumeTrue(System.getProperty("user.name").equals("root"));
        try (var server =
                PostgresServer.start(directory, NEWEST, Map.of(), Unprivileged.OTHER_USER)) {
            assertThat(ask(server, "SELECT 1")).isEqualTo("1");
        }
        assertThat(directory.resolve("data").resolve("PG_VERSION"))
                .satisfies(
                        file ->
                                assertThat(Files.getAttribute(file, "unix:uid"))
                                        .isEqualTo(Unprivileged.NOBODY));
    }

    private static void execute(PostgresServer server, String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(
                                server.jdbcUrl("postgres"), server.superuser(), "");
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(PostgresServer server, String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(
                                server.jdbcUrl("postgres"), server.superuser(), "");
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
