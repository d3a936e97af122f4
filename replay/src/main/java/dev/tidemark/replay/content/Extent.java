package dev.tidemark.replay.content;

/** What of each table is asked for. */
public enum Extent {
    /** The tables with their rows. */
    ALL,
    /** The tables without rows. */
    STRUCTURE,
    /** The rows alone, for tables that are there. */
    ROWS
}
