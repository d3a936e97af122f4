package dev.tidemark.replay.load;

import java.util.EnumSet;
import java.util.Set;

/**
 * How a restore goes.
 *
 * @param jobs how many sessions work side by side
 * @param rights which of them come back
 * @param withoutRows tables that come back empty, as {@code schema.name}
 */
public record RestoreOptions(int jobs, Set<RightsPart> rights, Set<String> withoutRows) {
    public RestoreOptions {
        if (jobs < 1) {
            throw new IllegalArgumentException("a restore with " + jobs + " jobs");
        }
        rights = Set.copyOf(rights);
        withoutRows = Set.copyOf(withoutRows);
    }

    /** All of it. */
    public static RestoreOptions of(int jobs) {
        return new RestoreOptions(jobs, EnumSet.allOf(RightsPart.class), Set.of());
    }
}
