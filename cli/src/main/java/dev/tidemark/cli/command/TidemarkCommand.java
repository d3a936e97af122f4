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

    /**
     * Does it go on until it is told to end? Then nobody looks at it, and its log has all that is
     * said; another command says itself what does not answer.
     */
    default boolean isService() {
        return false;
    }

    /**
     * Is it noted in the archive's access log that somebody runs it, where the configuration names
     * a reader? So is whatever gives an answer, or brings rows out; only what shows none of them
     * need not be.
     */
    default boolean isLogged() {
        return !isService();
    }

    /**
     * Is what it does after an interrupt wanted, however long it takes? Else the process ends some
     * seconds after a signal.
     */
    default boolean isEndAwaited() {
        return false;
    }
}
