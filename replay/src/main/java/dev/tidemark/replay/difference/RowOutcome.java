package dev.tidemark.replay.difference;

/** What becomes of a row on the way from one moment to the other. */
public enum RowOutcome {
    INSERT,
    UPDATE,
    DELETE,
    /** An update that counts as a deletion for the application. */
    SOFT_DELETE,
    /** An update that takes such a deletion back. */
    UNDELETE,
    /** It was changed on the way, and is as it was. */
    AS_BEFORE
}
