package dev.tidemark.replay.profile;

/** What a row is for the application, where deleted rows stay in their table. */
public enum Liveness {
    ALIVE,
    DELETED,
    /** It depends on fields that are not known. */
    UNKNOWN
}
