package dev.tidemark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.schemas.database.Database;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.stream.Stream;

/** Runs a script as its reader is told to: by psql where it is installed, else by the driver. */
public final class Psql {
    private Psql() {}

    /** Runs it with the settings that the database has. */
    public static void run(Database database, String script)
            throws IOException, InterruptedException, SQLException {
        Optional<Path> psql = installed();
        if (psql.isPresent()) {
            run(psql.get(), database, script);
            return;
        }
        System.out.println("no psql is installed: a script is run by the driver");
        try (Connection connection =
                        DriverManager.getConnection(
                                database.url().jdbc(), database.url().user(), "");
                Statement statement = connection.createStatement()) {
            statement.execute(script);
        }
    }

    private static void run(Path psql, Database database, String script)
            throws IOException, InterruptedException {
        Path file = Files.createTempFile("script", ".sql");
        try {
            Files.writeString(file, script);
            ProcessBuilder program =
                    new ProcessBuilder(
                            psql.toString(),
                            "-X",
                            "-v",
                            "ON_ERROR_STOP=1",
                            "-f",
                            file.toString(),
                            database.url().toString());
            program.environment().keySet().removeIf(name -> name.startsWith("PG"));
            Process process = program.redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor()).as(said + "\n" + script).isZero();
        } finally {
            Files.delete(file);
        }
    }

    private static Optional<Path> installed() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "psql"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
