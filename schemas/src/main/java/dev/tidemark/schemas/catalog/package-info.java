/**
 * What a schema is. In: nothing. Out: the catalog of a source as of a position (tables with their
 * columns by id, and every other object by its definition), as records that are written as JSON.
 */
@NullMarked
package dev.tidemark.schemas.catalog;

import org.jspecify.annotations.NullMarked;
