package dev.tidemark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.cli.command.Surroundings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;

/** How a command ended, and what it printed. */
public record Outcome(int code, String out, String err) {
    static final Outcome NOTHING_YET = new Outcome(0, "", "");

    /**
     * Runs a command to its end in this process: in a folder, with its configuration, at a time.
     */
    public static Outcome of(Path directory, Instant now, String... arguments) {
        return of(directory, Clock.fixed(now, ZoneOffset.UTC), arguments);
    }

    /** The same, while time passes. */
    static Outcome of(Path directory, Clock clock, String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var surroundings =
                new Surroundings(
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8),
                        Map.of(),
                        directory,
                        clock,
                        false);
        int code = new Main(surroundings).run(arguments);
        return new Outcome(code, text(out), text(err));
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(UTF_8).replace(System.lineSeparator(), "\n");
    }
}
