/**
 * Before the stream: preparing a PostgreSQL source, checking it, reading the first base's rows, and
 * taking all of it back. In: an administrator's database. Out: a source that tells its changes, and
 * rows as of the position at which its stream starts.
 */
@NullMarked
package dev.tidemark.capture.prepare;

import org.jspecify.annotations.NullMarked;
