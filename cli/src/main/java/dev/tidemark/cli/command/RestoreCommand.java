package dev.tidemark.cli.command;

import dev.tidemark.schemas.database.DatabaseUrl;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark restore}. */
@Command(
        name = "restore",
        header = "Build a database as it was at a moment.",
        description = {
            "%nThe database is usable only after the last step; until then it cannot be connected to by mistake.",
            "The password of URL comes from TIDEMARK_TARGET_PASSWORD or ~/.pgpass."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tidemark restore --to 2026-11-20T14:03:07Z --into postgresql://me@staging:5432/crm",
            "  tidemark restore --before xid:4711 --into postgresql://me@staging:5432/crm --dry-run",
            "  tidemark restore --to latest --into postgresql://me@staging:5432/crm --replace --confirm"
        })
final class RestoreCommand implements TidemarkCommand {
    @ArgGroup(multiplicity = "1")
    TargetOptions target = new TargetOptions();

    @Option(
            names = "--into",
            paramLabel = "URL",
            required = true,
            description = "The database to build: postgresql://user@host:5432/database.")
    Optional<DatabaseUrl> into = Optional.empty();

    @Option(
            names = "--replace",
            description = "Drop what is in the database first; shows it, and needs --confirm.")
    boolean isReplacing;

    @Option(names = "--confirm", description = "Do what --replace shows.")
    boolean isConfirmed;

    @Option(names = "--dry-run", description = "Print the plan only.")
    boolean isDryRun;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            converter = AtLeastOne.class,
            description = "Tables loaded at the same time; one a processor when not given.")
    Optional<Integer> jobs = Optional.empty();

    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        throw NotWired.error("restore");
    }
}
