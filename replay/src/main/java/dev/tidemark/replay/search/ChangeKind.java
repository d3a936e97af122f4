package dev.tidemark.replay.search;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a change is for those who ask: a row that only counts as deleted was deleted. */
public enum ChangeKind {
    INSERT,
    UPDATE,
    DELETE,
    /** An UPDATE since which the row counts as deleted, by the profile. */
    SOFT_DELETE,
    /** An UPDATE since which it counts as there again. */
    UNDELETE,
    /** All rows of a table at once. */
    TRUNCATE;

    /** All that made rows go. */
    public static Set<ChangeKind> deletions() {
        return EnumSet.of(DELETE, SOFT_DELETE, TRUNCATE);
    }

    /** For people. */
    @Override
    public String toString() {
        return name().replace('_', ' ');
    }

    /** As it is asked for. */
    public String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
