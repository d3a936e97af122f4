package dev.tidemark.cli.command;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.replay.evidence.AnsweredQuestion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A question whose answer can be handed on as evidence. */
interface EvidenceQuestion {
    /**
     * What it is asked of.
     *
     * @param folder of its own, on local disk
     * @param command the question as it is written on a command line
     */
    record Asked(
            CommandContext context, Parts parts, Archive archive, Path folder, String command) {}

    /** What is asked, where the command line does not have it; asked for once, before the rest. */
    default Optional<String> said() {
        return Optional.empty();
    }

    /** Answers it; its answer is the same whenever it is asked of the same archive. */
    AnsweredQuestion answer(Asked asked) throws IOException, InterruptedException;
}
