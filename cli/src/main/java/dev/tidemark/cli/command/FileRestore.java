package dev.tidemark.cli.command;

import dev.tidemark.archive.fold.Untold;
import dev.tidemark.cli.output.Figures;
import dev.tidemark.cli.output.TextTable;
import dev.tidemark.cli.wiring.FileJob;
import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.cli.wiring.RowJob;
import dev.tidemark.replay.content.Content;
import dev.tidemark.replay.export.FileReport;
import dev.tidemark.replay.export.PublishedFile;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code tidemark restore} does when it builds a file and no database.
 *
 * @param into where
 * @param path the same, from the root
 */
record FileRestore(CommandContext context, RestoreInto.OfFile into, Path path) {
    /**
     * The restore into a file; empty for a database.
     *
     * @throws TidemarkException when the file would be in the archive
     */
    static Optional<FileRestore> of(CommandContext context, Parts parts, RestoreInto into) {
        if (!(into instanceof RestoreInto.OfFile file)) {
            return Optional.empty();
        }
        Path path = context.directory().resolve(file.path()).toAbsolutePath().normalize();
        if (parts.configuration().neededArchive().holds(path)) {
            throw TidemarkException.usage(
                    "%s is inside the archive".formatted(into),
                    "A restore is no part of it. Give a file of your own.");
        }
        return Optional.of(new FileRestore(context, file, path));
    }

    /** What {@code --replace} would do. */
    TidemarkException unconfirmed() {
        return TidemarkException.usage(
                "--replace " + replacing(), "Add --confirm if that is what you want.");
    }

    private String replacing() {
        try {
            return Files.exists(path)
                    ? "replaces the file %s of %s".formatted(path, Figures.bytes(Files.size(path)))
                    : "creates the file %s, which does not exist".formatted(path);
        } catch (IOException e) {
            return "replaces the file %s".formatted(path);
        }
    }

    /**
     * Before the long work: can it be written?
     *
     * @throws TidemarkException when not
     */
    void check(boolean isReplacing) {
        PublishedFile.of(path, existing(isReplacing)); // nothing is there before it is written
    }

    private static PublishedFile.Existing existing(boolean isReplacing) {
        return isReplacing ? PublishedFile.Existing.REPLACED : PublishedFile.Existing.KEPT;
    }

    /** Writes a content. */
    FileReport run(FileJob job, Content content, boolean isReplacing) {
        return job.run(content, format(), PublishedFile.of(path, existing(isReplacing)));
    }

    /** Writes chosen rows. */
    FileReport run(RowJob job, RowJob.Ready rows, boolean isReplacing) {
        return job.write(rows, format(), PublishedFile.of(path, existing(isReplacing)));
    }

    private FileJob.Format format() {
        return switch (into.kind()) {
            case DUCKDB -> FileJob.Format.DUCKDB;
            case SQL -> FileJob.Format.SQL;
        };
    }

    /** Shows what was done. */
    void print(FileReport report, Untold untold, FileView view, boolean isJson) {
        untold.uncertain().forEach(object -> context.warn("not known: " + object));
        untold.note().ifPresent(context::warn);
        report.warnings().forEach(context::warn);
        report.withoutRows().forEach(table -> context.warn("left out: the rows of " + table));
        if (isJson) {
            context.printJson(view);
            return;
        }
        TextTable tables = new TextTable("table", "rows");
        report.tables().forEach(table -> tables.row(table.name(), table.rows()));
        context.print(tables);
        MaskFileOption.print(context, view.masked());
        context.out()
                .printf(
                        "%s holds what the source had at %s (%s)%s: %s rows of %s%s.%n",
                        report.file(),
                        report.cut(),
                        report.commitTime(),
                        view.masked().isEmpty()
                                ? ""
                                : " but for "
                                        + Figures.counted(view.masked().size(), "masked column"),
                        Figures.count(report.rows()),
                        Figures.counted(report.tables().size(), "table"),
                        checked());
    }

    private String checked() {
        return switch (into.kind()) {
            case DUCKDB -> ", each read back and equal to what was written";
            case SQL -> "";
        };
    }
}
