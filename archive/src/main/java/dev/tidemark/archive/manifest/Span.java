package dev.tidemark.archive.manifest;

import dev.tidemark.schemas.change.Position;
import java.time.Instant;

/**
 * The part of the source's commit order that a manifest covers.
 *
 * @param from after this position
 * @param to up to and with this one; equal to {@code from} for a base, which is the state there
 * @param firstCommit the commit time of its first transaction
 * @param lastCommit the commit time of its last transaction
 * @param latestCommit no commit up to {@code to} is later than this, since the archive's beginning:
 *     clocks jump
 * @param transactions in it
 * @param changes in it
 */
public record Span(
        Position from,
        Position to,
        Instant firstCommit,
        Instant lastCommit,
        Instant latestCommit,
        long transactions,
        long changes) {
    public Span {
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("a span from " + from + " back to " + to);
        }
    }

    /** That of a base as of its end. */
    public Span end() {
        return new Span(to, to, lastCommit, lastCommit, latestCommit, 0, 0);
    }
}
