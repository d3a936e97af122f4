package dev.tidemark.archive.manifest;

import java.time.Instant;

/**
 * What an archive is of: {@code tidemark.json}, its first object.
 *
 * @param format the version of the archive's format
 * @param source the configured name of the source
 * @param systemId the cluster's own identity
 * @param database the database's name
 * @param created by the clock of who created it
 * @param encoding how the data files are encoded: {@code parquet}
 */
public record ArchiveIdentity(
        int format,
        String source,
        String systemId,
        String database,
        Instant created,
        String encoding) {
    /** The format that this version writes. */
    public static final int FORMAT = 1;

    static final String NAME = "tidemark.json";
}
