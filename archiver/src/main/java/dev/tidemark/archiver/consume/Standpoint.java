package dev.tidemark.archiver.consume;

import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Position;

/**
 * Where an archive stands in a change log, and of which source both are.
 *
 * @param end the position of the last transaction that the archive has
 * @param session the session in force there
 * @param systemId the cluster's own identity
 * @param timeline of the positions
 * @param database the database's name
 */
public record Standpoint(
        Position end, long session, String systemId, int timeline, String database) {

    /** Does a capture that opened this session write of the same source? */
    boolean isOfTheSourceOf(Entry.Session opened) {
        return systemId.equals(opened.systemId())
                && timeline == opened.timeline()
                && database.equals(opened.database());
    }
}
