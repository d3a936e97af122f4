/**
 * How a change log is written down. In: frames of entries. Out: Avro single-object encoded bytes,
 * and back; and which frames count when several captures wrote.
 */
@NullMarked
package dev.tidemark.schemas.log;

import org.jspecify.annotations.NullMarked;
