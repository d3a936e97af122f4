package dev.tidemark.replay.difference;

import java.util.Optional;

/**
 * How many rows of a table differ, on the way from the first moment to the second.
 *
 * @param table its name at the second, or the one that it had
 * @param inserted rows that are there and were not
 * @param updated rows that are there at both, with other fields
 * @param deleted rows that were there and are not
 * @param softDeleted updated rows that count as deleted since; they are no part of {@code updated}
 * @param undeleted updated rows that count as there again; no part of {@code updated} either
 * @param asBefore rows that were changed and are as they were; empty where that is not known
 * @param changes how many changes its rows had; empty where that is not known
 * @param whole why all of its rows were compared; empty where its changes told which differ
 */
public record DifferingTable(
        String table,
        long inserted,
        long updated,
        long deleted,
        long softDeleted,
        long undeleted,
        Optional<Long> asBefore,
        Optional<Long> changes,
        Optional<String> whole) {
    /** Rows that differ in the end. */
    public long rows() {
        return inserted + updated + deleted + softDeleted + undeleted;
    }
}
