package dev.tidemark.cli.wiring;

import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.replay.content.Content;
import dev.tidemark.replay.duckdb.DuckDbFile;
import dev.tidemark.replay.export.FileReport;
import dev.tidemark.replay.export.PublishedFile;
import dev.tidemark.replay.export.SqlFile;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.LongConsumer;

/**
 * From a content to a file.
 *
 * @param job whose archive and temporary folder are used
 */
public record FileJob(RestoreJob job, RestorePlan plan) {
    /** How the file is written. */
    public enum Format {
        DUCKDB,
        SQL
    }

    /** Writes and publishes a file. */
    interface Work {
        FileReport write(LongConsumer progress) throws IOException;
    }

    /**
     * Writes and publishes it; what fails leaves nothing behind.
     *
     * @throws TidemarkException also when there is no room for it
     */
    public FileReport run(Content content, Format format, PublishedFile file) {
        return run(
                file,
                progress -> {
                    new RestoreRoom(job).require(content, as(format), folder(file));
                    return switch (format) {
                        case DUCKDB ->
                                new DuckDbFile(
                                                job.archive().identity(),
                                                plan,
                                                job.temporary(),
                                                progress)
                                        .write(file, content);
                        case SQL -> SqlFile.write(file, plan, content, progress);
                    };
                });
    }

    private static WrittenAs as(Format format) {
        return switch (format) {
            case DUCKDB -> WrittenAs.DUCKDB;
            case SQL -> WrittenAs.TEXT;
        };
    }

    private static Path folder(PublishedFile file) {
        return Objects.requireNonNull(file.target().getParent()); // it was looked for
    }

    FileReport run(PublishedFile file, Work work) {
        try (PublishedFile unfinished = file;
                Progress.Task task =
                        job.progress().start("file", Progress.UNKNOWN, Progress.Unit.ROWS)) {
            return work.write(task::advance);
        } catch (IOException e) {
            throw TidemarkException.failed(
                    "cannot write %s: %s".formatted(file.target(), TidemarkException.reason(e)),
                    "Nothing of it is left. Check that its directory and temporary-directory have room and that the archive can"
                            + " be reached, and run it again.",
                    e);
        }
    }
}
