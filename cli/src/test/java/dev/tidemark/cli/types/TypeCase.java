package dev.tidemark.cli.types;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A type with its edge values.
 *
 * @param type as a column is declared; also the name of its table
 * @param versionMin the oldest major version of PostgreSQL that has it, or these values
 * @param needs what makes it
 * @param values SQL expressions that a cast makes values of it
 */
record TypeCase(String type, int versionMin, List<String> needs, List<String> values) {
    TypeCase {
        needs = List.copyOf(needs);
        values = List.copyOf(values);
    }

    /** With values as a client would send them. */
    static TypeCase type(String type, String... texts) {
        return new TypeCase(type, 14, List.of(), Stream.of(texts).map(TypeCase::literal).toList());
    }

    TypeCase since(int version) {
        return new TypeCase(type, version, needs, values);
    }

    TypeCase needs(String... statements) {
        return new TypeCase(type, versionMin, List.of(statements), values);
    }

    /** Values that are better computed than written down. */
    TypeCase computed(String... expressions) {
        List<String> all = new ArrayList<>(values);
        all.addAll(List.of(expressions));
        return new TypeCase(type, versionMin, needs, all);
    }

    private static String literal(String text) {
        return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
