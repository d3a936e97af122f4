package dev.tidemark.replay.rows;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.schemas.change.Value;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * One side of a reference: what names a row, or is named, in rows of a table. Immutable.
 *
 * @param table its id
 * @param fields in the order of the other side's
 * @param when which rows take part
 */
record Endpoint(long table, List<Field> fields, List<Condition> when) {
    private static final int TEXT_MAX = 256; // of a part; a longer one goes by its hash

    /**
     * A field.
     *
     * @param as the kind in which both sides are compared; {@code OTHER} for their texts
     */
    record Field(Operand operand, ColumnKind as) {}

    Endpoint {
        fields = List.copyOf(fields);
        when = List.copyOf(when);
    }

    /** The same text for all rows that name, or are, the same; empty for those that do not. */
    Optional<String> key(List<Value> row) {
        if (!when.stream().allMatch(condition -> condition.chooses(row))) {
            return Optional.empty();
        }
        StringBuilder key = new StringBuilder();
        for (Field field : fields) {
            Optional<String> part = field.operand().meaning(row).flatMap(text -> part(field, text));
            if (part.isEmpty()) {
                return Optional.empty();
            }
            key.append(part.get().length()).append(':').append(part.get());
        }
        return Optional.of(key.toString());
    }

    private static Optional<String> part(Field field, String text) {
        Optional<String> whole =
                field.as() == ColumnKind.OTHER
                        ? Optional.of(text)
                        : field.as().value(text).map(Sortable::key);
        return whole.map(part -> part.length() <= TEXT_MAX ? "=" + part : "#" + hash(part));
    }

    private static String hash(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
