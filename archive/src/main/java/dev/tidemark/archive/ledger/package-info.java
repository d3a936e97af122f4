/**
 * What was done with an archive that is no part of its history: when it was verified, how long a
 * restore took. In go entries, one object each; out come the newest of a kind.
 */
@NullMarked
package dev.tidemark.archive.ledger;

import org.jspecify.annotations.NullMarked;
