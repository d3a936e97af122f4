package dev.tidemark.replay.difference;

import dev.tidemark.schemas.catalog.Catalog;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * By which operators keys are compared. Those of a type that came with an extension are in its
 * schema, which the search path of whoever runs a patch need not have. Immutable.
 *
 * @param made types that are no extension's, as {@code schema.name} without quotes
 */
record KeyOperators(Set<String> made) {
    private static final Set<String> KINDS =
            Set.of("enum", "domain", "composite", "range", "base type");

    private static final Pattern QUALIFIED =
            Pattern.compile(
                    "(?<schema>\"(?:[^\"]|\"\")+\"|[a-z_][\\w$]*)\\.(?<name>\"(?:[^\"]|\"\")+\"|[a-z_][\\w$]*).*");

    KeyOperators {
        made = Set.copyOf(made);
    }

    /** Those of a schema. */
    static KeyOperators of(Catalog catalog) {
        return new KeyOperators(
                catalog.objects().stream()
                        .filter(object -> KINDS.contains(object.kind()))
                        .map(object -> object.schema() + "." + object.name())
                        .collect(Collectors.toSet()));
    }

    /** What says that two values of a type are one. */
    String equality(String type) {
        Matcher name = QUALIFIED.matcher(type);
        if (!name.matches()) {
            return "=";
        }
        return isMade(name) ? "=" : "OPERATOR(" + name.group("schema") + ".=)";
    }

    /**
     * What stands behind a literal of a type: a composite one is not guessed from the other side.
     */
    String cast(String type) {
        Matcher name = QUALIFIED.matcher(type);
        return name.matches() && isMade(name) ? "::" + type : "";
    }

    private boolean isMade(Matcher name) {
        return made.contains(plain(name.group("schema")) + "." + plain(name.group("name")));
    }

    private static String plain(String name) {
        return name.startsWith("\"")
                ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
                : name;
    }
}
