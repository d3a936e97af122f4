package dev.tidemark.replay.keys;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The primary and foreign keys of a catalog, read from the statements that make them. Immutable.
 *
 * @param primary names of the columns, by the table's id; temporal ones ({@code WITHOUT OVERLAPS})
 *     are none
 * @param foreign those that compare whole values
 * @param others foreign keys over periods, for people
 */
public record DeclaredKeys(
        Map<Long, List<String>> primary, List<ForeignKey> foreign, List<String> others) {
    private static final String TABLE = "table:";

    public DeclaredKeys {
        primary = Map.copyOf(primary);
        foreign = List.copyOf(foreign);
        others = List.copyOf(others);
    }

    /** Those of a catalog. */
    public static DeclaredKeys of(Catalog catalog) {
        Map<Long, List<String>> primary = new HashMap<>();
        List<ForeignKey> foreign = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (CatalogObject object : catalog.objects()) {
            if (object.definition().isEmpty() || object.partOf().isEmpty()) {
                continue;
            }
            switch (object.kind()) {
                case "primary key" ->
                        primaryKey(object).ifPresent(names -> primary.put(table(object), names));
                case "foreign key" ->
                        foreignKey(object)
                                .ifPresentOrElse(
                                        foreign::add,
                                        () -> others.add(object.schema() + "." + object.name()));
                default -> {
                    // Nothing that names rows.
                }
            }
        }
        return new DeclaredKeys(primary, foreign, others);
    }

    private static long table(CatalogObject object) {
        return Long.parseLong(object.partOf().orElse("").substring(TABLE.length()));
    }

    private static Optional<List<String>> primaryKey(CatalogObject object) {
        Words words = new Words(new SqlWords(object.definition().getFirst()).words());
        return words.skipPast("PRIMARY", "KEY") ? words.names() : Optional.empty();
    }

    private static Optional<ForeignKey> foreignKey(CatalogObject object) {
        Words words = new Words(new SqlWords(object.definition().getFirst()).words());
        if (!words.skipPast("FOREIGN", "KEY")) {
            return Optional.empty();
        }
        Optional<List<String>> columns = words.names();
        if (columns.isEmpty() || !words.skipPast("REFERENCES")) {
            return Optional.empty();
        }
        String schema = words.next();
        boolean isQualified = words.next().equals(".");
        String name = words.next();
        Optional<List<String>> parents = words.names();
        if (!isQualified || parents.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new ForeignKey(
                        object.name(),
                        table(object),
                        columns.get(),
                        new ForeignKey.TableName(schema, name),
                        parents.get()));
    }

    /** A place among words, which moves on. */
    private static final class Words {
        private final List<SqlWords.Word> words;
        private int at;

        Words(List<SqlWords.Word> words) {
            this.words = words;
        }

        String next() {
            return at < words.size() ? words.get(at++).text() : "";
        }

        /** Behind these keywords, where a list or a name follows; names may look like them. */
        boolean skipPast(String... keywords) {
            for (int from = at; from + keywords.length < words.size(); from++) {
                boolean isThere = true;
                for (int i = 0; i < keywords.length; i++) {
                    isThere &= words.get(from + i).is(keywords[i]);
                }
                if (isThere && isFollowed(from, keywords.length)) {
                    at = from + keywords.length;
                    return true;
                }
            }
            return false;
        }

        /** In {@code ADD CONSTRAINT name} the name is what looks like a keyword. */
        private boolean isFollowed(int from, int length) {
            boolean isConstraintsName = from > 0 && words.get(from - 1).is("CONSTRAINT");
            return !isConstraintsName && words.get(from + length - 1).isName();
        }

        /** A list in parentheses, when it is of names alone. */
        Optional<List<String>> names() {
            List<String> names = new ArrayList<>();
            if (!next().equals("(")) {
                return Optional.empty();
            }
            while (at + 1 < words.size() && words.get(at).isName()) {
                names.add(next());
                String behind = next();
                if (behind.equals(")")) {
                    return Optional.of(names);
                }
                if (!behind.equals(",")) {
                    return Optional.empty();
                }
            }
            return Optional.empty();
        }
    }
}
