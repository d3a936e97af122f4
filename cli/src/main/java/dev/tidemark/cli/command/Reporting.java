package dev.tidemark.cli.command;

import dev.tidemark.replay.salvage.Salvage;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.io.IOException;
import java.util.Optional;

/**
 * Writes down how the building of a database ended, where that was asked for.
 *
 * @param way to what is built
 * @param began when, and where
 */
record Reporting(
        CommandContext context, ReportFile file, Salvage.Way way, RestoreView.Began began) {
    /** Builds something, and says when it begins. */
    interface Work<T> {
        T run(Runnable begins) throws IOException, InterruptedException;
    }

    /** Does it, and reports a failure; what was refused until it begins was not begun. */
    <T> T of(Work<T> work) throws IOException, InterruptedException {
        try {
            return work.run(file::begin);
        } catch (TidemarkException | InterruptedException e) {
            reportFailure(e);
            throw e;
        }
    }

    /**
     * The same of a database that did not take the place that it was made for.
     *
     * @param reason why
     */
    Reporting beside(DatabaseUrl target, String reason) {
        return new Reporting(
                context,
                file,
                way,
                new RestoreView.Began(target, began.part(), Optional.of(reason), began.began()));
    }

    /** How it ended. */
    RestoreView.Run end(ExitCode code) {
        return began.end(
                code == ExitCode.DONE ? RestoreView.Run.WHOLE : RestoreView.Run.NOT_WHOLE,
                context.clock());
    }

    /** One that was refused changed nothing, and so there is nothing to report. */
    private void reportFailure(Exception failure) {
        if (failure instanceof TidemarkException said
                && said.kind() != TidemarkException.Kind.FAILED) {
            return;
        }
        try {
            String what =
                    failure instanceof InterruptedException
                            ? "interrupted"
                            : String.valueOf(failure.getMessage()); // it names more than its cause
            file.write(
                    RestoreView.failed(
                            way, what, began.end(RestoreView.Run.FAILED, context.clock())));
        } catch (TidemarkException e) {
            failure.addSuppressed(e);
        }
    }
}
