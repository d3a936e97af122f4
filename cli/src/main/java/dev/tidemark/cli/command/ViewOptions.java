package dev.tidemark.cli.command;

import dev.tidemark.cli.wiring.Parts;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Views for other programs, instead of an answer. */
final class ViewOptions {
    @Option(
            names = "--ddl",
            description =
                    "Instead of an answer: write tables and their histories into --directory as Parquet, and print the"
                            + " statements that make views of them in any DuckDB.")
    boolean isWanted;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "With --ddl: an empty or new directory.")
    Optional<Path> directory = Optional.empty();

    @Option(
            names = "--table",
            paramLabel = "TABLE",
            description = "With --ddl: only this table. Repeatable.")
    List<String> tables = new ArrayList<>();

    /**
     * Do the options fit together?
     *
     * @param isSql is there a statement too?
     */
    void check(boolean isSql) {
        if (!isWanted && (directory.isPresent() || !tables.isEmpty())) {
            throw TidemarkException.usage(
                    "--directory and --table are for --ddl",
                    "Add --ddl, or write the question in SQL.");
        }
        if (isWanted && isSql) {
            throw TidemarkException.usage(
                    "--ddl answers no SQL", "Leave the SQL out, or --ddl with its options.");
        }
        if (isWanted && directory.isEmpty()) {
            throw TidemarkException.usage(
                    "--ddl has no directory for the files that its views are over",
                    "Give an empty or new one with --directory.");
        }
    }

    /**
     * Where the files are to be.
     *
     * @throws TidemarkException when something is there, or it is in the archive
     */
    Path path(CommandContext context, Parts parts) throws IOException {
        Path path =
                context.directory().resolve(directory.orElseThrow()).toAbsolutePath().normalize();
        if (parts.configuration().neededArchive().holds(path)) {
            throw TidemarkException.usage(
                    "%s is inside the archive".formatted(path),
                    "Views are no part of it. Give a directory of your own.");
        }
        if (Files.isDirectory(path)) {
            try (Stream<Path> there = Files.list(path)) {
                if (there.findAny().isPresent()) {
                    throw TidemarkException.refused(
                            "%s is not empty".formatted(path),
                            "Files go into an empty or new directory, so that nothing is overwritten.");
                }
            }
        }
        return path;
    }
}
