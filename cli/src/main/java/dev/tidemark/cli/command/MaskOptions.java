package dev.tidemark.cli.command;

import dev.tidemark.cli.wiring.MaskJob;
import dev.tidemark.replay.script.UserScript;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What makes a restored database fit for others than production. */
final class MaskOptions {
    @Mixin MaskFileOption mask = new MaskFileOption();

    @Option(
            names = "--preview",
            description =
                    "With --mask: show 20 rows of each table before and after, and write nothing. What is shown is what the"
                            + " masks are to hide.")
    boolean isPreview;

    @Option(
            names = "--run-sql",
            paramLabel = "FILE",
            description =
                    "SQL that runs in one transaction before the database becomes usable, such as to stop queues. May be given"
                            + " several times; if one fails, the database stays marked as unfinished.")
    List<Path> scripts = new ArrayList<>();

    Optional<MaskJob> job(CommandContext context) {
        return mask.job(context);
    }

    List<UserScript> read(CommandContext context) {
        return scripts.stream()
                .map(script -> UserScript.read(context.directory().resolve(script)))
                .toList();
    }

    void printScripts(CommandContext context) {
        scripts.forEach(
                script -> context.out().printf("%s ran before it became usable.%n", script));
    }

    /** Is what comes back as it was? */
    boolean isFaithful() {
        return mask.file.isEmpty() && scripts.isEmpty();
    }
}
