package dev.tidemark.replay.duckdb;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Names of one kind in one place, of which DuckDB takes those for equal that differ in case only.
 * For one thread.
 */
public final class DuckDbNames {
    private final Set<String> taken = new HashSet<>();

    /** The name, or when it is taken one with a number behind it. */
    public String free(String name, long number) {
        String free = name;
        for (long n = number; !taken.add(free.toLowerCase(Locale.ROOT)); n++) {
            free = name + "-" + n;
        }
        return free;
    }
}
