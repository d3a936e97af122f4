package dev.tidemark.replay.history;

import java.util.Optional;

/**
 * One field of a row that a change touched.
 *
 * @param before empty for NULL, and for a row that was not there
 * @param after empty for NULL, and for a row that is gone
 * @param beforeKnown is {@code before} known? Without a full before-image and without an earlier
 *     version it is not
 */
public record FieldChange(
        String column, Optional<String> before, Optional<String> after, boolean beforeKnown) {}
