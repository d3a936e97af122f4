package dev.tidemark.cli.command;

import dev.tidemark.cli.output.TextTable;
import dev.tidemark.cli.wiring.MaskJob;
import dev.tidemark.replay.mask.MaskFile;
import dev.tidemark.replay.mask.MaskKey;
import dev.tidemark.replay.mask.MaskedColumn;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What becomes of each column on its way out of the archive. */
final class MaskFileOption {
    @Option(
            names = "--mask",
            paramLabel = "FILE",
            description =
                    "What becomes of each column: keep, null, hash, an invented name, … A column without a decision stops the"
                            + " command before anything is written. The key comes from TIDEMARK_MASK_KEY or the file's"
                            + " key-file, else it is a random one. docs/masks.md describes the file.")
    Optional<Path> file = Optional.empty();

    Optional<MaskJob> job(CommandContext context) {
        return file.map(
                name -> {
                    MaskFile masks = MaskFile.read(context.directory().resolve(name));
                    return new MaskJob(masks, MaskKey.of(masks.keyFile(), context.environment()));
                });
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
}
