package dev.tidemark.cli.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.cli.config.DrillSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A drill as a process of its own, with a heap of its own: whatever becomes of it, the services of
 * this process go on. It ends when this process does, since its standard input closes then. For one
 * thread; what it says comes from another one.
 */
final class DrillProcess implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DrillProcess.class);

    /** A service has 9 s to stop; what is left behind then the next drill deletes. */
    private static final Duration STOP_MAX = Duration.ofSeconds(5);

    /**
     * So many lines are handed on; one each of thousands of tables would drown what else is said.
     */
    private static final int LINES_MAX = 200;

    /** What is meant for this process alone. */
    private static final Pattern OWN =
            Pattern.compile(
                    "-Xm[nsx].*|-XX:[+-]?((Initial|Min|Max|SoftMax)(HeapSize|RAMPercentage|RAMFraction)|MaxRAM=|OnOutOfMemoryError"
                            + "|HeapDump|StartFlightRecording).*|-agent.*|-javaagent:.*|-Dcom\\.sun\\.management.*");

    private final Process process;

    private DrillProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param choice options that say which moment
     * @param lines hears what it says
     */
    static DrillProcess start(
            Path configuration, DrillSettings settings, List<String> choice, Consumer<String> lines)
            throws IOException {
        List<String> command = command(settings);
        command.addAll(List.of("drill", "--config", configuration.toString(), "--by-schedule"));
        command.addAll(List.of("--rows", "0", "--jobs", Integer.toString(settings.jobs())));
        settings.into().ifPresent(url -> command.addAll(List.of("--into", url.toString())));
        command.addAll(choice);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // What is in them was handed on, but for what is the service's own, such as a port.
        builder.environment().keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        Process process = builder.start();
        Thread.ofVirtual().name("drill-output").start(() -> hear(process, lines));
        return new DrillProcess(process);
    }

    private static List<String> command(DrillSettings settings) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(DrillProcess::isHandedOn)
                .forEach(command::add);
        command.add("-Xmx" + settings.heapBytes());
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("dev.tidemark.cli.Main");
        return command;
    }

    /** Is an argument of this JVM meant for the drill's too? */
    static boolean isHandedOn(String argument) {
        return !OWN.matcher(argument).matches();
    }

    private static void hear(Process process, Consumer<String> lines) {
        int heard = 0;
        try (BufferedReader reader = process.inputReader(UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                heard++;
                if (heard <= LINES_MAX) {
                    lines.accept(line);
                }
            }
        } catch (IOException e) {
            log.debug("the drill was killed while it said something", e);
        }
        if (heard > LINES_MAX) {
            lines.accept("and %d more lines".formatted(heard - LINES_MAX));
        }
    }

    /** Has it ended? Waits so long for it. */
    boolean endsWithin(Duration patience) throws InterruptedException {
        return process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** After its end. */
    int exitCode() {
        return process.exitValue();
    }

    /** Lets it clean up, and kills it if it does not; also while this thread is interrupted. */
    @Override
    public void close() {
        boolean isInterrupted = Thread.interrupted();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(STOP_MAX.toNanos(), TimeUnit.NANOSECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            log.debug("it has ended already", e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            isInterrupted = true;
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
