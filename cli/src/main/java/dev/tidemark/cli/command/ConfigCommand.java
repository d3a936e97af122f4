package dev.tidemark.cli.command;

import dev.tidemark.cli.config.Reference;
import picocli.CommandLine.Command;

/** {@code tidemark config}, which only has commands below it. */
@Command(
        name = "config",
        header = "Check the configuration, or print all that can be set.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        subcommands = {ConfigCommand.Check.class, ConfigCommand.KeyReference.class},
        footerHeading = "%nExamples:%n",
        footer = {"  tidemark config check --config crm.yaml", "  tidemark config reference"})
final class ConfigCommand {
    @Command(
            name = "check",
            header = "Read the configuration, and report every problem at once.",
            description = "%nConnects to nothing. The profile that it names is read, too.",
            footerHeading = "%nExamples:%n",
            footer = {"  tidemark config check", "  tidemark config check --config crm.yaml"})
    static final class Check implements TidemarkCommand {
        @Override
        public ExitCode run(CommandContext context) {
            context.configuration()
                    .profile()
                    .ifPresent(
                            profile -> {
                                var unused = profile.read();
                            });
            context.out().println("no problems");
            return ExitCode.DONE;
        }
    }

    @Command(
            name = "reference",
            header = "Print every key with its type, default and meaning.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  tidemark config reference",
                "  tidemark config reference > docs/configuration.md"
            })
    static final class KeyReference implements TidemarkCommand {
        @Override
        public ExitCode run(CommandContext context) {
            context.out().print(Reference.markdown());
            return ExitCode.DONE;
        }
    }
}
