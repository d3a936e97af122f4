package dev.tidemark.cli.metrics;

import dev.tidemark.archive.ledger.LedgerEntry;
import java.util.Optional;

/**
 * What was done with the archive last.
 *
 * @param verified all of it was checked, and was whole
 * @param restored a database was built of it, whole
 * @param drilled the same for a proof, however it ended
 * @param drilledWell the same, good
 * @param compared the same, equal to the source
 */
record LedgerSample(
        Optional<LedgerEntry> verified,
        Optional<LedgerEntry> restored,
        Optional<LedgerEntry> drilled,
        Optional<LedgerEntry> drilledWell,
        Optional<LedgerEntry> compared) {
    static final LedgerSample NONE =
            new LedgerSample(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
}
