package dev.tidemark.replay.profile;

import java.util.Optional;

/** Whose a row is, where several have their rows in one database. */
public sealed interface Tenant {
    /** A column says it. */
    record InColumn(String column) implements Tenant {}

    /** The schema of the table says it. */
    record InSchema(String schema) implements Tenant {}

    /** Whose a row is; empty when it is nobody's, or not known. */
    default Optional<String> of(RowFields row) {
        return switch (this) {
            case InColumn(String column) -> row.text(column);
            case InSchema(String schema) -> Optional.of(schema);
        };
    }
}
