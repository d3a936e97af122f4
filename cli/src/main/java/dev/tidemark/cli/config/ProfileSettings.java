package dev.tidemark.cli.config;

import dev.tidemark.replay.profile.ProfileFile;
import java.nio.file.Path;

/**
 * What is known of the application's tables: a ready profile, or a file.
 *
 * @param name as it is written
 * @param file of that name; a ready one's name means a file only with a folder before it, as in
 *     {@code ./odoo}
 */
public record ProfileSettings(String name, Path file) {
    /**
     * Reads it.
     *
     * @throws dev.tidemark.schemas.TidemarkException (usage) with all that is wrong in it
     */
    public ProfileFile read() {
        return ProfileFile.READY.contains(name) ? ProfileFile.ready(name) : ProfileFile.read(file);
    }
}
