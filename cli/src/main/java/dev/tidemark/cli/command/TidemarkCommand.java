package dev.tidemark.cli.command;

import dev.tidemark.schemas.TidemarkException;

/** A command, after its options were read. */
public interface TidemarkCommand {
    /**
     * Does the work, in the main thread, and returns when it is over. An interrupt asks it to end.
     *
     * @throws TidemarkException what a user should read; main prints it
     */
    ExitCode run(CommandContext context) throws InterruptedException;
}
