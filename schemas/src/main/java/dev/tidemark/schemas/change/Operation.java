package dev.tidemark.schemas.change;

/** What was done to one row. The order is part of both formats: append only. */
public enum Operation {
    INSERT,
    UPDATE,
    DELETE,
    /**
     * The row as it is after a command that changed its table's rows without telling of each; all
     * that the table held before is told so again.
     */
    REWRITE
}
