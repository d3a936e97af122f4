package dev.tidemark.replay.rows;

/** Rows of one table that name rows of another, both of which hold rows themselves. Immutable. */
record Reference(Endpoint child, Endpoint parent) {}
