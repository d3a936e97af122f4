package dev.tidemark.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark verify}. */
@Command(
        name = "verify",
        header = "Prove that nothing in the archive was altered or is missing.",
        description = {
            "%nReads every file the manifests name, and checks hashes and the chain of positions. Exit code 1:",
            "problems were found."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tidemark verify", "  tidemark verify --json"})
final class VerifyCommand implements TidemarkCommand {
    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        throw NotWired.error("verify");
    }
}
