/**
 * How records are written as JSON. In: records of the formats. Out: one text each, the same for
 * equal records, so that it can be hashed; and back.
 */
@NullMarked
package dev.tidemark.schemas.json;

import org.jspecify.annotations.NullMarked;
