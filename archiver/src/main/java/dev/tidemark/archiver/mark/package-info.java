/** Names for moments. In: a moment and a name. Out: a manifest that says so. */
@NullMarked
package dev.tidemark.archiver.mark;

import org.jspecify.annotations.NullMarked;
