package dev.tidemark.replay.profile;

import java.util.List;
import java.util.Optional;

/**
 * Where a profile says that users are. Immutable.
 *
 * @param table {@code table} or {@code schema.table}, as the catalog has it
 * @param key the column that modifiers and creators name them by
 * @param names how they are called
 * @param person where their names are, if it is another table
 */
record UsersRule(String table, String key, List<NameTemplate> names, Optional<Person> person) {
    /**
     * Another table with the names.
     *
     * @param column of the users' table, which names a row of it
     * @param key the column there that is named
     */
    record Person(String column, String table, String key, List<NameTemplate> names) {}
}
