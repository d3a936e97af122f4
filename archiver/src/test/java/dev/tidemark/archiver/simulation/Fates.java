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
                public Optional<Fault> ofLogCall() {
                    return Optional.empty();
                }
            };

    /** Of the next call of the store. */
    Optional<Fault> ofStoreCall();

    /** Of the next call of the log. */
    Optional<Fault> ofLogCall();
}
