package dev.tidemark.replay.history;

import java.util.Optional;

/**
 * A field of a row as it is at some moment.
 *
 * @param value empty for NULL, and when it is not known
 */
public record RowField(String column, Optional<String> value, boolean isKnown) {}
