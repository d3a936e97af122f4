package dev.tidemark.replay.mask;

import dev.tidemark.schemas.catalog.CatalogObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a foreign key says, by its definition.
 *
 * @param table of the referencing table, as {@code table:id}
 * @param referenced {@code schema.name}, unquoted
 * @param to the columns there that {@code from} refer to, in the same order
 * @param isFull must all columns be NULL if one is (MATCH FULL)? Else one is enough for it to hold
 */
record ForeignKey(
        String table, List<String> from, String referenced, List<String> to, boolean isFull) {
    ForeignKey {
        from = List.copyOf(from);
        to = List.copyOf(to);
    }

    /** Empty for what is none. */
    static Optional<ForeignKey> of(CatalogObject object) {
        if (!object.kind().equals("foreign key") || object.partOf().isEmpty()) {
            return Optional.empty();
        }
        List<String> words = SqlWords.of(object.definition().getFirst());
        int key = after(words, List.of("FOREIGN", "KEY", "("));
        int there = key < 0 ? -1 : after(words.subList(key, words.size()), List.of("REFERENCES"));
        if (there < 0) {
            return Optional.empty();
        }
        List<String> rest = words.subList(key + there, words.size());
        String name = rest.get(1).equals(".") ? rest.get(0) + "." + rest.get(2) : rest.get(0);
        return Optional.of(
                new ForeignKey(
                        object.partOf().get(),
                        columns(SqlWords.inParentheses(words, key - 1)),
                        name,
                        columns(SqlWords.inParentheses(rest, 0)),
                        isFull(rest)));
    }

    private static boolean isFull(List<String> rest) {
        List<String> behind = rest.subList(rest.indexOf(")") + 1, rest.size());
        return after(behind, List.of("MATCH", "FULL")) >= 0;
    }

    /** The word PERIOD comes before the last column of one over time. */
    private static List<String> columns(List<String> words) {
        List<String> columns = new ArrayList<>(words);
        int last = columns.size() - 2;
        if (last >= 0 && columns.get(last).equals("PERIOD")) {
            columns.remove(last);
        }
        return columns;
    }

    private static int after(List<String> words, List<String> wanted) {
        int at = java.util.Collections.indexOfSubList(words, wanted);
        return at < 0 ? -1 : at + wanted.size();
    }
}
