package dev.tidemark.replay.history;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.change.Value;
import java.util.List;
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
    /** What differs of a field: of a JSON document its parts. */
    public static List<ChangedField> of(Column column, Value before, Value after) {
        Optional<String> was = Fields.text(before);
        Optional<String> is = Fields.text(after);
        boolean isJson = column.type().equals("json") || column.type().equals("jsonb");
        boolean isSmall = before.bytes() + after.bytes() < Value.LARGE_BYTES;
        List<JsonParts.Part> parts =
                isJson && isSmall && was.isPresent() && is.isPresent()
                        ? JsonParts.different(was.get(), is.get())
                        : List.of();
        if (parts.isEmpty()) {
            return List.of(new ChangedField(column.name(), "", was, is, before.isKnown()));
        }
        return parts.stream()
                .map(
                        part ->
                                new ChangedField(
                                        column.name(),
                                        part.path(),
                                        part.before(),
                                        part.after(),
                                        true))
                .toList();
    }

    /** For people. */
    public String name() {
        String between = path.isEmpty() || path.startsWith("[") ? "" : ".";
        return column + between + path;
    }
}
