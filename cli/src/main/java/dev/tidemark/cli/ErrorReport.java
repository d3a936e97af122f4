package dev.tidemark.cli;

import dev.tidemark.cli.command.ExitCode;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.schemas.TidemarkException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Prints an error as {@code error: …} and {@code HINT: …}, and says with which code to end. */
record ErrorReport(PrintStream err, boolean isDebug) {
    ExitCode print(Throwable error) {
        if (isDebug) {
            error.printStackTrace(err);
        }
        if (isInterrupt(error)) {
            err.println("error: interrupted");
            return ExitCode.INTERRUPTED;
        }
        if (isOutOfMemory(error)) {
            return outOfMemory();
        }
        return switch (error) {
            case TidemarkException known -> known(known);
            case ParameterException notUnderstood -> notUnderstood(notUnderstood);
            default -> unexpected(error);
        };
    }

    private ExitCode known(TidemarkException error) {
        lines(String.valueOf(error.getMessage()), error.hint());
        return ExitCode.of(error.kind());
    }

    private ExitCode notUnderstood(ParameterException error) {
        // What reads an option's value may have more to say than the parser.
        if (error.getCause() instanceof TidemarkException cause) {
            return known(cause);
        }
        String command = error.getCommandLine().getCommandSpec().qualifiedName();
        lines(
                inOurForm(String.valueOf(error.getMessage())),
                suggestion(error) + "Run '" + command + " --help' to see what it takes.");
        return ExitCode.USAGE;
    }

    private ExitCode outOfMemory() {
        lines(
                "out of memory: the heap holds " + Figures.bytes(Runtime.getRuntime().maxMemory()),
                "Give it more, for example with TIDEMARK_HEAP=4g in the environment. A restore takes a"
                        + " third of it for the rows that changed since the base (--memory says otherwise), and reading back the largest"
                        + " row once for each of --jobs; a rewind those that changed in between: several steps need less.");
        return ExitCode.FAILED;
    }

    private ExitCode unexpected(Throwable error) {
        lines(
                "unexpected: "
                        + error.getClass().getSimpleName()
                        + ": "
                        + TidemarkException.reason(error),
                "This is a defect of Tidemark. Run it again with --debug, and report what it prints.");
        return ExitCode.FAILED;
    }

    private void lines(String message, String hint) {
        err.println("error: " + message);
        err.println("HINT: " + hint);
    }

    /** Lower case, and without the full stop; some of the parser's begin with "Error: ". */
    private static String inOurForm(String message) {
        String text = message.strip().replaceFirst("^Error: ", "").replaceFirst("\\.$", "");
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    private static String suggestion(ParameterException error) {
        List<String> suggestions =
                error instanceof UnmatchedArgumentException unmatched
                        ? unmatched.getSuggestions()
                        : List.of();
        return suggestions.isEmpty() ? "" : "Did you mean '" + suggestions.getFirst() + "'? ";
    }

    private static boolean isOutOfMemory(Throwable error) {
        boolean isOutOfMemory = false;
        for (Throwable e = error; e != null && !isOutOfMemory; e = e.getCause()) {
            isOutOfMemory = e instanceof OutOfMemoryError;
        }
        return isOutOfMemory;
    }

    /** Libraries wrap an interrupt in exceptions of their own. */
    private static boolean isInterrupt(Throwable error) {
        boolean isInterrupt = false;
        for (Throwable e = error; e != null && !isInterrupt; e = e.getCause()) {
            isInterrupt =
                    e instanceof InterruptedException
                            || e instanceof ClosedByInterruptException
                            || (e instanceof InterruptedIOException
                                    && !(e instanceof SocketTimeoutException));
        }
        return isInterrupt;
    }
}
