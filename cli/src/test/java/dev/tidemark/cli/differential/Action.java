package dev.tidemark.cli.differential;

import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/**
 * One kind of thing that a session may do.
 *
 * @param name in words; it can be switched off by this, or by one of its tags
 * @param weight how often, compared with others
 * @param versionMin the oldest major version of PostgreSQL that can do it
 * @param tags {@code rows} for what changes no schema, {@code rewrite}, {@code object}, {@code
 *     alone} for what a transaction block does not allow, and what else groups them
 */
record Action(String name, int weight, int versionMin, Set<String> tags, Maker maker) {
    /** Makes SQL for what is there now; nothing when there is nothing to do it to. */
    @FunctionalInterface
    interface Maker {
        Optional<String> sql(Scene scene) throws SQLException;
    }

    static Action of(int weight, String name, String tags, Maker maker) {
        return since(0, weight, name, tags, maker);
    }

    static Action since(int version, int weight, String name, String tags, Maker maker) {
        return new Action(
                name, weight, version, tags.isEmpty() ? Set.of() : Set.of(tags.split(" ")), maker);
    }

    boolean isAmong(Set<String> words) {
        return words.contains(name) || tags.stream().anyMatch(words::contains);
    }

    boolean isOnRows() {
        return tags.contains("rows");
    }

    boolean isAlone() {
        return tags.contains("alone");
    }
}
