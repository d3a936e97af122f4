package dev.tidemark.cli.bench;

import dev.tidemark.schemas.change.Position;

/**
 * A stretch of the source's log that every contender reads.
 *
 * @param slot a slot that stands at its beginning and that nobody reads: contenders read copies
 * @param end its last commit, or just behind it
 * @param changes of rows in it
 */
record Leg(String name, String slot, Position end, long changes) {}
