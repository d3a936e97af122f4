/**
 * Encryption of what rests: files and texts go in with the name that they are stored under, and
 * come out as bytes that only who holds the archive's key-encryption key can read. The data keys
 * lie in the archive itself, wrapped by that key.
 */
@NullMarked
package dev.tidemark.archive.crypt;

import org.jspecify.annotations.NullMarked;
