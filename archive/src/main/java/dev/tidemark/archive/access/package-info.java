/**
 * What was asked of an archive, and by whom: beside the chain of manifests, which nothing of it
 * touches. In go entries, one object each, in a folder for each reader; out come the newest.
 */
@NullMarked
package dev.tidemark.archive.access;

import org.jspecify.annotations.NullMarked;
