package dev.tidemark.replay.load;

/** What of the rights in a database a restore brings back. */
public enum RightsPart {
    /** Whose the objects are; without it all belongs to the user who restores. */
    OWNERS,
    /** Who may do what with them, now and, by default privileges, with later ones. */
    PRIVILEGES
}
