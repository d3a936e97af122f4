package dev.tidemark.cli.command;

import dev.tidemark.cli.output.TextTable;
import dev.tidemark.cli.wiring.MaskJob;
import dev.tidemark.replay.mask.MaskFile;
import dev.tidemark.replay.mask.MaskKey;
import dev.tidemark.replay.mask.MaskedColumn;
import dev.tidemark.replay.script.UserScript;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What makes a restored database fit for others than production. */
final class MaskOptions {
    @Option(
            names = "--mask",
            paramLabel = "FILE",
            description =
                    "What becomes of each column: keep, null, hash, an invented name, … A column without a decision stops the"
                            + " restore before anything is written. The key comes from TIDEMARK_MASK_KEY or the file's"
                            + " key-file, else it is a random one. docs/masks.md describes the file.")
    Optional<Path> mask = Optional.empty();

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
        return mask.map(
                name -> {
                    MaskFile file = MaskFile.read(context.directory().resolve(name));
                    return new MaskJob(file, MaskKey.of(file.keyFile(), context.environment()));
                });
    }

    List<UserScript> read(CommandContext context) {
        return scripts.stream()
                .map(script -> UserScript.read(context.directory().resolve(script)))
                .toList();
    }

    static void print(CommandContext context, List<MaskedColumn> masked) {
        if (masked.isEmpty()) {
            return;
        }
        TextTable table = new TextTable("masked", "column", "decision", "rows changed");
        masked.forEach(
                one -> table.row(one.table(), one.column(), one.decision(), one.rowsChanged()));
        context.print(table);
    }

    void printScripts(CommandContext context) {
        scripts.forEach(
                script -> context.out().printf("%s ran before it became usable.%n", script));
    }

    /** Is what comes back as it was? */
    boolean isFaithful() {
        return mask.isEmpty() && scripts.isEmpty();
    }
}
