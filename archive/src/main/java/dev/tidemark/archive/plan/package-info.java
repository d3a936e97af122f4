/**
 * What a restore needs. In: the archive's state and a moment. Out: a plan (a base, the segments
 * after it, the cut), or a refusal that names the nearest moments; a plan with a hole cannot be
 * made.
 */
@NullMarked
package dev.tidemark.archive.plan;

import org.jspecify.annotations.NullMarked;
