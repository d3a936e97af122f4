package dev.tidemark.archive.fold;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;

/**
 * What somebody wants of a database.
 *
 * @param isLeftAlone by its id: is nothing wanted of a table?
 * @param rows of some of the others, by their ids
 * @param memory bytes that changes may take before they go to local disk, nearly
 * @param temporary a folder for files while they are read; the caller deletes it
 */
record Asked(LongPredicate isLeftAlone, Map<Long, KeyedRows> rows, long memory, Path temporary) {
    static Asked allBut(Set<Long> leftAlone, long memory, Path temporary) {
        return new Asked(leftAlone::contains, Map.of(), memory, temporary);
    }

    static Asked only(Set<Long> tables, Map<Long, KeyedRows> rows, long memory, Path temporary) {
        return new Asked(id -> !tables.contains(id), rows, memory, temporary);
    }

    /** The same with other rows. */
    Asked with(Map<Long, KeyedRows> others) {
        return new Asked(isLeftAlone, others, memory, temporary);
    }
}
