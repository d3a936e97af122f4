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
 * @param others foreign keys over periods
 */
public record DeclaredKeys(
        Map<Long, List<String>> primary, List<ForeignKey> foreign, List<OtherKey> others) {
    private static final String TABLE = "table:";

    /**
     * A foreign key that does not compare whole values.
     *
     * @param name of the constraint
     * @param child the id of the table that names
     * @param parent the table that is named
     */
    public record OtherKey(String name, long child, ForeignKey.TableName parent) {}

    public DeclaredKeys {
        primary = Map.copyOf(primary);
        foreign = List.copyOf(foreign);
        others = List.copyOf(others);
    }

    /** Those of a catalog. */
    public static DeclaredKeys of(Catalog catalog) {
        Map<Long, List<String>> primary = new HashMap<>();
        List<ForeignKey> foreign = new ArrayList<>();
        List<OtherKey> others = new ArrayList<>();
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
                                        () -> otherKey(object).ifPresent(others::add));
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
        Optional<ForeignKey.TableName> parent = words.parent();
        Optional<List<String>> parents = words.names();
        if (columns.isEmpty() || parent.isEmpty() || parents.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new ForeignKey(
                        object.name(),
                        table(object),
                        columns.get(),
                        parent.get(),
                        parents.get(),
                        words.onDelete()));
    }

    private static Optional<OtherKey> otherKey(CatalogObject object) {
        return new Words(new SqlWords(object.definition().getFirst()).words())
                .parent()
                .map(parent -> new OtherKey(object.name(), table(object), parent));
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

        /** The table that a foreign key is to. */
        Optional<ForeignKey.TableName> parent() {
            if (!skipPast("REFERENCES")) {
                return Optional.empty();
            }
            String schema = next();
            boolean isQualified = next().equals(".");
            return isQualified
                    ? Optional.of(new ForeignKey.TableName(schema, next()))
                    : Optional.empty();
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

        /** What follows the columns of a foreign key; NO ACTION where nothing is said. */
        ForeignKey.OnDelete onDelete() {
            for (int i = at; i + 2 < words.size(); i++) {
                boolean isAction = words.get(i).is("ON") && words.get(i + 1).is("DELETE");
                if (isAction && (words.get(i + 2).is("CASCADE") || words.get(i + 2).is("SET"))) {
                    return ForeignKey.OnDelete.FOLLOWED;
                }
            }
            return ForeignKey.OnDelete.REFUSED;
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
