package dev.tidemark.capture.prepare;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The SQL beside this class, and how names go into it. */
final class PreparationSql {
    private static final Pattern IDENTITY_STATE = Pattern.compile("\\{identity-state (\\w+)}");

    private PreparationSql() {}

    /** A resource with its comments, for people to read too. */
    static String load(String resource) {
        String file = resource + ".sql";
        try (InputStream in = PreparationSql.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + file);
            }
            String text = new String(in.readAllBytes(), UTF_8);
            return IDENTITY_STATE
                    .matcher(text)
                    .replaceAll(place -> Matcher.quoteReplacement(identityState(place.group(1))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The expression that tells how rows of a table, an alias of pg_class, are found. */
    static String identityState(String table) {
        return load("identity-state").replaceAll("(?m)^\\s*--.*\\R", "").replace("{table}", table);
    }

    /** The query of the sizes of tables; the numbers are an expression. */
    static String tableSizes(String ids) {
        return load("table-sizes").replace("{ids}", ids);
    }

    static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
