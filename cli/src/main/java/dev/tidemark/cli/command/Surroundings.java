package dev.tidemark.cli.command;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/**
 * The outside world of a run.
 *
 * @param isTerminal does a person see stdout and stderr as they are written?
 */
public record Surroundings(
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        Path directory,
        Clock clock,
        boolean isTerminal) {
    public Surroundings {
        environment = Map.copyOf(environment);
    }

    /** Those of this process. Text is UTF-8, whatever the locale: names in databases are. */
    public static Surroundings ofProcess() {
        return new Surroundings(
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                System.getenv(),
                Path.of(""),
                Clock.systemUTC(),
                isATerminal());
    }

    /** The console of JDK 22 to 24 is there without a terminal too, unless this one is chosen. */
    @SuppressWarnings("SystemConsoleNull") // the chosen one is null without a terminal
    private static boolean isATerminal() {
        System.setProperty("jdk.console", "java.base");
        return System.console() != null;
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** Without the environment: it holds passwords. */
    @Override
    public String toString() {
        return "Surroundings[" + directory + "]";
    }
}
