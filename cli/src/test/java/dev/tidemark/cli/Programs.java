package dev.tidemark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Tidemark's program in processes of their own, as the launcher starts it; each has a log. */
final class Programs implements AutoCloseable {
    private final Path directory;
    private final Path configuration;
    private final Map<String, String> environment;
    private final List<Process> started = new CopyOnWriteArrayList<>();
    private volatile boolean isAsLaunched;

    Programs(Path directory, Path configuration, Map<String, String> environment) {
        this.directory = directory;
        this.configuration = configuration;
        this.environment = environment;
    }

    /** From now on with the compilers that the launcher leaves on: they free memory sooner. */
    void asLaunched() {
        isAsLaunched = true;
    }

    /** Starts a command and does not wait for it; its log has the number of its start. */
    synchronized Process start(String command, String... arguments) throws IOException {
        Path log = directory.resolve(command + "-" + started.size() + ".log");
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(arguments));
        Process process =
                builder(all.toArray(String[]::new))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        started.add(process);
        return process;
    }

    /** Runs a command to its end. */
    Outcome run(String... arguments) throws IOException, InterruptedException {
        Path err = directory.resolve("process.err");
        Process process = builder(arguments).redirectError(err.toFile()).start();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Outcome(process.waitFor(), out, Files.readString(err));
    }

    ProcessBuilder builder(String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx512m",
                                "-XX:+UseParallelGC",
                                "-Djdk.util.jar.version=21",
                                "-Djdk.reflect.useNativeAccessorOnly=true",
                                "-Duser.timezone=UTC",
                                "-Dlogback.configurationFile=logback.xml",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                absoluteClassPath(),
                                "dev.tidemark.cli.Main"));
        if (!isAsLaunched) {
            command.add(1, "-XX:TieredStopAtLevel=1"); // they live too briefly for more
        }
        command.addAll(List.of(arguments));
        command.addAll(List.of("--config", configuration.toString()));
        ProcessBuilder program = new ProcessBuilder(command);
        program.environment().putAll(environment);
        return program;
    }

    /** What a process said so far. */
    String log(String command, int number) {
        try {
            return Files.readString(directory.resolve(command + "-" + number + ".log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the newest process said so far. */
    String newestLog(String command) {
        return log(command, started.size() - 1);
    }

    /** What all processes said so far. */
    String logs() {
        try (Stream<Path> files = Files.list(directory)) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.filter(path -> path.toString().endsWith(".log")).toList()) {
                all.append(file.getFileName()).append(":\n").append(Files.readString(file));
            }
            return all.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String absoluteClassPath() {
        return String.join(
                File.pathSeparator,
                List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream()
                        .map(entry -> Path.of(entry).toAbsolutePath().toString())
                        .toList());
    }

    @Override
    public void close() {
        started.forEach(Process::destroyForcibly);
    }
}
