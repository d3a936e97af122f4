package dev.tidemark.replay.profile;

import dev.tidemark.schemas.catalog.Table;
import java.util.Optional;

/**
 * Where users are, whom modifiers and creators name. Immutable.
 *
 * @param table as it is in the catalog
 * @param key the column that they are named by
 * @param name how they are called
 * @param person where their names are instead, if it is another table
 */
public record UserTable(Table table, String key, DisplayName name, Optional<Person> person) {
    /**
     * Another table with the names of users: {@code name} of {@link UserTable} is for those who
     * have no row there.
     *
     * @param column of the users' table
     * @param table whose rows {@code column} names
     * @param key by this column
     */
    public record Person(String column, Table table, String key, DisplayName name) {}
}
