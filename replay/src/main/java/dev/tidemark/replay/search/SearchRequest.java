package dev.tidemark.replay.search;

import dev.tidemark.archive.plan.Moment;
import java.util.Optional;
import java.util.Set;

/**
 * Which changes are looked for. What is not said does not matter; all that is said must hold.
 *
 * @param table {@code schema.table}, or the table alone where that is clear, by any name that it
 *     had
 * @param fields what is asked of the fields
 * @param kinds what the changes are; empty for all
 * @param actor who made them, said by the application or claimed by the row
 * @param since changes before this moment are not wanted
 * @param until nor are those after this one
 * @param shownMax so many are shown, the newest
 */
public record SearchRequest(
        Optional<String> table,
        FieldQuestion fields,
        Set<ChangeKind> kinds,
        Optional<String> actor,
        Optional<Moment> since,
        Optional<Moment> until,
        int shownMax) {
    public SearchRequest {
        kinds = Set.copyOf(kinds);
    }

    /** The same with so many that are shown. */
    public SearchRequest showing(int max) {
        return new SearchRequest(table, fields, kinds, actor, since, until, max);
    }
}
