package dev.tidemark.replay.history;

import java.util.Optional;

/**
 * One field of a row that a change touched, or a part of it.
 *
 * @param column its column
 * @param path of a JSON document, the part that differs, as in {@code theme} or {@code tags[2]};
 *     empty for the whole field
 * @param before empty for NULL, for a part that was not there, and for a row that was not there;
 *     the text of a part is JSON
 * @param after the same of after the change
 * @param beforeKnown is {@code before} known?
 */
public record ChangedField(
        String column,
        String path,
        Optional<String> before,
        Optional<String> after,
        boolean beforeKnown) {
    /** For people. */
    public String name() {
        String between = path.isEmpty() || path.startsWith("[") ? "" : ".";
        return column + between + path;
    }
}
