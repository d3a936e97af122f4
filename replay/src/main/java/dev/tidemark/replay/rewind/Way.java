package dev.tidemark.replay.rewind;

/** Is there a way from where a database is to a cut? */
sealed interface Way permits Course, Barrier {}
