package dev.tidemark.replay.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.schemas.TidemarkException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lets DuckDB's own parser read SQL, which executes nothing. */
final class Parser {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The parser tells of statements that ask, not of what explains one. */
    private static final Pattern EXPLAIN =
            Pattern.compile("^\\s*EXPLAIN\\s+(?:ANALYZE\\s+)?", Pattern.CASE_INSENSITIVE);

    private Parser() {}

    /**
     * Reads a statement.
     *
     * @throws TidemarkException (usage) when it is no SQL, with the place; (refused) when it does
     *     more than to ask
     */
    static Question parse(Connection duckDb, String sql) throws SQLException {
        Matcher explain = EXPLAIN.matcher(sql);
        int start = explain.find() ? explain.end() : 0;
        JsonNode tree = tree(duckDb, sql.substring(start));
        if (!tree.path("error").asBoolean()) {
            return Question.of(sql, tree.path("statements"));
        }
        if (!tree.path("error_type").asText().equals("parser")) {
            throw Question.noQuestion(sql);
        }
        throw wrong(
                sql, start + tree.path("position").asInt(0), tree.path("error_message").asText());
    }

    private static JsonNode tree(Connection duckDb, String sql) throws SQLException {
        try (PreparedStatement statement =
                duckDb.prepareStatement("SELECT json_serialize_sql(CAST(? AS VARCHAR))")) {
            statement.setString(1, sql);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return JSON.readTree(String.valueOf(row.getString(1)));
            }
        } catch (JsonProcessingException e) {
            throw TidemarkException.refused(
                    "the SQL is nested too deep to be looked through",
                    "Write it flatter, for example with IN instead of many ORs.",
                    e);
        }
    }

    private static TidemarkException wrong(String sql, int position, String message) {
        String before = sql.substring(0, Math.min(position, sql.length()));
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        int column = before.length() - before.lastIndexOf('\n');
        return TidemarkException.usage(
                "the SQL is wrong at line %d, column %d: %s".formatted(line, column, message),
                "Mend it there.");
    }
}
