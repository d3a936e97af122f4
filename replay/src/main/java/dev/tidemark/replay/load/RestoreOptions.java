package dev.tidemark.replay.load;

import java.util.EnumSet;
import java.util.Set;

/**
 * How a restore goes.
 *
 * @param jobs how many sessions work side by side
 * @param rights which of them come back
 */
public record RestoreOptions(int jobs, Set<RightsPart> rights) {
    public RestoreOptions {
        if (jobs < 1) {
            throw new IllegalArgumentException("a restore with " + jobs + " jobs");
        }
        rights = Set.copyOf(rights);
    }

    /** All of it. */
    public static RestoreOptions of(int jobs) {
        return new RestoreOptions(jobs, EnumSet.allOf(RightsPart.class));
    }
}
