package dev.tidemark.schemas.catalog;

/** How schema changes come to be known. */
public enum SchemaChanges {
    /** Event triggers tell each one in its own transaction; a look finds what they do not tell. */
    TRIGGERS,
    /** Looks find all of them, some time after they were made. */
    POLLING
}
