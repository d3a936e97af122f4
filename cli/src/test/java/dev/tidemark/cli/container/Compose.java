package dev.tidemark.cli.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A copy of the folder docker/, and what its compose files bring up, beside what a user has. */
final class Compose implements AutoCloseable {
    private static final Path DOCKER = Path.of("..", "docker");

    /** What the test reaches, which the files as written do not publish. */
    private static final String PUBLISHED =
            "services: {postgres: {ports: [\"127.0.0.1::5432\"]}}\n";

    private static final long MINUTES_MAX = 5;

    private final Path folder;
    private final String project = "tidemark-" + UUID.randomUUID();
    private final boolean isOfTwo;

    /**
     * @param isOfTwo with compose.ha.yaml
     */
    Compose(Path folder, boolean isOfTwo) throws IOException {
        this.folder = folder;
        this.isOfTwo = isOfTwo;
        try (Stream<Path> files = Files.walk(DOCKER)) {
            for (Path file : files.toList()) {
                Path copy = folder.resolve(DOCKER.relativize(file).toString());
                if (!file.startsWith(DOCKER.resolve("secrets"))) { // the user's own
                    Files.copy(
                            file,
                            copy,
                            StandardCopyOption.REPLACE_EXISTING,
                            StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        Files.writeString(folder.resolve("published.yaml"), PUBLISHED);
    }

    /** Runs one of its commands to its end. */
    Outcome run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(folder.resolve("compose").toString());
        command.addAll(List.of("--file", folder.resolve("published.yaml").toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(folder, "compose", ".out");
        Path err = Files.createTempFile(folder, "compose", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().put("COMPOSE_PROJECT_NAME", project);
        builder.environment().put("TIDEMARK_PROMETHEUS_PORT", "0"); // any free one
        builder.environment().put("HA", isOfTwo ? "1" : "");
        builder.environment().put("TIDEMARK_TARGET_PASSWORD", password());
        Process process = builder.start();
        try {
            assertThat(process.waitFor(MINUTES_MAX, TimeUnit.MINUTES))
                    .as("%s ended; it said %s", command, Files.readString(err))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** Runs one that has to succeed; what it printed. */
    String succeed(String... arguments) throws IOException, InterruptedException {
        Outcome outcome = run(arguments);
        assertThat(outcome.code())
                .as("%s said %s%s", List.of(arguments), outcome.out(), outcome.err())
                .isZero();
        return outcome.out();
    }

    /** Runs one of Tidemark's commands, as a user would; what it printed. */
    String tidemark(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>();
        all.addAll(List.of("run", "--rm", "-T", "-e", "TIDEMARK_TARGET_PASSWORD", "init"));
        all.addAll(List.of(arguments));
        return succeed(all.toArray(String[]::new));
    }

    /**
     * Ends what a service's container runs, as a lack of memory does: its restart policy has to
     * act.
     */
    void killProgram(String service) throws IOException, InterruptedException {
        succeed("exec", "-T", service, "sh", "-c", "kill -9 $(cat /proc/1/task/1/children)");
    }

    /** The password of the server's superuser; empty while there is none. */
    String password() throws IOException {
        Path file = folder.resolve("secrets").resolve("admin-password");
        return Files.exists(file) ? Files.readString(file).strip() : "";
    }

    /** Where the machine reaches a port of a service. */
    String address(String service, int port) throws IOException, InterruptedException {
        return succeed("port", service, String.valueOf(port)).strip();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        succeed("down", "--volumes", "--remove-orphans");
    }
}
