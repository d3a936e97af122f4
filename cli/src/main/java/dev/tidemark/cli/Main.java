package dev.tidemark.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.cli.command.CommandContext;
import dev.tidemark.cli.command.ExitCode;
import dev.tidemark.cli.command.RootCommand;
import dev.tidemark.cli.command.Surroundings;
import dev.tidemark.cli.command.TidemarkCommand;
import dev.tidemark.cli.output.LibraryLogs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.logging.LogManager;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParseResult;

/** The program: reads the command line, runs the command, prints its error, ends. */
public final class Main {
    /** Of libraries that write past our log: PostgreSQL's driver throws what it says there. */
    private static final String PAST_OUR_LOG =
            """
            handlers=java.util.logging.ConsoleHandler
            org.postgresql.level=OFF
            """;

    private static final String DEBUG = "--debug";

    private final Surroundings surroundings;
    private final Runnable awaitingEnd;

    Main(Surroundings surroundings) {
        this(surroundings, () -> {});
    }

    /**
     * @param awaitingEnd hears that the command is to come to its end after a signal
     */
    private Main(Surroundings surroundings, Runnable awaitingEnd) {
        this.surroundings = surroundings;
        this.awaitingEnd = awaitingEnd;
    }

    public static void main(String[] arguments) {
        limitOtherLogs();
        Surroundings surroundings = Surroundings.ofProcess();
        var shutdown = Shutdown.interrupting(Thread.currentThread(), surroundings.err());
        shutdown.exit(new Main(surroundings, shutdown::awaitEnd).run(arguments));
    }

    private static void limitOtherLogs() {
        try {
            LogManager.getLogManager()
                    .readConfiguration(new ByteArrayInputStream(PAST_OUR_LOG.getBytes(UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything but the exit. */
    int run(String... arguments) {
        var errors = new ErrorReport(surroundings.err(), Arrays.asList(arguments).contains(DEBUG));
        CommandLine root = RootCommand.commandLine(Arrays.asList(arguments));
        try {
            return run(root, root.parseArgs(arguments)).number();
        } catch (InterruptedException | RuntimeException | Error e) {
            return errors.print(e).number();
        } finally {
            surroundings.out().flush();
            surroundings.err().flush();
        }
    }

    private ExitCode run(CommandLine root, ParseResult parsed) throws InterruptedException {
        List<CommandLine> path = parsed.asCommandLineList();
        if (path.stream().anyMatch(CommandLine::isVersionHelpRequested)) {
            root.printVersionHelp(surroundings.out(), ansi());
            return ExitCode.DONE;
        }
        CommandLine last = path.getLast();
        if (last.isUsageHelpRequested()) {
            return help(last, surroundings.out(), ExitCode.DONE);
        }
        if (last.getCommandSpec().userObject() instanceof TidemarkCommand command) {
            boolean isDebug =
                    path.stream().anyMatch(line -> line.getParseResult().hasMatchedOption(DEBUG));
            if (!command.isService() && !isDebug) {
                LibraryLogs.silence();
            }
            if (command.isEndAwaited()) {
                awaitingEnd.run();
            }
            CommandContext context =
                    new CommandContext(surroundings, RootCommand.configurationFile(root));
            return command.run(context.of(last, command));
        }
        return help(last, surroundings.err(), ExitCode.USAGE);
    }

    private ExitCode help(CommandLine command, PrintStream to, ExitCode code) {
        command.usage(to, ansi());
        return code;
    }

    private Ansi ansi() {
        return surroundings.isTerminal() ? Ansi.AUTO : Ansi.OFF;
    }
}
