package dev.tidemark.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark init}. */
@Command(
        name = "init",
        header = "Prepare the source, and take the first base.",
        description = {
            "%nCreates publication, replication slot, event triggers and a role with the least rights, as the",
            "user of source.admin-url. Run again, it creates what is missing."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tidemark init", "  tidemark init --print-sql > prepare.sql"})
final class InitCommand implements TidemarkCommand {
    @Option(
            names = "--print-sql",
            description = "Change nothing: print the SQL, for a DBA who runs it.")
    boolean isSqlPrinted;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        throw NotWired.error("init");
    }
}
