package dev.tidemark.replay.profile;

import dev.tidemark.schemas.change.Operation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of the rows of a table, as it was at some moment. Immutable.
 *
 * @param table {@code schema.name}
 * @param modifier the column with who changed a row last: a claim of the row, which an UPDATE that
 *     leaves it alone does not renew
 * @param creator the column with who made it
 * @param softDelete when it counts as deleted though it is there
 * @param displayName how it is called
 * @param tenant whose it is
 * @param json columns that hold JSON, whatever their types are
 * @param sources who says each of these: a profile's name, {@link Profile#KNOWN_NAME} or {@link
 *     Profile#SCHEMA}
 */
public record TableProfile(
        String table,
        Optional<String> modifier,
        Optional<String> creator,
        Optional<SoftDelete> softDelete,
        Optional<DisplayName> displayName,
        Optional<Tenant> tenant,
        List<String> json,
        Map<Subject, String> sources) {
    public TableProfile {
        json = List.copyOf(json);
        sources = Map.copyOf(sources);
    }

    /**
     * Who made a change, as the row itself says: of a new row who changed it last or else who made
     * it, of an UPDATE who changed it last. Empty when it says nothing, or that is not known; and
     * for a DELETE, since who deletes a row writes nothing into it.
     *
     * @param after the row after the change
     */
    public Optional<String> claim(Operation operation, RowFields after) {
        return switch (operation) {
            case INSERT -> modifier.flatMap(after::text).or(() -> creator.flatMap(after::text));
            case UPDATE -> modifier.flatMap(after::text);
            case DELETE, REWRITE -> Optional.empty();
        };
    }

    /** Is nothing known of it? */
    public boolean isEmpty() {
        return sources.isEmpty();
    }
}
