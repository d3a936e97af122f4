/**
 * What of an archive is kept, and for how long. In go the archive's state, a policy, marks and
 * holds; out comes what nobody needs any more, with the reason, and perhaps the manifest that says
 * so.
 */
@NullMarked
package dev.tidemark.archiver.expire;

import org.jspecify.annotations.NullMarked;
