package dev.tidemark.cli.command;

import dev.tidemark.replay.rewind.RewindOptions;
import dev.tidemark.schemas.database.DatabaseUrl;
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

    RewindOptions options() {
        return new RewindOptions(
                isOverwriting ? RewindOptions.Foreign.OVERWRITE : RewindOptions.Foreign.REFUSE,
                isCheckingAll ? RewindOptions.Check.WHOLE_TABLES : RewindOptions.Check.CHANGED_ROWS,
                RewindOptions.Reports.AWAITED);
    }
}
