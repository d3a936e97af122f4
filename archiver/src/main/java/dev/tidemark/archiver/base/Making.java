package dev.tidemark.archiver.base;

import java.time.Duration;

/**
 * How a folded base is made.
 *
 * @param memory bytes that changes may take before they go to local disk, nearly
 * @param limits how a table's rows are divided into files
 * @param recordEvery how often the archive is told of the tables that are finished, at most
 */
record Making(long memory, PartLimits limits, Duration recordEvery) {
    static Making within(long memory) {
        return new Making(memory, PartLimits.DEFAULT, FinishedTables.RECORD_EVERY);
    }
}
