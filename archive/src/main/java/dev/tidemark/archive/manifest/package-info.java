/**
 * The archive's commit log. In: files that were uploaded and what they cover. Out: numbered,
 * chained manifests, and the state that they add up to.
 */
@NullMarked
package dev.tidemark.archive.manifest;

import org.jspecify.annotations.NullMarked;
