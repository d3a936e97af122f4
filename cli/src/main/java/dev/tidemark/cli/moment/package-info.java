/**
 * How a user writes a moment. In: a text and the zone that is configured. Out: a moment of the
 * plan, or an error that shows how to write it.
 */
@NullMarked
package dev.tidemark.cli.moment;

import org.jspecify.annotations.NullMarked;
