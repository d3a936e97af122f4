package dev.tidemark.replay.mask;

import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.CatalogObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which columns a unique index or an exclusion constraint looks at, by their definitions. Rather
 * one too many than one too few. Immutable.
 */
final class UniqueColumns {
    /** In a table's unique index, by {@code table:id}. */
    private record Place(String table, String column) {}

    private final Set<Place> unique = new HashSet<>();
    private final Set<Place> uniqueNulls = new HashSet<>();

    UniqueColumns(Catalog catalog) {
        for (CatalogObject object : catalog.objects()) {
            if (object.partOf().isPresent() && isUnique(object)) {
                String definition = object.definition().getFirst();
                List<String> words = SqlWords.of(definition);
                for (String word : SqlWords.inParentheses(words, start(words))) {
                    Place place = new Place(object.partOf().get(), word);
                    unique.add(place);
                    if (definition.contains(" NULLS NOT DISTINCT")) {
                        uniqueNulls.add(place);
                    }
                }
            }
        }
    }

    private static boolean isUnique(CatalogObject object) {
        return switch (object.kind()) {
            case "primary key", "unique", "exclusion" -> true;
            case "index" -> object.definition().getFirst().startsWith("CREATE UNIQUE ");
            default -> false;
        };
    }

    /** Names of the index and its table come before; they may hold no parentheses that count. */
    private static int start(List<String> words) {
        return Stream.of("USING", "KEY", "UNIQUE", "EXCLUDE")
                .mapToInt(words::lastIndexOf)
                .filter(at -> at > 1)
                .findFirst()
                .orElse(0);
    }

    boolean contains(String table, String column) {
        return unique.contains(new Place(table, column));
    }

    /** Does it tell two NULLs to be the same? */
    boolean hasOneNull(String table, String column) {
        return uniqueNulls.contains(new Place(table, column));
    }
}
