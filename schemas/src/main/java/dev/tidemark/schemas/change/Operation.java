package dev.tidemark.schemas.change;

/** What was done to one row. The order is part of both formats: append only. */
public enum Operation {
    INSERT,
    UPDATE,
    DELETE
}
