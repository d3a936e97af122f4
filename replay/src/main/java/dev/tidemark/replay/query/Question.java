package dev.tidemark.replay.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.schemas.TidemarkException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One statement that only asks, as DuckDB's own parser reads it. Whoever has one knows that it
 * names its tables, and calls no function that reads anything else. Immutable.
 *
 * @param sql as it was written
 * @param tables that it reads
 * @param described tables of which it asks for the columns alone
 * @param defined names that it gives to queries of its own; a table may have the same name
 * @param asksForNames does it ask which tables there are?
 * @param asksForNow does its answer depend on when it is asked?
 */
record Question(
        String sql,
        Set<TableName> tables,
        Set<TableName> described,
        Set<String> defined,
        boolean asksForNames,
        boolean asksForNow) {
    /** Functions that give rows and read nothing. All others are refused. */
    private static final Set<String> TABLE_FUNCTIONS =
            Set.of(
                    "unnest",
                    "range",
                    "generate_series",
                    "repeat",
                    "repeat_row",
                    "json_each",
                    "json_tree",
                    "regexp_split_to_table",
                    "string_split_to_table");

    /** Functions that tell of the process, or change something. */
    private static final Set<String> REFUSED_FUNCTIONS =
            Set.of(
                    "getenv",
                    "current_setting",
                    "nextval",
                    "currval",
                    "setval",
                    "write_log",
                    "finalize",
                    "combine",
                    "to_aggregate_state");

    /** How functions begin that DuckDB has for itself. */
    private static final String INTERNAL = "__internal";

    /** What SHOW may list. */
    private static final Set<String> LISTS = Set.of("\"tables\"", "__show_tables_expanded");

    private static final String WHAT_CAN_BE_ASKED =
            "Ask by one SELECT, WITH, FROM, VALUES, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN. The archive is never written, and no"
                    + " other file or place is read.";

    Question {
        tables = Set.copyOf(tables);
        described = Set.copyOf(described);
        defined = Set.copyOf(defined);
    }

    /**
     * Reads what the parser made of a statement.
     *
     * @throws TidemarkException (refused) when it does more than to ask
     */
    static Question of(String sql, JsonNode statements) {
        if (statements.isEmpty()) {
            throw TidemarkException.usage("there is no SQL", "Give a SELECT.");
        }
        if (statements.size() > 1) {
            throw TidemarkException.refused(
                    "%d statements were given".formatted(statements.size()),
                    "Give one at a time. " + WHAT_CAN_BE_ASKED);
        }
        Reading reading = new Reading();
        reading.node(statements.get(0));
        return new Question(
                sql,
                reading.tables,
                reading.described,
                reading.defined,
                reading.asksForNames,
                PresentTime.isAskedFor(statements));
    }

    /** That a statement is none that asks. */
    static TidemarkException noQuestion(String sql) {
        return TidemarkException.refused(
                "%s is no question".formatted(firstWord(sql)), WHAT_CAN_BE_ASKED);
    }

    private static String firstWord(String sql) {
        String[] words = sql.strip().split("[\\s;(]+", 2);
        return words[0].isEmpty() ? "this" : words[0].toUpperCase(Locale.ROOT);
    }

    /** Goes through the parser's tree. */
    private static final class Reading {
        private final Set<TableName> tables = new LinkedHashSet<>();
        private final Set<String> defined = new TreeSet<>();
        private final Set<TableName> described = new LinkedHashSet<>();
        private Set<TableName> named = tables;
        private boolean asksForNames;

        void node(JsonNode node) {
            switch (node.path("type").asText()) {
                case "BASE_TABLE" ->
                        named.add(
                                new TableName(
                                        node.path("catalog_name").asText(),
                                        node.path("schema_name").asText(),
                                        node.path("table_name").asText()));
                case "TABLE_FUNCTION" -> tableFunction(node.path("function"));
                case "SHOW_REF" -> {
                    show(node);
                    return;
                }
                default -> {}
            }
            if (node.has("function_name")) {
                function(node.path("function_name").asText());
            }
            node.path("cte_map")
                    .path("map")
                    .forEach(one -> defined.add(lower(one.path("key").asText())));
            if (node.has("cte_name")) {
                defined.add(lower(node.path("cte_name").asText()));
            }
            node.forEach(this::node);
        }

        private static void tableFunction(JsonNode function) {
            String name = lower(function.path("function_name").asText());
            if (!TABLE_FUNCTIONS.contains(name)) {
                throw refused(name);
            }
        }

        private static void function(String name) {
            if (REFUSED_FUNCTIONS.contains(lower(name)) || lower(name).startsWith(INTERNAL)) {
                throw refused(lower(name));
            }
        }

        private static TidemarkException refused(String function) {
            return TidemarkException.refused(
                    "the function %s is not allowed here".formatted(function), WHAT_CAN_BE_ASKED);
        }

        private void show(JsonNode node) {
            String type = node.path("show_type").asText();
            if (type.equals("SHOW_SPECIAL")) {
                if (!LISTS.contains(node.path("table_name").asText())) {
                    throw noQuestion("SHOW");
                }
                asksForNames = true;
                return;
            }
            Set<TableName> before = named;
            named = type.equals("SUMMARY") ? named : described;
            if (node.path("query").isNull()) {
                named.add(name(node.path("qualified_name").path("path")));
            }
            node(node.path("query"));
            named = before;
        }

        /** What was not written is empty. */
        private static TableName name(JsonNode path) {
            int parts = path.size();
            return new TableName(
                    parts > 2 ? path.get(parts - 3).asText() : "",
                    parts > 1 ? path.get(parts - 2).asText() : "",
                    path.path(parts - 1).asText());
        }

        private static String lower(String name) {
            return name.toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What the names of tables mean that it reads.
     *
     * @throws TidemarkException when there is no such table
     */
    List<Reference> read(SourceTables there) {
        return references(tables, there);
    }

    /** The same of those of which it asks for the columns. */
    List<Reference> described(SourceTables there) {
        return references(described, there);
    }

    private List<Reference> references(Set<TableName> names, SourceTables there) {
        List<Reference> references = new ArrayList<>();
        for (TableName name : names) {
            Optional<Reference> found = isDefined(name) ? there.findOne(name) : there.find(name);
            if (found.isPresent()) {
                references.add(found.get());
            } else if (!isDefined(name)) {
                throw there.unknown(name);
            }
        }
        return references;
    }

    private boolean isDefined(TableName name) {
        return name.schema().isEmpty()
                && name.catalog().isEmpty()
                && defined.contains(name.name().toLowerCase(Locale.ROOT));
    }
}
