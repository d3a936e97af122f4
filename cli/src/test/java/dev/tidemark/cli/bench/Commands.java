package dev.tidemark.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Tidemark's program as the launcher starts it, and those of others; each run has a log. */
record Commands(Path directory, Path configuration) {
    private static final Duration RUN_MAX = Duration.ofMinutes(15);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration STOP_MAX = Duration.ofSeconds(30);

    /** Runs one of Tidemark's to its end. */
    Duration tidemark(String... words) throws IOException, InterruptedException {
        return run(tidemarkBuilder(words));
    }

    private ProcessBuilder tidemarkBuilder(String... words) {
        List<String> command = new ArrayList<>();
        command.add(System.getProperty("tidemark.launcher", "./tidemark"));
        command.addAll(List.of(words));
        command.addAll(List.of("--config", configuration.toString()));
        return new ProcessBuilder(command);
    }

    /**
     * The same in a heap of a size.
     *
     * @param observer is shown the process again and again while it runs
     */
    Duration tidemark(String heap, Consumer<Process> observer, String... words)
            throws IOException, InterruptedException {
        ProcessBuilder builder = tidemarkBuilder(words);
        builder.environment().put("TIDEMARK_HEAP", heap);
        return run(builder, observer);
    }

    /** Runs any program to its end. */
    Duration run(ProcessBuilder builder) throws IOException, InterruptedException {
        return run(builder, process -> {});
    }

    /** What such a program printed. */
    String output(ProcessBuilder builder) throws IOException, InterruptedException {
        run(builder);
        return Files.readString(log(builder.command()));
    }

    private Duration run(ProcessBuilder builder, Consumer<Process> observer)
            throws IOException, InterruptedException {
        Path log = log(builder.command());
        long start = System.nanoTime();
        Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        process.getOutputStream().close();
        boolean isDone = false;
        while (!isDone && System.nanoTime() - start < RUN_MAX.toNanos()) {
            observer.accept(process);
            isDone = process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        }
        if (!isDone || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException(
                    "%s %s: %s"
                            .formatted(
                                    builder.command(),
                                    isDone ? "failed" : "took too long",
                                    Files.readString(log)));
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Starts a service of Tidemark's. */
    Process service(String name) throws IOException {
        ProcessBuilder builder = tidemarkBuilder(name);
        return builder.redirectErrorStream(true)
                .redirectOutput(log(builder.command()).toFile())
                .start();
    }

    static void stop(Process service) throws InterruptedException {
        service.destroy();
        if (!service.waitFor(STOP_MAX.toSeconds(), TimeUnit.SECONDS)) {
            service.destroyForcibly();
        }
    }

    /** The newest run of a command counts. */
    private Path log(List<String> command) {
        String program = Path.of(command.getFirst()).getFileName().toString();
        String word =
                command.stream().skip(1).filter(one -> !one.startsWith("-")).findFirst().orElse("");
        return directory.resolve("%s-%s.log".formatted(program, word.replaceAll("[^a-z-]", "")));
    }
}
