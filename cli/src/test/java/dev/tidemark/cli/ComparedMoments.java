package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * {@code tidemark diff} held against a database that is at the first of two moments: its patch
 * brings that to the second, and it counts what SQL finds.
 */
final class ComparedMoments {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Tables and what names their rows, all of a row where nothing does. */
    private final Map<String, String> keys;

    private final Deployment tidemark;
    private final String database;

    /**
     * @param database at the moment to begin with
     * @param keys an expression by each table's name
     */
    ComparedMoments(Deployment tidemark, String database, Map<String, String> keys) {
        this.tidemark = tidemark;
        this.database = database;
        this.keys = Map.copyOf(keys);
    }

    /** Compares two moments, and leaves the database at the second. */
    void check(Truth from, Truth to) throws Exception {
        boolean isSame = from.tables().equals(to.tables());
        String[] moments = {from.position().toString(), to.position().toString()};
        Outcome told =
                tidemark.tidemark(
                        "diff", moments[0], moments[1], "--net", "--json", "--limit", "100000");
        assertThat(told.code()).as(told.err()).isEqualTo(isSame ? 0 : 1);
        Map<String, Map<String, Map<String, Long>>> before = rows();
        String patch = patch(moments[0], moments[1]);

        Psql.run(tidemark.database(database), patch);

        assertThat(tidemark.rows(database)).as(patch).isEqualTo(to.tables());
        assertThat(counts(told)).isEqualTo(counts(before, rows()));
        if (!isSame) {
            assertThatThrownBy(() -> tidemark.execute(database, patch))
                    .isInstanceOf(SQLException.class);
            assertThat(tidemark.rows(database)).isEqualTo(to.tables());
        }
    }

    private String patch(String from, String to) {
        return tidemark.tidemark("diff", from, to, "--sql").out();
    }

    /** Compares a moment with the source, which is at another. */
    void checkLive(Truth from, Truth now) throws Exception {
        String moment = from.position().toString();
        Outcome live =
                tidemark.tidemark("diff", moment, "--live", "--net", "--json", "--limit", "100000");
        Outcome archived =
                tidemark.tidemark(
                        "diff",
                        moment,
                        now.position().toString(),
                        "--net",
                        "--json",
                        "--limit",
                        "100000");
        assertThat(live.code()).as(live.err()).isEqualTo(1);
        assertThat(counts(live)).isEqualTo(counts(archived));
        JsonNode of = JSON.readTree(live.out());
        assertThat(of.get("rows").size())
                .isEqualTo(JSON.readTree(archived.out()).get("rows").size());
        checkThatOthersAreLeftAlone(moment);
        Outcome same = tidemark.tidemark("diff", now.position().toString(), "--live");
        assertThat(same.out()).startsWith("nothing differs from ");
        assertThat(same.code()).isZero();
    }

    /** What is not asked for may be in somebody's hands. */
    private void checkThatOthersAreLeftAlone(String moment) throws SQLException {
        try (Connection other = tidemark.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE public.deal IN ACCESS EXCLUSIVE MODE");
            Outcome told =
                    tidemark.tidemark(
                            "diff", moment, "--live", "--table", "public.country", "--summary");
            other.rollback();
            assertThat(told.code()).as(told.err()).isEqualTo(1);
            assertThat(told.out()).contains("public.country").doesNotContain("public.deal");
        }
    }

    /** Of each table that differs: inserted, updated, deleted. */
    private static Map<String, List<Long>> counts(Outcome told) throws IOException {
        Map<String, List<Long>> counts = new TreeMap<>();
        for (JsonNode table : JSON.readTree(told.out()).get("tables")) {
            counts.put(
                    table.get("table").asText(),
                    List.of(
                            table.get("inserted").asLong(),
                            table.get("updated").asLong(),
                            table.get("deleted").asLong()));
        }
        return counts;
    }

    /** By table and key, how often each row is there. */
    private Map<String, Map<String, Map<String, Long>>> rows() throws SQLException {
        Map<String, Map<String, Map<String, Long>>> all = new TreeMap<>();
        try (Connection connection = tidemark.database(database).connect();
                Statement statement = connection.createStatement()) {
            for (Map.Entry<String, String> table : keys.entrySet()) {
                Map<String, Map<String, Long>> rows = new HashMap<>();
                try (ResultSet row =
                        statement.executeQuery(
                                "SELECT %s::text, t::text FROM %s t"
                                        .formatted(table.getValue(), table.getKey()))) {
                    while (row.next()) {
                        rows.computeIfAbsent(row.getString(1), any -> new HashMap<>())
                                .merge(row.getString(2), 1L, Long::sum);
                    }
                }
                all.put(table.getKey(), rows);
            }
        }
        return all;
    }

    private static Map<String, List<Long>> counts(
            Map<String, Map<String, Map<String, Long>>> before,
            Map<String, Map<String, Map<String, Long>>> after) {
        Map<String, List<Long>> counts = new TreeMap<>();
        for (String table : before.keySet()) {
            List<Long> of =
                    ofTable(
                            Objects.requireNonNull(before.get(table)),
                            Objects.requireNonNull(after.get(table)));
            if (of.stream().anyMatch(count -> count > 0)) {
                counts.put(table, of);
            }
        }
        return counts;
    }

    private static List<Long> ofTable(
            Map<String, Map<String, Long>> before, Map<String, Map<String, Long>> after) {
        long inserted = 0;
        long updated = 0;
        long deleted = 0;
        for (Map.Entry<String, Map<String, Long>> key : after.entrySet()) {
            Map<String, Long> was = before.getOrDefault(key.getKey(), Map.of());
            long more = rows(key.getValue()) - rows(was);
            inserted += Math.max(0, more);
            deleted += Math.max(0, -more);
            updated += more == 0 && !was.equals(key.getValue()) ? 1 : 0;
        }
        for (Map.Entry<String, Map<String, Long>> key : before.entrySet()) {
            deleted += after.containsKey(key.getKey()) ? 0 : rows(key.getValue());
        }
        return List.of(inserted, updated, deleted);
    }

    private static long rows(Map<String, Long> equal) {
        return equal.values().stream().mapToLong(Long::longValue).sum();
    }
}
