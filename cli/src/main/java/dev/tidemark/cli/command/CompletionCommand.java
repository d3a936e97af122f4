package dev.tidemark.cli.command;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** {@code tidemark completion}. */
@Command(
        name = "completion",
        header = "Print what makes bash or zsh complete commands and options.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(tidemark completion)",
            "  tidemark completion > /etc/bash_completion.d/tidemark"
        })
final class CompletionCommand implements TidemarkCommand {
    @Override
    public ExitCode run(CommandContext context) {
        context.out().print(AutoComplete.bash("tidemark", RootCommand.commandLine()));
        return ExitCode.DONE;
    }
}
