package dev.tidemark.archive.manifest;

import dev.tidemark.schemas.change.Position;
import java.time.Instant;

/**
 * What is lost before a base: all that was committed after a position and is not in the base. The
 * base's own manifest says where it ends ({@link Manifest#span}).
 *
 * <p>Positions on both sides compare only if the source's history is the same; a server that took
 * over may have been behind.
 *
 * @param from the last transaction that the archive has before it
 * @param fromTime its commit time
 * @param systemId of the cluster that the base and what follows is of
 * @param reason for people
 * @param noticed by the clock of who took the base
 */
public record Gap(
        Position from, Instant fromTime, String systemId, String reason, Instant noticed) {
    /** The same with another text. */
    Gap withReason(String other) {
        return new Gap(from, fromTime, systemId, other, noticed);
    }
}
