package dev.tidemark.cli.bench;

import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.cli.embedded.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * pgBackRest on the source's server, as its user guide sets it up for speed: zstd, as many
 * processes as processors, log fetched ahead.
 */
record PgBackRest(Path program, Path directory) {
    private static final Duration ARCHIVED_MAX = Duration.ofMinutes(2);
    private static final Duration RECOVERED_MAX = Duration.ofMinutes(10);

    static Optional<PgBackRest> find(Path directory) throws IOException {
        return Installed.find("pgbackrest").map(program -> new PgBackRest(program, directory));
    }

    /** What the source's server needs so that its log is archived. */
    Map<String, String> settings() {
        return Map.of(
                "archive_mode",
                "on",
                "archive_command",
                String.join(" ", command("archive-push", "%p")));
    }

    private List<String> command(String name, String... words) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                program.toString(),
                                "--config=" + directory.resolve("pgbackrest.conf"),
                                "--stanza=bench",
                                name));
        command.addAll(List.of(words));
        return command;
    }

    /** Writes its configuration, before the server has a port. */
    void prepare(Path data) throws IOException {
        for (String folder : List.of("repository", "log", "lock", "spool")) {
            Files.createDirectories(directory.resolve(folder));
        }
        Files.writeString(
                directory.resolve("pgbackrest.conf"),
                """
                [global]
                repo1-path=%1$s/repository
                repo1-retention-full=9
                log-path=%1$s/log
                lock-path=%1$s/lock
                spool-path=%1$s/spool
                archive-async=y
                compress-type=zst
                process-max=%2$d
                start-fast=y
                [bench]
                pg1-path=%3$s
                pg1-user=postgres
                """
                        .formatted(directory, Runtime.getRuntime().availableProcessors(), data));
    }

    /** A full backup of the running server. */
    void backUp(Site site) throws IOException, InterruptedException {
        run(site, command("stanza-create", port(site)));
        run(site, command("backup", "--type=full", port(site)));
    }

    private static String port(Site site) {
        return "--pg1-port=" + site.postgres().port();
    }

    private static Duration run(Site site, List<String> command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PGHOST", "127.0.0.1");
        return site.commands().run(builder);
    }

    /** Returns when all of the source's log so far is archived. */
    void awaitLog(Site site) throws SQLException, InterruptedException {
        String file = site.ask("SELECT pg_walfile_name(pg_switch_wal())");
        Site.await(
                ARCHIVED_MAX,
                "the log file " + file,
                () ->
                        asked(site, "SELECT last_archived_wal FROM pg_stat_archiver")
                                        .compareTo(file)
                                >= 0);
    }

    private static String asked(Site site, String query) {
        try {
            return Optional.ofNullable(site.ask(query)).orElse("");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The archived log, in bytes. */
    long logBytes() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("repository/archive"))) {
            return files.filter(file -> file.toString().endsWith(".zst"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    /** Restores and recovers all that is archived, until the server takes writes. */
    Duration restore(Site site, PostgresBinaries binaries, String name)
            throws IOException, InterruptedException, SQLException {
        Path place = directory.resolve(name);
        Path data = Files.createDirectories(place.resolve("data"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        long start = System.nanoTime();
        run(site, command("restore", "--pg1-path=" + data));
        try (PostgresServer server =
                PostgresServer.start(
                        place, binaries, Map.of("archive_mode", "off", "max_wal_size", "16GB"))) {
            awaitRecovery(server);
            return Duration.ofNanos(System.nanoTime() - start);
        }
    }

    private static void awaitRecovery(PostgresServer server)
            throws SQLException, InterruptedException {
        try (Connection session =
                        DriverManager.getConnection(
                                server.jdbcUrl("postgres"), server.superuser(), "");
                Statement statement = session.createStatement()) {
            Site.await(
                    RECOVERED_MAX,
                    "the end of recovery",
                    () -> {
                        try (ResultSet row = statement.executeQuery("SELECT pg_is_in_recovery()")) {
                            row.next();
                            return !row.getBoolean(1);
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    });
        }
    }
}
