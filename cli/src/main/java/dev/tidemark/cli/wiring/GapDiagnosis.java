package dev.tidemark.cli.wiring;

import dev.tidemark.capture.prepare.SourceFacts;
import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What keeps a source's changes from going on to its archive where they stopped. Changes nothing.
 *
 * @param source the server that is there now
 * @param archived the last transaction that the archive has
 * @param archivedTime its commit time
 * @param captured the last transaction in the change log, where that can be read on
 * @param isOtherSystem is the source another cluster than the archive's?
 * @param reasons why changes do not go on; empty when they would
 */
public record GapDiagnosis(
        SourceFacts source,
        Position archived,
        Instant archivedTime,
        Optional<Position> captured,
        boolean isOtherSystem,
        List<String> reasons) {
    public GapDiagnosis {
        reasons = List.copyOf(reasons);
    }
}
