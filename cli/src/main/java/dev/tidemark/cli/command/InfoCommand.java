package dev.tidemark.cli.command;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.cli.config.Section;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.cli.wiring.WayNow;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
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
                    + " of that table are not known. Then, as far as the configuration names source and Kafka and they"
                    + " answer: how far capture is, what the source keeps for it, and whether the objectives are met."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tidemark info", "  tidemark info --json", "  tidemark info --archive-only"})
final class InfoCommand implements TidemarkCommand {
    @Option(names = "--json", description = "Print the result as JSON.")
    boolean isJson;

    @Option(
            names = "--archive-only",
            description = "Ask neither the source nor Kafka how far they are.")
    boolean isArchiveOnly;

    /**
     * What --json prints.
     *
     * @param proof how it was shown last that the archive is whole
     * @param way how far changes are on their way to the archive, now; empty with --archive-only
     */
    private record All(
            @JsonUnwrapped ArchiveInfo archive, ProofInfo proof, Optional<WayInfo> way) {}

    @Override
    public boolean isLogged() {
        return false; // it shows nothing of what is in the archive
    }

    @Override
    public ExitCode run(CommandContext context) throws InterruptedException {
        Parts parts = context.parts(Section.ARCHIVE);
        try (Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary("info")) {
            Instant now = context.clock().instant();
            ArchiveInfo info = ArchiveInfo.of(archive, temporary.path(), now);
            ProofInfo proof =
                    ProofInfo.of(archive.ledger(), parts.configuration().objectives().rto());
            Optional<WayInfo> way =
                    isArchiveOnly
                            ? Optional.empty()
                            : Optional.of(
                                    WayInfo.of(
                                            WayNow.of(parts),
                                            info,
                                            parts.configuration().objectives(),
                                            now));
            if (isJson) {
                context.printJson(new All(info, proof, way));
            } else {
                info.print(context.out());
                proof.print(context.out());
                way.ifPresent(of -> of.print(context.out()));
            }
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
        return ExitCode.DONE;
    }
}
