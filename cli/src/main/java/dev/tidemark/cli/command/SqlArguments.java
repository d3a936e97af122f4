package dev.tidemark.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Where a statement of SQL comes from. */
final class SqlArguments {
    @Parameters(
            paramLabel = "SQL",
            arity = "0..*",
            description =
                    "One statement; - reads it from stdin. Without SQL, on a terminal: a prompt.")
    List<String> sql = new ArrayList<>();

    @Option(names = "--file", paramLabel = "FILE", description = "Read the SQL from a file.")
    Optional<Path> file = Optional.empty();

    boolean isNone() {
        return sql.isEmpty() && file.isEmpty();
    }

    /** Is it on the command line itself? */
    boolean isWritten() {
        return file.isEmpty() && !sql.equals(List.of("-"));
    }

    /**
     * The statement; to be asked for once, since it may come from stdin.
     *
     * @throws TidemarkException (usage) when there is none, or it cannot be read
     */
    String text() {
        if (file.isPresent() && !sql.isEmpty()) {
            throw TidemarkException.usage(
                    "SQL is given on the command line and by --file", "Give one of them.");
        }
        if (file.isPresent()) {
            return read(file.get());
        }
        if (sql.equals(List.of("-"))) {
            return stdin();
        }
        if (sql.isEmpty()) {
            throw TidemarkException.usage(
                    "there is no SQL, and no terminal to type it",
                    "Give it as an argument, by --file, or - to read it from stdin.");
        }
        return String.join(" ", sql);
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw TidemarkException.usage(
                    "cannot read %s: %s".formatted(path, TidemarkException.reason(e, path)),
                    "Give --file a file with one statement, in UTF-8.");
        }
    }

    private static String stdin() {
        try {
            return new String(System.in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot read stdin: " + TidemarkException.reason(e), "Use --file.", e);
        }
    }
}
