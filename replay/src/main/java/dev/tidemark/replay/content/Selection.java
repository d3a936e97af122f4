package dev.tidemark.replay.content;

import java.util.List;

/**
 * What of a database the user asked for, by patterns of names. Tables and schemas add up; what is
 * excluded is so in any case; with exclusions alone all else is asked for.
 */
public record Selection(
        List<TablePattern> tables,
        List<String> schemas,
        List<TablePattern> excludedTables,
        List<String> excludedSchemas) {
    public Selection {
        tables = List.copyOf(tables);
        schemas = List.copyOf(schemas);
        excludedTables = List.copyOf(excludedTables);
        excludedSchemas = List.copyOf(excludedSchemas);
        schemas.forEach(NamePattern::parse);
        excludedSchemas.forEach(NamePattern::parse);
    }

    /** Everything. */
    public static Selection all() {
        return new Selection(List.of(), List.of(), List.of(), List.of());
    }

    public boolean isAll() {
        return equals(all());
    }

    /** Is a table of this name excluded, whether there is one or not? */
    boolean excludes(String schema, String name) {
        return excludedTables.stream().anyMatch(pattern -> pattern.matches(schema, name))
                || excludedSchemas.stream()
                        .anyMatch(pattern -> NamePattern.parse(pattern).matches(schema));
    }

    /** Is something asked for by name, so that the rest is not? */
    boolean isOfNames() {
        return !tables.isEmpty() || !schemas.isEmpty();
    }
}
