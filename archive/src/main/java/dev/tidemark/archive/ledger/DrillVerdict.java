package dev.tidemark.archive.ledger;

/** What a drill came to, as the ledger and the metrics name it. */
public enum DrillVerdict {
    /** Every table was the source's at that position. */
    EQUAL_TO_THE_SOURCE,
    /** Every row was restored, read back and found equal to the archive. */
    RESTORED_AND_READ_BACK,
    /** The source was asked, and some of its tables could not be compared. */
    PARTLY_COMPARED,
    /** A table was not as in the source. */
    DIFFERENT,
    /** Something of the schema could not be restored, or was not known at that moment. */
    NOT_WHOLE,
    /** The archive could not be restored to a moment that it should have. */
    REFUSED,
    /** It ended on the way. */
    BROKE_OFF
}
