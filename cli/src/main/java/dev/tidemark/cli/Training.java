package dev.tidemark.cli;

import dev.tidemark.cli.command.Surroundings;
import dev.tidemark.cli.embedded.PostgresBinaries;
import dev.tidemark.cli.embedded.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs the commands that somebody waits for over a small archive, all in one process, so that the
 * JVM can write down what a start needs: {@code cli/train} keeps that beside the program.
 */
final class Training {
    private static final String MOMENT = "2026-11-20T12:04:32Z";
    private static final String TABLE = "contacts";
    private static final String ROW = "id = '1'";
    private static final int EXIT_NO = 1; // the small archive has a gap, and is not signed

    private final Path directory;
    private final Surroundings surroundings;
    private boolean isWhole = true;

    private Training(Path directory, Surroundings surroundings) {
        this.directory = directory;
        this.surroundings = surroundings;
    }

    /**
     * Ends with 1 when one of the commands failed.
     *
     * @param arguments a folder with a configuration, {@code tidemark.yaml}, of that archive
     */
    public static void main(String[] arguments) throws SQLException {
        Surroundings surroundings = Surroundings.ofProcess();
        var shutdown = Shutdown.interrupting(Thread.currentThread(), surroundings.err());
        Training training = new Training(Path.of(arguments[0]), surroundings);
        training.withoutServer();
        training.withServer();
        shutdown.exit(training.isWhole ? 0 : 1);
    }

    private void withoutServer() {
        run("info");
        run("verify");
        run("history", "public." + TABLE, "1");
        run("blame", "public." + TABLE, "1");
        run("tx", MOMENT);
        run("find", "public." + TABLE, "--text", "a", "--limit", "3");
        run("query", "SELECT count(*) FROM public." + TABLE, "--as-of", MOMENT);
        run("export", "--as-of", MOMENT, "--format", "sql", "--into", place("export"));
        String script = "sql:" + place("row.sql");
        run("restore", "--to", MOMENT, "--into", script, "--table", TABLE, "--where", ROW);
    }

    private void withServer() throws SQLException {
        try (PostgresServer server =
                PostgresServer.start(
                        directory.resolve("postgres"), PostgresBinaries.onClassPath(), Map.of())) {
            String whole = create(server, "whole");
            run("restore", "--to", MOMENT, "--into", whole);
            String part = create(server, "part");
            run("restore", "--to", MOMENT, "--into", part, "--table", TABLE, "--where", ROW);
        }
    }

    private static String create(PostgresServer server, String database) throws SQLException {
        try (Connection session =
                        DriverManager.getConnection(
                                server.jdbcUrl("postgres"), server.superuser(), "");
                Statement statement = session.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
        }
        return "postgresql://%s@127.0.0.1:%d/%s"
                .formatted(server.superuser(), server.port(), database);
    }

    private String place(String name) {
        return directory.resolve(name).toString();
    }

    private void run(String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of("--config", place("tidemark.yaml")));
        surroundings.out().println("tidemark " + String.join(" ", arguments));
        int code = new Main(surroundings).run(arguments.toArray(String[]::new));
        isWhole &= code <= EXIT_NO;
    }
}
