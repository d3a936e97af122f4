/**
 * From a sealed segment to the archive. In: local files. Out: uploaded files and the manifest that
 * publishes them.
 */
@NullMarked
package dev.tidemark.archiver.commit;

import org.jspecify.annotations.NullMarked;
