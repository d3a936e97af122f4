package dev.tidemark.archiver.simulation;

import dev.tidemark.archive.store.FaultyObjectStore.Fault;
import java.util.Optional;

/** What becomes of an archiver's operations. */
interface Fates {
    /** Nothing fails. */
    Fates CALM =
            new Fates() {
                @Override
                public Optional<Fault> ofStoreCall() {
                    return Optional.empty();
                }

                @Override
                public Optional<Fault> ofParallelRead() {
                    return Optional.empty();
                }

                @Override
                public Optional<Fault> ofLogCall() {
                    return Optional.empty();
                }

                @Override
                public boolean isLate() {
                    return false;
                }
            };

    /** Of the next call of the store. */
    Optional<Fault> ofStoreCall();

    /** The same for one of many reads that are made at a time, by helpers' threads. */
    Optional<Fault> ofParallelRead();

    /** Of the next call of the log. */
    Optional<Fault> ofLogCall();

    /** Does the next write of the store arrive after its caller gave up? */
    boolean isLate();
}
