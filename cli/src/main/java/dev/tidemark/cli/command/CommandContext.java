package dev.tidemark.cli.command;

import dev.tidemark.archive.plan.Moment;
import dev.tidemark.cli.config.Configuration;
import dev.tidemark.cli.config.Databases;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.moment.MomentParser;
import dev.tidemark.cli.output.JsonOutput;
import dev.tidemark.cli.output.LogProgress;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.cli.output.TerminalProgress;
import dev.tidemark.cli.output.TextTable;
import dev.tidemark.cli.wiring.LedgerPen;
import dev.tidemark.cli.wiring.Parts;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;

/**
 * What a command works with: settings, the outside world, and ways to show results. Used by the
 * command's own thread only.
 */
public final class CommandContext {
    private final Surroundings surroundings;
    private final Path configurationFile;
    private final Optional<CommandLine> logged;

    public CommandContext(Surroundings surroundings, Path configurationFile) {
        this(surroundings, configurationFile, Optional.empty());
    }

    private CommandContext(
            Surroundings surroundings, Path configurationFile, Optional<CommandLine> logged) {
        this.surroundings = surroundings;
        this.configurationFile = configurationFile;
        this.logged = logged;
    }

    /** The same for a command that was parsed; what it asks is logged if it has to be. */
    public CommandContext of(CommandLine line, TidemarkCommand command) {
        return command.isLogged()
                ? new CommandContext(surroundings, configurationFile, Optional.of(line))
                : this;
    }

    /** The settings; refused when one of these sections is missing, or anything is wrong. */
    public Configuration configuration(Section... needed) {
        return Configuration.read(configurationFile(), Set.of(needed));
    }

    /** Where the settings are. */
    Path configurationFile() {
        return surroundings.directory().toString().isEmpty()
                ? configurationFile
                : surroundings.directory().resolve(configurationFile);
    }

    /**
     * What the settings name; refused when one of these sections is missing, or anything is wrong.
     */
    Parts parts(Section... needed) {
        Parts parts = new Parts(configuration(needed), databases(), clock());
        return logged.map(
                        line ->
                                parts.asking(
                                        CommandWords.name(line),
                                        CommandWords.of(line.getParseResult())))
                .orElse(parts);
    }

    public Databases databases() {
        return new Databases(surroundings.environment(), this::warn);
    }

    public Moment moment(String text, Configuration configuration) {
        return new MomentParser(configuration.timezone(), clock()).parse(text);
    }

    /** The same, which may be to come. */
    Moment momentEvenToCome(String text, Configuration configuration) {
        return new MomentParser(configuration.timezone(), clock()).parseEvenToCome(text);
    }

    /** For data. */
    public PrintStream out() {
        return surroundings.out();
    }

    /** For what a person should know meanwhile. */
    public PrintStream err() {
        return surroundings.err();
    }

    public void print(TextTable table) {
        table.print(out(), surroundings.isTerminal());
    }

    /** Does a person see stdout as it is written? */
    public boolean isTerminal() {
        return surroundings.isTerminal();
    }

    public void printJson(Object result) {
        out().println(JsonOutput.text(result));
    }

    public void warn(String warning) {
        err().println("warning: " + warning);
    }

    public Progress progress() {
        return surroundings.isTerminal()
                ? new TerminalProgress(err())
                : new LogProgress(clock(), err()::println);
    }

    /** The same of a question: only who looks at a terminal wants to know. */
    Progress progressOnTerminal() {
        return isTerminal() ? progress() : Progress.SILENT;
    }

    /** For the ledger, of what begins now. */
    LedgerPen ledgerPen() {
        return new LedgerPen(clock(), this::warn);
    }

    public Clock clock() {
        return surroundings.clock();
    }

    /** Variables, some of which hold secrets. */
    Map<String, String> environment() {
        return surroundings.environment();
    }

    /** Relative paths of options start here. */
    public Path directory() {
        return surroundings.directory();
    }
}
