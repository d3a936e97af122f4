/**
 * How an archive becomes a database. In: a catalog and the rows of each table. Out: statements in
 * an order that PostgreSQL accepts, and a loaded database.
 */
@NullMarked
package dev.tidemark.replay.load;

import org.jspecify.annotations.NullMarked;
