/**
 * An archive that reaches as far as its change log, for one process. In: a published archive, and
 * the log's records after it. Out: the same archive with segments of those, which nobody else sees.
 */
@NullMarked
package dev.tidemark.archiver.ahead;

import org.jspecify.annotations.NullMarked;
