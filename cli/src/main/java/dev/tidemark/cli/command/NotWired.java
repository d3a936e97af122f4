package dev.tidemark.cli.command;

import dev.tidemark.schemas.TidemarkException;

/** Stands where a command's work will be. */
final class NotWired {
    private NotWired() {}

    static TidemarkException error(String command) {
        return TidemarkException.failed(
                "'tidemark " + command + "' is not wired yet", "Wait for a later version.");
    }
}
