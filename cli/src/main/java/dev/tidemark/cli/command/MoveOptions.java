package dev.tidemark.cli.command;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.replay.rewind.RewindOptions;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which database is moved, and how careful that is. */
final class MoveOptions {
    @Option(
            names = "--on",
            paramLabel = "URL",
            required = true,
            description =
                    "The database that 'tidemark restore' built: postgresql://user@host:5432/database.")
    Optional<DatabaseUrl> on = Optional.empty();

    @Option(
            names = "--overwrite-changes",
            description =
                    "Bring tables whose rows others changed to the moment too: they are loaded anew, and what was"
                            + " changed in them is lost.")
    boolean isOverwriting;

    @Option(
            names = "--check",
            description = "Read all rows of the tables that change, and not only the rows that do.")
    boolean isCheckingAll;

    /** What is moved, and from what. */
    record Moving(Archive archive, Path temporary, Database database) {}

    /** Work on it. */
    interface Work {
        ExitCode run(Moving moving) throws IOException;
    }

    /**
     * Opens it.
     *
     * @param command names the folder for temporary files
     */
    ExitCode run(CommandContext context, Parts parts, String command, Work work) {
        try (Archive archive = parts.archive();
                TemporaryFolder temporary = parts.temporary(command)) {
            Database database = context.databases().target(on.orElseThrow());
            return work.run(new Moving(archive, temporary.path(), database));
        } catch (IOException e) {
            throw ArchiveErrors.reading(e);
        }
    }

    RewindOptions options(RewindOptions.Views views) {
        return new RewindOptions(
                isOverwriting ? RewindOptions.Foreign.OVERWRITE : RewindOptions.Foreign.REFUSE,
                isCheckingAll ? RewindOptions.Check.WHOLE_TABLES : RewindOptions.Check.CHANGED_ROWS,
                RewindOptions.Reports.AWAITED,
                views);
    }
}
