package dev.tidemark.replay.rows;

/**
 * Rows of one table that name rows of another, both of which hold rows themselves. Immutable.
 *
 * @param isDeclared does a foreign key say so?
 */
record Reference(String name, Endpoint child, Endpoint parent, boolean isDeclared) {}
