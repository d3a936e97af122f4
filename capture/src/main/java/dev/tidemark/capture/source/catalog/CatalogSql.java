package dev.tidemark.capture.source.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The queries of the resources beside this class, their placeholders filled. */
final class CatalogSql {
    /**
     * Objects of some kinds.
     *
     * @param resource the query for them
     * @param classes the catalogs whose rows they are; some servers lack some of them
     */
    record Group(String resource, List<String> classes) {
        Group(String resource, String... classes) {
            this(resource, List.of(classes));
        }
    }

    /** Of what users did not make too: these queries stand for themselves. */
    private static final List<Group> ALONE =
            List.of(
                    new Group(
                            "rights",
                            "pg_class",
                            "pg_proc",
                            "pg_type",
                            "pg_namespace",
                            "pg_language",
                            "pg_foreign_data_wrapper"),
                    new Group("altered", "pg_proc"),
                    new Group(
                            "labels",
                            "pg_class",
                            "pg_proc",
                            "pg_type",
                            "pg_namespace",
                            "pg_language",
                            "pg_event_trigger",
                            "pg_publication"));

    /** All kinds. */
    static final List<Group> GROUPS = Stream.concat(made().stream(), ALONE.stream()).toList();

    /** A row whose own schema is one that users made. */
    private static final String USERS_SCHEMA =
            "n.nspname !~ '^(pg_|information_schema$|tidemark(_restore)?$)'";

    private static final Pattern REFERENCE = Pattern.compile("\\{reference (\\S+) ([\\w.$]+)}");
    private static final Pattern ALTERED = Pattern.compile("\\{altered (\\w+) (\\w+)}");
    private static final Pattern ROW_KEY = Pattern.compile("\\{row-key (\\w+)}");
    private static final Pattern WHICH = Pattern.compile("\\{which (\\S+) ([\\w.]+)}");

    /** The rights of one list that another lacks, each a text of its own. */
    private static final Pattern RIGHTS_BEYOND = Pattern.compile("\\{rights (\\S+) ([\\w.]+)}");

    private CatalogSql() {}

    /** Of what users made. */
    private static List<Group> made() {
        return List.of(
                new Group(
                        "namespaces",
                        "pg_namespace",
                        "pg_extension",
                        "pg_language",
                        "pg_am",
                        "pg_collation",
                        "pg_conversion",
                        "pg_ts_template",
                        "pg_ts_parser",
                        "pg_ts_dict",
                        "pg_ts_config",
                        "pg_authid"),
                new Group("types", "pg_type", "pg_constraint"),
                new Group("routines", "pg_proc"),
                new Group(
                        "operators",
                        "pg_operator",
                        "pg_cast",
                        "pg_opfamily",
                        "pg_amop",
                        "pg_amproc",
                        "pg_opclass",
                        "pg_transform"),
                new Group(
                        "relations",
                        "pg_class",
                        "pg_foreign_data_wrapper",
                        "pg_foreign_server",
                        "pg_user_mapping"),
                new Group("constraints", "pg_constraint", "pg_class", "pg_statistic_ext"),
                new Group(
                        "behaviours",
                        "pg_trigger",
                        "pg_rewrite",
                        "pg_policy",
                        "pg_event_trigger",
                        "pg_subscription",
                        "pg_default_acl"),
                new Group(
                        "publications",
                        "pg_publication",
                        "pg_publication_rel",
                        "pg_publication_namespace"));
    }

    /** The rows of {@code table-state.sql} for one table, by a parameter {@code $1}. */
    static String oneTable() {
        return load("table-state").replace("{tables}", "t.oid = $1");
    }

    static String allTables() {
        return load("table-state").replace("{tables}", USERS_SCHEMA);
    }

    static String allObjects(Group group) {
        return all(objects(group));
    }

    static String someObjects(Group group) {
        return some(objects(group));
    }

    private static String objects(Group group) {
        String query = load(group.resource());
        return ALONE.contains(group) ? query : load("objects").replace("{objects}", query);
    }

    static String allReferences() {
        return all(load("references"));
    }

    static String someReferences() {
        return some(load("references"));
    }

    static String allSequences() {
        return all(load("sequences"));
    }

    static String someSequences() {
        return some(load("sequences"));
    }

    static String server() {
        return load("server");
    }

    /** Statements, with their comments. */
    static String touched() {
        return filled(read("touched"));
    }

    /** A statement, with its comments. */
    static String rowForm() {
        return filled(read("row-form"));
    }

    /** A statement with its comments, for a function with these attributes. */
    static String image(String attributes) {
        return read("image").replace("{attributes}", attributes);
    }

    private static String all(String query) {
        return WHICH.matcher(query).replaceAll("true");
    }

    private static String some(String query) {
        return WHICH.matcher(query)
                .replaceAll(
                        place -> Matcher.quoteReplacement(named(place.group(1), place.group(2))));
    }

    /** Is a row among a function's arguments {@code $1}, classes, and {@code $2}, numbers? */
    private static String named(String rowClass, String id) {
        return "(%s = ANY ($2) AND (%s, %s) IN (SELECT u.class, u.id FROM unnest($1, $2) AS u(class, id)))"
                .formatted(id, rowClass, id);
    }

    private static String load(String resource) {
        return filled(withoutComments(read(resource)));
    }

    private static String filled(String text) {
        String withReferences = REFERENCE.matcher(text).replaceAll(CatalogSql::reference);
        String withKeys = ROW_KEY.matcher(withReferences).replaceAll(CatalogSql::rowKey);
        String withAltered = ALTERED.matcher(withKeys).replaceAll(CatalogSql::altered);
        return RIGHTS_BEYOND
                .matcher(withAltered)
                .replaceAll(
                        """
                        ARRAY(SELECT makeaclitem(x.grantee, x.grantor, x.privilege_type, x.is_grantable)::text COLLATE "C"
                                FROM (SELECT * FROM aclexplode($1) EXCEPT SELECT * FROM aclexplode($2)) x ORDER BY 1)""");
    }

    private static String reference(MatchResult place) {
        return Matcher.quoteReplacement(
                withoutComments(read("reference"))
                        .replace("{class}", place.group(1))
                        .replace("{object}", place.group(2)));
    }

    private static String altered(MatchResult place) {
        return Matcher.quoteReplacement(
                withoutComments(read("is-altered"))
                        .strip()
                        .replace("{function}", place.group(1))
                        .replace("{member}", place.group(2)));
    }

    private static String rowKey(MatchResult place) {
        return Matcher.quoteReplacement(
                withoutComments(read("row-key")).strip().replace("{table}", place.group(1)));
    }

    private static String withoutComments(String text) {
        return text.replaceAll("(?m)^\\s*--.*\\R", "");
    }

    private static String read(String resource) {
        String file = resource + ".sql";
        try (InputStream in = CatalogSql.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + file);
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
