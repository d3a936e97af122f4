package dev.tidemark.replay.rows;

import java.util.function.Supplier;

/**
 * Two tables, both of which hold rows themselves, of which one may have rows that name rows of the
 * other. Immutable.
 *
 * @param child the id of the table that names
 * @param parent the id of the table that is named
 * @param reference how; refused where that is not known, which matters only when the tables do
 */
record Link(long child, long parent, Supplier<Reference> reference) {}
