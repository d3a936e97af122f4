package dev.tidemark.cli.metrics;

import dev.tidemark.archive.ledger.DrillVerdict;
import dev.tidemark.archive.ledger.Ledger;
import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks into an archive's ledger, seldom: a storage may take money for each question. */
final class LedgerLook implements Watch.Look<LedgerSample> {
    private static final Logger log = LoggerFactory.getLogger(LedgerLook.class);
    private static final Duration INTERVAL = Duration.ofMinutes(10);

    private final Supplier<ObjectStore> stores;
    private final Clock clock;
    private LedgerSample sample = LedgerSample.NONE;
    private Instant next = Instant.MIN;

    LedgerLook(Supplier<ObjectStore> stores, Clock clock) {
        this.stores = stores;
        this.clock = clock;
    }

    @Override
    public LedgerSample look() {
        if (!clock.instant().isBefore(next)) {
            next = clock.instant().plus(INTERVAL); // also when it fails
            try (ObjectStore store = stores.get()) {
                Ledger ledger = new Ledger(store);
                sample =
                        new LedgerSample(
                                ledger.newestGood(LedgerEntry.Kind.VERIFY),
                                ledger.newestGood(LedgerEntry.Kind.RESTORE),
                                ledger.newest(LedgerEntry.Kind.DRILL),
                                ledger.newestGood(LedgerEntry.Kind.DRILL),
                                ledger.newest(LedgerEntry.Kind.DRILL, LedgerLook::isEqual));
            } catch (IOException | TidemarkException e) {
                log.debug("cannot look into the ledger", e);
            }
        }
        return sample;
    }

    private static boolean isEqual(LedgerEntry entry) {
        return entry.drill()
                .filter(drill -> drill.is(DrillVerdict.EQUAL_TO_THE_SOURCE))
                .isPresent();
    }

    @Override
    public void close() {
        // the store is open during a look only
    }
}
