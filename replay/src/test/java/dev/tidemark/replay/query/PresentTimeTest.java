package dev.tidemark.replay.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of DuckDB depends on when it is asked; a new version may bring more. */
class PresentTimeTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * They tell of names that are always the same here, of variables that nobody can set, or wait.
     */
    private static final Set<String> HARMLESS =
            Set.of(
                    "current_database",
                    "current_schema",
                    "current_schemas",
                    "error",
                    "getvariable",
                    "in_search_path",
                    "sleep_ms");

    private Connection duckDb;

    @BeforeEach
    void open() throws SQLException {
        duckDb = DriverManager.getConnection("jdbc:duckdb:");
    }

    @AfterEach
    void close() throws SQLException {
        duckDb.close();
    }

    @Test
    void everyFunctionThatGivesAnotherAnswerLaterIsKnown() throws Exception {
        Set<String> functions =
                names(
                        "SELECT function_name FROM duckdb_functions() WHERE stability <> 'CONSISTENT'");

        assertThat(functions).contains("now", "random", "gen_random_uuid").containsAll(HARMLESS);
        functions.removeAll(HARMLESS);
        for (String function : functions) {
            assertThat(isRefused("SELECT \"" + function + "\"()")).as(function).isTrue();
        }
    }

    @Test
    void everyMacroThatIsMadeOfOneIsKnown() throws Exception {
        Set<String> found = new TreeSet<>();
        try (PreparedStatement query =
                        duckDb.prepareStatement(
                                "SELECT function_name, macro_definition, function_type FROM duckdb_functions() WHERE macro_definition IS NOT NULL");
                ResultSet macro = query.executeQuery()) {
            while (macro.next()) {
                String definition = macro.getString(2);
                boolean isTable = macro.getString(3).equals("table_macro");
                if (PresentTime.isAskedFor(parsed(isTable ? definition : "SELECT " + definition))) {
                    found.add(macro.getString(1));
                }
            }
        }

        assertThat(found).contains("ago");
        for (String macro : found) {
            assertThat(isRefused("SELECT \"" + macro + "\"()")).as(macro).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT uuid, now, today, random FROM crm.deal | false",
                "SELECT d.stats FROM crm.deal d | false",
                "SELECT current_date | true",
                "SELECT localtimestamp | true",
                "SELECT 1 WHERE Current_Timestamp > due | true",
                "SELECT NOW() | true",
                "SELECT age(due) | true",
                "SELECT age(due, made) | false"
            })
    void aColumnThatIsCalledLikeAFunctionIsNone(String sql, boolean isAskedFor) throws Exception {
        assertThat(PresentTime.isAskedFor(parsed(sql))).isEqualTo(isAskedFor);
    }

    private boolean isRefused(String sql) throws SQLException, IOException {
        JsonNode parsed = parsed(sql);
        try {
            return Question.of(sql, parsed).asksForNow();
        } catch (TidemarkException e) {
            return true;
        }
    }

    private JsonNode parsed(String sql) throws SQLException, IOException {
        try (PreparedStatement parser =
                duckDb.prepareStatement("SELECT json_serialize_sql(?::VARCHAR)")) {
            parser.setString(1, sql);
            try (ResultSet row = parser.executeQuery()) {
                row.next();
                JsonNode parsed = JSON.readTree(row.getString(1));
                assertThat(parsed.path("error").asBoolean()).as(sql + ": " + parsed).isFalse();
                return parsed.path("statements");
            }
        }
    }

    private Set<String> names(String sql) throws SQLException {
        Set<String> names = new TreeSet<>();
        try (PreparedStatement query = duckDb.prepareStatement(sql);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                names.add(row.getString(1));
            }
        }
        return names;
    }
}
