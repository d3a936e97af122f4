package dev.tidemark.capture.prepare;

import dev.tidemark.schemas.catalog.SchemaChanges;

/**
 * What a source is prepared for.
 *
 * @param names of what is made there
 * @param captureRole whom capture works as
 * @param imageMaxBytes a table up to this size is written into the log when a command rewrites it
 * @param schemaChanges how schema changes come to be known
 */
public record PreparationSettings(
        SourceNames names, String captureRole, long imageMaxBytes, SchemaChanges schemaChanges) {
    boolean isPolling() {
        return schemaChanges == SchemaChanges.POLLING;
    }
}
