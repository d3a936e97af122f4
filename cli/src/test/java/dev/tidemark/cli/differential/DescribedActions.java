package dev.tidemark.cli.differential;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The actions of {@code actions.txt}, which tells how they are written. */
final class DescribedActions {
    private static final Pattern NAMED = Pattern.compile("([A-Z]+) = (.*)");
    private static final Pattern ENTRY =
            Pattern.compile("(\\d+) ([^:(]+?)(?: \\(([^)]*)\\))?: (.*)");
    private static final String FOR = "    for ";

    private static final String USERS =
            "(SELECT oid FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema$|tidemark)')";
    private static final String FREE =
            " AND NOT EXISTS (SELECT FROM pg_locks l WHERE l.relation = c.oid AND l.pid <> pg_backend_pid())";

    /** What stands for a new name. */
    private static final Pattern NAME = Pattern.compile("\\{([a-mo-z])\\}");

    /** What stands for one of several words. */
    private static final Map<String, List<String>> CHOICES =
            Map.ofEntries(
                    Map.entry("valid", List.of("", " NOT VALID")),
                    Map.entry(
                            "deferrable",
                            List.of("", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED")),
                    Map.entry(
                            "action",
                            List.of(
                                    "",
                                    " ON DELETE CASCADE",
                                    " ON DELETE SET NULL",
                                    " ON UPDATE CASCADE")),
                    Map.entry("where", List.of("", " WHERE true", " LIMIT 5")),
                    Map.entry(
                            "function",
                            List.of(
                                    " COST 7",
                                    " SET work_mem = '1MB'",
                                    " STABLE",
                                    " SECURITY DEFINER")),
                    Map.entry(
                            "when",
                            List.of("BEFORE INSERT", "AFTER UPDATE OR DELETE", "AFTER INSERT")),
                    Map.entry(
                            "enable",
                            List.of("ENABLE", "DISABLE", "ENABLE ALWAYS", "ENABLE REPLICA")),
                    Map.entry(
                            "base",
                            List.of("integer", "text", "varchar(30)", "numeric(9,2)", "text[]")),
                    Map.entry("where_in_enum", List.of("", " BEFORE 'low'", " AFTER 'low'")),
                    Map.entry("rls", List.of("ENABLE", "DISABLE", "FORCE", "NO FORCE")),
                    Map.entry("permissive", List.of("PERMISSIVE", "RESTRICTIVE")),
                    Map.entry("role", List.of("alice", "\"Bob's\"")),
                    Map.entry("privilege", List.of("SELECT", "ALL", "INSERT, UPDATE", "TRUNCATE")),
                    Map.entry("option", List.of("", " WITH GRANT OPTION")),
                    Map.entry("text", List.of("'it''s\n\"said\" \\ 名前'", "NULL", "''", "'said'")),
                    Map.entry(
                            "extension",
                            List.of("hstore", "citext", "ltree", "pg_trgm", "btree_gist")),
                    Map.entry("storage", List.of("EXTERNAL", "EXTENDED", "MAIN")),
                    Map.entry("wider", List.of("varchar(80)", "text", "varchar")),
                    Map.entry("logged", List.of("SET UNLOGGED", "SET LOGGED")),
                    Map.entry(
                            "options",
                            List.of(
                                    "SET (fillfactor = 70)",
                                    "RESET (fillfactor)",
                                    "SET (autovacuum_enabled = false)")));

    static final List<Action> ALL = read();

    private DescribedActions() {}

    private static List<Action> read() {
        try (InputStream in = DescribedActions.class.getResourceAsStream("actions.txt")) {
            if (in == null) {
                throw new IllegalStateException("actions.txt is not on the class path");
            }
            return parse(new String(in.readAllBytes(), UTF_8).lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Action> parse(List<String> lines) {
        Map<String, String> named = new HashMap<>();
        List<Action> actions = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            Matcher query = NAMED.matcher(line);
            Matcher entry = ENTRY.matcher(line);
            if (query.matches()) {
                named.put(query.group(1), query.group(2));
            } else if (entry.matches()) {
                boolean isFor = i + 1 < lines.size() && lines.get(i + 1).startsWith(FOR);
                Optional<String> found =
                        isFor
                                ? Optional.of(
                                        whole(lines.get(i + 1).substring(FOR.length()), named))
                                : Optional.empty();
                actions.add(action(entry, found));
            } else if (!line.isBlank() && !line.startsWith("#") && !line.startsWith(FOR)) {
                throw new IllegalStateException("actions.txt, line " + (i + 1) + ": " + line);
            }
        }
        return List.copyOf(actions);
    }

    /** A query's name becomes the query, with the condition that follows it. */
    private static String whole(String query, Map<String, String> named) {
        String[] words = query.split(" ", 2);
        String whole = named.getOrDefault(words[0], query);
        String condition = words.length == 2 ? "(" + words[1] + ")" : "true";
        return whole.replace("{condition}", condition)
                .replace("{users}", USERS)
                .replace("{free}", FREE);
    }

    private static Action action(Matcher entry, Optional<String> query) {
        String tags = entry.group(3) == null ? "" : entry.group(3);
        String statement = entry.group(4);
        return Action.of(
                Integer.parseInt(entry.group(1)),
                entry.group(2),
                tags,
                scene -> {
                    Optional<String> sql =
                            query.isEmpty()
                                    ? Optional.of(statement)
                                    : scene.object(formatted(statement, query.get()));
                    return sql.isEmpty() ? sql : Optional.of(filled(scene, sql.get()));
                });
    }

    private static String formatted(String statement, String query) {
        return "SELECT format($f$%s$f$, VARIADIC ARRAY(SELECT value FROM json_each_text(row_to_json(q)))) FROM (%s) q"
                .formatted(statement, query);
    }

    private static String filled(Scene scene, String statement) throws SQLException {
        String sql = statement;
        for (Matcher name = NAME.matcher(sql); name.find(); name = NAME.matcher(sql)) {
            sql = sql.replace(name.group(), scene.name(name.group(1)));
        }
        for (Map.Entry<String, List<String>> choice : CHOICES.entrySet()) {
            String mark = "{" + choice.getKey() + "}";
            if (sql.contains(mark)) {
                sql = sql.replace(mark, scene.one(choice.getValue()).orElseThrow());
            }
        }
        if (sql.contains("{schema}")) {
            sql = sql.replace("{schema}", scene.schema());
        }
        return sql.contains("{n}") ? sql.replace("{n}", String.valueOf(2 + scene.below(90))) : sql;
    }
}
