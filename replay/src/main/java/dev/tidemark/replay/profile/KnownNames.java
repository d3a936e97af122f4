package dev.tidemark.replay.profile;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Names that columns with one meaning have in many applications. They count without any profile for
 * who changed or made a row, since such a claim is shown as one.
 */
final class KnownNames {
    /** Without underscores, in small letters; the first that is there. Keys before texts. */
    private static final List<String> MODIFIERS =
            List.of(
                    "modifiedbyid",
                    "modifiedby",
                    "modifieduserid",
                    "modifiedbyuserid",
                    "lastmodifiedbyid",
                    "lastmodifiedby",
                    "updatedbyid",
                    "updatedby",
                    "updatedbyuserid",
                    "updateduserid",
                    "lastupdatedbyid",
                    "lastupdatedby",
                    "writeuid",
                    "changedbyid",
                    "changedby");

    private static final List<String> CREATORS =
            List.of(
                    "createdbyid",
                    "createdby",
                    "createduserid",
                    "createdbyuserid",
                    "createuid",
                    "createuserid",
                    "insertedby",
                    "addedby");

    private KnownNames() {}

    static Optional<String> modifier(Table table) {
        return first(table, MODIFIERS);
    }

    static Optional<String> creator(Table table) {
        return first(table, CREATORS);
    }

    static Optional<String> first(Table table, List<String> names) {
        return names.stream()
                .flatMap(
                        name ->
                                table.stored().stream()
                                        .map(Column::name)
                                        .filter(column -> plain(column).equals(name)))
                .findFirst();
    }

    static String plain(String name) {
        return name.replace("_", "").toLowerCase(Locale.ROOT);
    }
}
