package dev.tidemark.cli.command;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.TemporaryFolder;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark info}. */
@Command(
        name = "info",
        header = "What can be restored, and how far behind the archive is.",
        description = {
            "%nShows window, bases, segments and sizes of the archive, and how long ago its last commit was. What"
                    + " the archive does not have yet is safe in Kafka, or still at the source. Where a command"
                    + " rewrote a table that was too large for the source's log, it says from when to when the rows"
                    + " of that table are not known."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tidemark info", "  tidemark info --json"})
final class InfoCommand implements TidemarkCommand {
    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        Parts parts = context.parts(Section.ARCHIVE);
        try (Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary("info")) {
            ArchiveInfo info = ArchiveInfo.of(archive, temporary.path(), context.clock().instant());
            if (isJson) {
                context.printJson(info);
            } else {
                info.print(context.out());
            }
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
        return ExitCode.DONE;
    }
}
