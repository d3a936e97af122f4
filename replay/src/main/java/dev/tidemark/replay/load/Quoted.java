package dev.tidemark.replay.load;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Names and values as SQL; names are always quoted, so that no list of reserved words is needed.
 * Keeps nothing, and any thread may use it.
 */
public final class Quoted {
    private Quoted() {}

    /** A name of one part. */
    public static String name(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A name in a schema. */
    public static String name(String schema, String name) {
        return name(schema) + "." + name(name);
    }

    /** A text literal that does not depend on {@code standard_conforming_strings}. */
    public static String text(String value) {
        String quoted = "'" + value.replace("'", "''") + "'";
        return value.contains("\\") ? "E" + quoted.replace("\\", "\\\\") : quoted;
    }

    /** Storage parameters, each {@code name=value}, as {@code name = 'value', …}. */
    static String options(List<String> options) {
        return options.stream().map(Quoted::option).collect(Collectors.joining(", "));
    }

    private static String option(String option) {
        int equals = option.indexOf('=');
        return equals < 0
                ? option
                : option.substring(0, equals) + " = " + text(option.substring(equals + 1));
    }
}
