package dev.tidemark.replay.history;

import dev.tidemark.replay.profile.Profile;
import dev.tidemark.replay.profile.RowFields;
import dev.tidemark.replay.profile.TableProfile;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Operation;
import java.util.IdentityHashMap;
import java.util.Optional;

/** Says whom a row names that was changed: what an application writes into the row itself. */
public interface Claims {
    /** Rows name nobody. */
    Claims NONE = (table, operation, after) -> Optional.empty();

    /**
     * Who made a change; empty when the row does not say.
     *
     * @param table as of then
     * @param after the row after it
     */
    Optional<String> of(Table table, Operation operation, RowFields after);

    /** By the columns that a profile names. For one thread. */
    static Claims by(Profile profile) {
        IdentityHashMap<Table, TableProfile> known =
                new IdentityHashMap<>(); // finding one takes its time
        return (table, operation, after) ->
                known.computeIfAbsent(table, profile::of).claim(operation, after);
    }
}
