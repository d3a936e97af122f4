package dev.tidemark.replay.drill;

/** What is told of rows that differ. */
public enum Detail {
    /** Their keys, and which columns differ. */
    KEYS,
    /** The values too, which may be secret. */
    VALUES
}
