package dev.tidemark.cli.command;

import dev.tidemark.schemas.database.DatabaseUrl;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code tidemark}: all commands, and the options that each of them has. */
@Command(
        name = "tidemark",
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        header = "Continuous backup and time travel for CRM databases.",
        optionListHeading = "%nOptions of every command:%n",
        commandListHeading = "%nCommands:%n")
public final class RootCommand {
    private static final String EXAMPLES =
            """

            Examples:
              tidemark demo
                  see it all at work in a minute: nothing needs to be installed
              tidemark check --config crm.yaml
                  would a restore be possible and exact?
              tidemark restore --before xid:4711 --into postgresql://me@staging:5432/crm
                  the database as it was just before one bad transaction
              tidemark history crm.contact 4711
                  who changed this row, and when?

            A moment is a time such as 2026-11-20T14:03:07.5Z, a position such as 0/1A2B3C8,
            a transaction such as xid:4711, a mark such as mark:before-import, or latest.

            Exit codes:
            """;

    /** So that no example of a command is wrapped; terminals of today are wider. */
    private static final int HELP_WIDTH = 100;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "The configuration; tidemark.yaml when not given.")
    Path config = Path.of("tidemark.yaml");

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Print the stack trace of an error, and what libraries warn of.")
    boolean isDebug;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Print this and end.")
    boolean isHelp;

    @Option(names = "--version", versionHelp = true, description = "Print the version and end.")
    boolean isVersion;

    private RootCommand() {}

    /** The command line with every command. */
    public static CommandLine commandLine() {
        return with(inReadingOrder());
    }

    /**
     * The same for some arguments: where the first is the name of a command, with it alone. To look
     * at the options of all takes a good part of a start.
     */
    public static CommandLine commandLine(List<String> arguments) {
        List<Object> all = inReadingOrder();
        return with(
                all.stream()
                        .filter(one -> arguments.indexOf(name(one)) == 0)
                        .findFirst()
                        .map(List::of)
                        .orElse(all));
    }

    private static String name(Object command) {
        return command.getClass().getAnnotation(Command.class).name();
    }

    private static CommandLine with(List<Object> commands) {
        var root = new CommandLine(new RootCommand());
        commands.forEach(root::addSubcommand);
        root.getSubcommands().values().forEach(RootCommand::addSpace);
        root.registerConverter(DatabaseUrl.class, DatabaseUrl::parse);
        root.registerConverter(RestoreInto.class, RestoreInto::parse);
        describe(root.getCommandSpec());
        root.setCaseInsensitiveEnumValuesAllowed(true);
        root.setUsageHelpWidth(HELP_WIDTH);
        root.setUsageHelpLongOptionsMaxWidth(28);
        return root;
    }

    /** As a new user meets them: try, prepare, run, look, restore, ask, keep. */
    private static List<Object> inReadingOrder() {
        return List.of(
                new DemoCommand(),
                new KeygenCommand(),
                new KeyCommand(),
                new InitCommand(),
                new DeinitCommand(),
                new CheckCommand(),
                new CaptureCommand(),
                new ArchiverCommand(),
                new RunCommand(),
                new BaseCommand(),
                new MergeCommand(),
                new ExpireCommand(),
                new InfoCommand(),
                new RestoreCommand(),
                new SwitchCommand(),
                new MasksCommand(),
                new RewindCommand(),
                new FollowCommand(),
                new ExportCommand(),
                new HistoryCommand(),
                new BlameCommand(),
                new TxCommand(),
                new DiffCommand(),
                new FindCommand(),
                new WhoCommand(),
                new QueryCommand(),
                new EvidenceCommand(),
                new ProfileCommand(),
                new MarkCommand(),
                new HoldCommand(),
                new VerifyCommand(),
                new DrillCommand(),
                new AnchorCommand(),
                new LedgerCommand(),
                new AccessCommand(),
                new ConfigCommand(),
                new CompletionCommand());
    }

    /** Between the parts of a command's help. */
    private static void addSpace(CommandLine command) {
        command.getCommandSpec().usageMessage().parameterListHeading("%nArguments:%n");
        command.getCommandSpec().usageMessage().optionListHeading("%nOptions:%n");
        command.getSubcommands().values().forEach(RootCommand::addSpace);
    }

    private static void describe(CommandSpec root) {
        root.usageMessage().footer((EXAMPLES + ExitCode.table()).split("\n", -1));
    }

    /** Where the options say that the configuration is. */
    public static Path configurationFile(CommandLine root) {
        return of(root).config;
    }

    private static RootCommand of(CommandLine root) {
        return (RootCommand) root.getCommandSpec().userObject();
    }
}
