package dev.tidemark.replay.mask;

/**
 * A decision, and the shape of the column that it is for. Of two columns with equal ones, equal
 * values become equal values.
 *
 * @param isUnique no two values may become the same
 */
record ColumnMask(Mask mask, ColumnType type, boolean isUnique) {
    boolean isKept() {
        return mask instanceof Mask.Keep;
    }
}
