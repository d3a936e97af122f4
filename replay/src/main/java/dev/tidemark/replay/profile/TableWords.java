package dev.tidemark.replay.profile;

import dev.tidemark.replay.keys.DeclaredKeys;
import dev.tidemark.replay.keys.ForeignKey;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tables by the words that applications use for them: {@code Contact}, {@code contacts}, {@code
 * App\Models\Contact} and {@code crm.contact} may all be the table {@code contacts}. Immutable.
 */
final class TableWords {
    private static final Set<String> WHOLE = Set.of("smallint", "integer", "bigint", "numeric");

    private final List<Table> tables;
    private final Map<Long, List<String>> primary;
    private final List<ForeignKey> foreign;

    TableWords(Catalog catalog) {
        this.tables =
                catalog.tables().stream()
                        .filter(table -> table.holdsRows() || table.kind().equals("p"))
                        .filter(table -> table.partitionBound().isEmpty())
                        .sorted(Comparator.comparing(Table::displayName))
                        .toList();
        DeclaredKeys keys = DeclaredKeys.of(catalog);
        this.primary = keys.primary();
        this.foreign = keys.foreign();
    }

    /** All that hold rows, by their names. */
    List<Table> tables() {
        return tables;
    }

    /** The column that names rows of a table, if it is one. */
    Optional<Column> key(Table table) {
        List<String> names = primary.getOrDefault(table.id(), List.of());
        List<Column> key =
                table.stored().stream()
                        .filter(
                                column ->
                                        names.isEmpty()
                                                ? table.key().contains(column.id())
                                                : names.contains(column.name()))
                        .toList();
        return key.size() == 1 ? Optional.of(key.getFirst()) : Optional.empty();
    }

    /** The foreign key of one column, if there is one. */
    Optional<ForeignKey> foreignKey(Table table, String column) {
        return foreign.stream()
                .filter(key -> key.child() == table.id() && key.columns().equals(List.of(column)))
                .findFirst();
    }

    /** The table that a foreign key is to. */
    Optional<Table> parent(ForeignKey key) {
        return tables.stream()
                .filter(table -> table.schema().equals(key.parent().schema()))
                .filter(table -> table.name().equals(key.parent().name()))
                .findFirst();
    }

    /** The table in a schema that a word may mean. */
    Optional<Table> meant(String word, String schema) {
        String plain = plain(word);
        return plain.isEmpty()
                ? Optional.empty()
                : tables.stream()
                        .filter(table -> table.schema().equals(schema))
                        .filter(table -> plain(table.name()).equals(plain))
                        .findFirst();
    }

    /** Could values of one column be those of the other? */
    static boolean isAlike(Column one, Column other) {
        return family(one.type()).equals(family(other.type()));
    }

    private static String family(String type) {
        String plain = type.replaceFirst("\\(.*\\)", "");
        if (WHOLE.contains(plain)) {
            return "number";
        }
        return plain.startsWith("character") || plain.equals("varchar") ? "text" : plain;
    }

    /** In small letters, of one, without what stands before it. */
    static String plain(String word) {
        String last = word.replaceFirst(".*[\\\\:/]", "");
        return singular(last.replaceAll("[._ -]", "").toLowerCase(Locale.ROOT));
    }

    static String singular(String word) {
        if (word.endsWith("ies") && word.length() > 4) {
            return word.substring(0, word.length() - 3) + "y";
        }
        if (word.matches(".*(ss|x|ch|sh)es")) {
            return word.substring(0, word.length() - 2);
        }
        return word.endsWith("s") && !word.endsWith("ss")
                ? word.substring(0, word.length() - 1)
                : word;
    }
}
