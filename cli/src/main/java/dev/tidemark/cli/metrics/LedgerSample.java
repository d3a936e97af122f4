package dev.tidemark.cli.metrics;

import dev.tidemark.archive.ledger.LedgerEntry;
import java.util.Optional;

/**
 * What was done with the archive last, and ended well.
 *
 * @param verified all of it was checked
 * @param restored a database was built of it
 */
record LedgerSample(Optional<LedgerEntry> verified, Optional<LedgerEntry> restored) {
    static final LedgerSample NONE = new LedgerSample(Optional.empty(), Optional.empty());
}
