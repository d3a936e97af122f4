package dev.tidemark.cli.metrics;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a look at the source found.
 *
 * @param isUp did it answer?
 * @param slot as it was; empty when the source did not answer or has no such slot
 */
record SourceSample(boolean isUp, Optional<Slot> slot) {
    static final SourceSample DOWN = new SourceSample(false, Optional.empty());

    /**
     * The slot.
     *
     * @param heldBytes of the source's log that it keeps from being removed
     * @param walStatus in PostgreSQL's word
     * @param safeBytes that the log may still grow before the slot can be lost; empty: no limit
     * @param forecastSeconds until that is used up, at the pace of the last minutes; NaN: not
     */
    record Slot(long heldBytes, String walStatus, OptionalLong safeBytes, double forecastSeconds) {}
}
