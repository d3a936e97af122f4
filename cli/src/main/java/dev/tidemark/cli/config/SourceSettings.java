package dev.tidemark.cli.config;

import dev.tidemark.schemas.catalog.SchemaChanges;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The database that is captured.
 *
 * @param name names the topic, the slot and the publication
 * @param imageMaxBytes a table up to this size is written into the log when a command rewrites it
 * @param schemaChanges how schema changes come to be known
 * @param adminUrl as whom init and deinit work; empty: as {@code url}
 */
public record SourceSettings(
        String name,
        DatabaseUrl url,
        Optional<Path> passwordFile,
        Optional<DatabaseUrl> adminUrl,
        Optional<Path> adminPasswordFile,
        long imageMaxBytes,
        SchemaChanges schemaChanges) {
    /** One that event triggers tell of. */
    public SourceSettings(
            String name,
            DatabaseUrl url,
            Optional<Path> passwordFile,
            Optional<DatabaseUrl> adminUrl,
            Optional<Path> adminPasswordFile,
            long imageMaxBytes) {
        this(
                name,
                url,
                passwordFile,
                adminUrl,
                adminPasswordFile,
                imageMaxBytes,
                SchemaChanges.TRIGGERS);
    }
}
