package dev.tidemark.cli.command;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.replay.profile.Profile;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;

/** What each search begins with. */
final class SearchBeginning {
    private SearchBeginning() {}

    /**
     * How far it is, for a person who waits for it. Where nobody watches, nothing is shown: an
     * answer comes in seconds.
     */
    static Progress.Task start(CommandContext context) {
        Progress progress = context.isTerminal() ? context.progress() : Progress.SILENT;
        return progress.start("search", Progress.UNKNOWN, Progress.Unit.ROWS);
    }

    /** What is known of tables; an archive without any has nothing to be searched. */
    static Profile profile(Parts parts, Archive archive) throws IOException {
        return parts.profileOf(archive)
                .orElseThrow(
                        () ->
                                TidemarkException.refused(
                                        "the archive " + archive.url() + " holds no base yet",
                                        "Wait until 'tidemark init' has finished, or run it again."));
    }
}
