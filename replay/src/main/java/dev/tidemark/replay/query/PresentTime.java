package dev.tidemark.replay.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.schemas.TidemarkException;
import java.util.Locale;
import java.util.Set;

/**
 * Finds what depends on when a statement is run, or on chance, in what DuckDB's parser made of it.
 */
final class PresentTime {
    /** Those that are written without parentheses, as columns are. */
    private static final Set<String> WORDS =
            Set.of(
                    "current_date",
                    "current_time",
                    "current_timestamp",
                    "localtime",
                    "localtimestamp");

    /** Of the time, of chance, or of what DuckDB did before; they have parentheses. */
    private static final Set<String> FUNCTIONS =
            Set.of(
                    "now",
                    "today",
                    "current_localtime",
                    "current_localtimestamp",
                    "get_current_time",
                    "get_current_timestamp",
                    "transaction_timestamp",
                    "ago",
                    "pg_conf_load_time",
                    "pg_postmaster_start_time",
                    "random",
                    "setseed",
                    "uuid",
                    "gen_random_uuid",
                    "uuidv4",
                    "uuidv7",
                    "nextval",
                    "currval",
                    "txid_current",
                    "current_connection_id",
                    "current_query",
                    "current_query_id",
                    "current_transaction_id",
                    "stats",
                    "vector_type");

    private PresentTime() {}

    /** That an answer is none to rely on. */
    static TidemarkException refusal() {
        return TidemarkException.refused(
                "the answer would be another one when the question is asked again",
                "Leave out what depends on chance or on the present time: write the time that you mean.");
    }

    static boolean isAskedFor(JsonNode node) {
        String function = node.path("function_name").asText().toLowerCase(Locale.ROOT);
        JsonNode column = node.path("column_names");
        boolean isOne =
                FUNCTIONS.contains(function)
                        || WORDS.contains(function)
                        || (function.equals("age") && node.path("arguments").size() == 1)
                        || (column.size() == 1
                                && WORDS.contains(column.get(0).asText().toLowerCase(Locale.ROOT)));
        if (isOne) {
            return true;
        }
        if (node.path("sample").isObject()) {
            return true;
        }
        for (JsonNode part : node) {
            if (isAskedFor(part)) {
                return true;
            }
        }
        return false;
    }
}
