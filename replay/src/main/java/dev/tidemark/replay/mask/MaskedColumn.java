package dev.tidemark.replay.mask;

/**
 * What became of a column.
 *
 * @param table {@code schema.name}, unquoted
 * @param decision as the mask file writes it, without its details
 * @param rowsChanged in which the value is another now
 */
public record MaskedColumn(String table, String column, String decision, long rowsChanged) {}
