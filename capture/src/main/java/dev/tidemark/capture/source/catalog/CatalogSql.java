package dev.tidemark.capture.source.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The queries of the resources beside this class, their placeholders filled. */
final class CatalogSql {
    /** A row whose own schema is one that users made. */
    private static final String USERS_SCHEMA =
            "n.nspname !~ '^(pg_|information_schema$|tidemark$)'"
                    + " AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass"
                    + " AND e.objid = t.oid AND e.objsubid = 0 AND e.deptype = 'e')";

    private static final Pattern REFERENCE = Pattern.compile("\\{reference (\\S+) ([\\w.]+)}");

    private CatalogSql() {}

    /** The rows of {@code table-state.sql} for one table, by a parameter {@code $1}. */
    static String oneTable() {
        return load("table-state").replace("{tables}", "t.oid = $1");
    }

    static String allTables() {
        return load("table-state").replace("{tables}", USERS_SCHEMA);
    }

    /** The objects of one resource. */
    static String objects(String resource) {
        return load("objects").replace("{objects}", load(resource));
    }

    static String references() {
        return load("references");
    }

    static String server() {
        return load("server");
    }

    static String sequences() {
        return load("sequences");
    }

    private static String load(String resource) {
        String text = withoutComments(resource);
        return REFERENCE.matcher(text).replaceAll(CatalogSql::reference);
    }

    private static String reference(java.util.regex.MatchResult place) {
        return Matcher.quoteReplacement(
                withoutComments("reference")
                        .replace("{class}", place.group(1))
                        .replace("{object}", place.group(2)));
    }

    private static String withoutComments(String resource) {
        String file = resource + ".sql";
        try (InputStream in = CatalogSql.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + file);
            }
            return new String(in.readAllBytes(), UTF_8).replaceAll("(?m)^\\s*--.*\\R", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
