package dev.tidemark.cli.embedded;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server as a child process, its output appended to a file. The child watches its standard input
 * and ends when that closes, so it never outlives this process, however this one ends.
 */
final class ServerProcess {
    /** Between two looks whether a server is ready: short against the second that a start takes. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    /** SIGKILL works at once; what takes longer hangs in the kernel, and waiting will not help. */
    private static final Duration KILL_MAX = Duration.ofSeconds(10);

    /**
     * Of the log's complaints, an error quotes so many: enough for the reason and what led to it.
     */
    private static final int COMPLAINTS_MAX = 10;

    /** Of a log without any complaint: a server that was killed says nothing of it. */
    private static final int OTHERS_MAX = 1;

    private static final Pattern COMPLAINT =
            Pattern.compile(
                    "\\b(WARN|WARNING|ERROR|FATAL|PANIC|HINT|error:|\\w*(Exception|Error):)");

    private final String name;
    private final Path log;
    private final long logStart;
    private final Process process;

    private ServerProcess(String name, Path log, long logStart, Process process) {
        this.name = name;
        this.log = log;
        this.logStart = logStart;
        this.process = process;
    }

    static ServerProcess start(String name, ProcessBuilder builder, Path log) throws IOException {
        long logStart = Files.exists(log) ? Files.size(log) : 0;
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        return new ServerProcess(name, log, logStart, builder.start());
    }

    /**
     * True when the server is ready, false when it ended before.
     *
     * @throws TidemarkException when it is neither in time; the server is killed then
     */
    boolean awaitReady(BooleanSupplier ready, Duration readyMax) {
        long deadline = System.nanoTime() + readyMax.toNanos();
        while (!endsWithin(LOOK_EVERY)) {
            if (ready.getAsBoolean()) {
                return true;
            }
            if (System.nanoTime() > deadline) {
                kill();
                throw failure("did not become ready in " + readyMax.toSeconds() + " s");
            }
        }
        return false;
    }

    /** Runs this in another thread when the server ended, whatever the reason. */
    void whenEnded(Runnable reaction) {
        var unused = process.onExit().thenRun(reaction);
    }

    int exitCode() {
        return process.exitValue();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Sends SIGTERM, and leaves standard input open, which Process.destroy would not. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** Tells the child that nobody needs it any more. */
    void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // The pipe is closed in any case: the child has ended already.
            assert !process.isAlive() : e;
        }
    }

    /** Waits for the end; an interrupt while waiting kills the server. */
    boolean endsWithin(Duration patience) {
        try {
            return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
            throw failure("was killed, because the wait for it was interrupted", e);
        }
    }

    /** SIGKILL to the child and to all that descend from it; on return they are gone. */
    void kill() {
        List<ProcessHandle> all =
                Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle each : all) {
            if (!endsWithin(Optional.of(each), KILL_MAX)) {
                throw failure("did not end within " + KILL_MAX.toSeconds() + " s of SIGKILL");
            }
        }
        closeInput();
    }

    /** Waits for the end of a process that may be another's; an interrupt ends the wait. */
    static boolean endsWithin(Optional<ProcessHandle> process, Duration patience) {
        if (process.isEmpty()) {
            return true;
        }
        try {
            process.get().onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        }
    }

    /** What the server wrote since this start. */
    String output() {
        try (var in = Files.newInputStream(log)) {
            in.skipNBytes(logStart);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "cannot read " + log + ": " + TidemarkException.reason(e);
        }
    }

    TidemarkException failure(String what) {
        return TidemarkException.failed(message(what), hint());
    }

    private TidemarkException failure(String what, InterruptedException cause) {
        return TidemarkException.failed(message(what), hint(), cause);
    }

    private String message(String what) {
        List<String> lines = output().lines().filter(line -> !isStackFrame(line)).toList();
        List<String> complaints =
                lines.stream().filter(line -> COMPLAINT.matcher(line).find()).toList();
        List<String> last =
                complaints.isEmpty() ? last(OTHERS_MAX, lines) : last(COMPLAINTS_MAX, complaints);
        return "the embedded %s %s; its last words: %s"
                .formatted(name, what, last.isEmpty() ? "none" : String.join(" | ", last));
    }

    private static List<String> last(int most, List<String> lines) {
        return lines.subList(Math.max(0, lines.size() - most), lines.size());
    }

    private String hint() {
        return "Read its log: " + log + ".";
    }

    private static boolean isStackFrame(String line) {
        return line.startsWith("\t") || line.isBlank();
    }
}
