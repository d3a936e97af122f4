package dev.tidemark.replay.query;

import dev.tidemark.replay.duckdb.LimitedDuckDb;
import dev.tidemark.schemas.catalog.Column;

/**
 * A column of a table of the source. Immutable.
 *
 * @param column as it is at the moment
 * @param name what it is called in SQL
 */
record SourceColumn(Column column, String name, ColumnType type) {
    String quoted() {
        return LimitedDuckDb.name(name);
    }

    /** In quotes where it must be. */
    String quotedIfNeeded() {
        return name.matches("[a-zA-Z_][a-zA-Z0-9_]*") ? name : quoted();
    }

    /** Are the texts of values that it had in another type those of its own values? */
    boolean holds(String otherType) {
        return column.type().equals(otherType) || type.holds(ColumnType.of(otherType));
    }

    /** The same, as the source's own text. */
    SourceColumn asText() {
        return new SourceColumn(column, name, ColumnType.TEXT);
    }
}
