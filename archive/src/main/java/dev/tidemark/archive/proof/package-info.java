/**
 * What proves an archive. In: keys, and the bytes of manifests. Out: signatures, anchors, and what
 * is to be said of an archive that was checked.
 */
@NullMarked
package dev.tidemark.archive.proof;

import org.jspecify.annotations.NullMarked;
