package dev.tidemark.schemas.catalog;

/**
 * Where a sequence stood at some moment.
 *
 * @param id the sequence's id
 * @param last the value handed out last, or the first one to come
 * @param called was {@code last} handed out?
 */
public record SequenceSample(long id, long last, boolean called) {}
