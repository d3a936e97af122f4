package dev.tidemark.replay.query;

/**
 * A table as SQL names it; what was not written of it is empty.
 *
 * @param catalog what stands before the schema
 */
record TableName(String catalog, String schema, String name) {
    /** As it was written, but for quotes. */
    @Override
    public String toString() {
        return (catalog.isEmpty() ? "" : catalog + ".")
                + (schema.isEmpty() ? "" : schema + ".")
                + name;
    }
}
