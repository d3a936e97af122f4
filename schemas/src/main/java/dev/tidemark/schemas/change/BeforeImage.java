package dev.tidemark.schemas.change;

/**
 * How much of a row's version before the change is known. The order is part of both formats: append
 * only.
 */
public enum BeforeImage {
    /** Nothing: an insert, or an update that left the key alone. */
    NONE,
    /** The key's fields; all others are {@link Value.Mark#UNKNOWN}. */
    KEY,
    /** Every field. */
    FULL
}
