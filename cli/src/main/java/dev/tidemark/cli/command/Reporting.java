package dev.tidemark.cli.command;

import dev.tidemark.replay.salvage.Salvage;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.io.IOException;

/**
 * Writes down how the building of a database ended, where that was asked for.
 *
 * @param way to what is built
 * @param began when, and where
 */
record Reporting(
        CommandContext context, ReportFile file, Salvage.Way way, RestoreView.Began began) {
    /** Builds something. */
    interface Work<T> {
        T run() throws IOException, InterruptedException;
    }

    /** Builds something, and says when it begins. */
    interface LateWork<T> {
        T run(Runnable begins) throws IOException, InterruptedException;
    }

    /** Does it, and reports a failure. */
    <T> T of(Work<T> work) throws IOException, InterruptedException {
        file.begin();
        return ofOneThatBegins(begins -> work.run());
    }

    /** The same of what tells when it begins: what was refused until then was not begun. */
    <T> T ofOneThatBegins(LateWork<T> work) throws IOException, InterruptedException {
        try {
            return work.run(file::begin);
        } catch (TidemarkException | InterruptedException e) {
            reportFailure(e);
            throw e;
        }
    }

    /** The same of a database with another name. */
    Reporting of(DatabaseUrl target) {
        return new Reporting(context, file, way, new RestoreView.Began(target, began.began()));
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
                            : TidemarkException.reason(failure);
            file.write(
                    RestoreView.failed(
                            way, what, began.end(RestoreView.Run.FAILED, context.clock())));
        } catch (TidemarkException e) {
            failure.addSuppressed(e);
        }
    }
}
