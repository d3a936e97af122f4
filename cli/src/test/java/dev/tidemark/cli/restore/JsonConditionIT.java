package dev.tidemark.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.replay.rows.Condition;
import dev.tidemark.replay.rows.ConditionParser;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A condition on what is in JSON chooses the rows that the server's WHERE chooses. */
@ExtendWith(RestoreServer.Shared.class)
final class JsonConditionIT {
    private static final long SEED = Long.getLong("seed", 1);
    private static final int CONDITIONS = 1_500;

    private static final List<String> DOCUMENTS =
            List.of(
                    "{\"stage\":\"won\",\"n\":1}",
                    "{\"stage\": \"lost\", \"n\": 1.50, \"tags\": [\"a\", \"b\", {\"c\": null}]}",
                    "{\"stage\":null,\"a\":{\"b\":\"won\"},\"n\":1e3}",
                    "{\"a\":{\"b\":{\"c\":[1,2,3]}},\"a\":{\"c\":\"second\"},\"stage\":\"x\",\"stage\":\"won\"}",
                    "{\"a\":{\"b\":\"won\"},\"a\":[1,2],\"tags\":[1,2,3],\"tags\":[4]}",
                    "{\"a\":{\"b\":\"won\"},\"a\":{\"b\":null},\"tags\":[[1],[2]],\"tags\":null}",
                    "[1,\"won\",null,[10,20],{\"stage\":\"won\"}]",
                    " \"won\" ",
                    "42",
                    "null",
                    "{}",
                    "[]",
                    "{\"stage\":\"w\\u006fn\",\"\\u00e4\":\"\\ud83d\\ude00\",\"\":\"empty\",\"n\":true}",
                    "{\"0\":\"zero\",\"-1\":\"minus\",\"a\":[{\"b\":\"won\"}],\"k\\\"q\":\"it's\"}",
                    " { \"a\" : { \"b\" : [ 1 , 2 ] } , \"n\" : -0.0, \"stage\" : \"w\\to\\nn\" } ",
                    "{\"long\":\""
                            + "x".repeat(50_000)
                            + "\",\"stage\":\"won\",\"tags\":[[],[1,[2]]]}");

    private static final List<String> NAMES =
            List.of("stage", "n", "a", "b", "c", "tags", "0", "-1", "", "ä", "k\"q", "none");

    private static final List<String> TEXTS =
            List.of(
                    "won",
                    "1",
                    "1.50",
                    "1000",
                    "1e3",
                    "{\"b\":\"won\"}",
                    "{\"b\": \"won\"}",
                    "[ 1 , 2 ]",
                    "[1, 2]",
                    "second",
                    "😀",
                    "",
                    "null",
                    "true",
                    "-0.0",
                    "20",
                    "it's");

    private static final List<String> COLUMNS = List.of("data", "\"Doc\"", "about");

    private final Random random = new Random(SEED);

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private String condition(int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            return simple(any(COLUMNS));
        }
        return switch (random.nextInt(3)) {
            case 0 -> condition(depth - 1) + " AND " + condition(depth - 1);
            case 1 -> condition(depth - 1) + " OR " + condition(depth - 1);
            default -> "NOT (" + condition(depth - 1) + ")";
        };
    }

    private String simple(String column) {
        String not = random.nextBoolean() ? " NOT" : "";
        String way = column;
        for (int n = random.nextInt(3); n > 0; n--) {
            way =
                    random.nextInt(3) > 0
                            ? way + "->" + step()
                            : "(" + way + " #> " + path(column) + ")";
        }
        String text = way + (random.nextInt(3) > 0 ? "->>" + step() : " #>> " + path(column));
        return switch (random.nextInt(7)) {
            case 0 -> way + " -> " + step() + " IS" + not + " NULL";
            case 1 -> text + " IS" + not + " NULL";
            case 2 -> text + not + " IN (" + literal() + ", " + literal() + ")";
            case 3 -> literal() + " = " + text;
            case 4 -> "(" + text + ") <> " + literal();
            case 5 -> text + not + " LIKE " + quoted(any(List.of("w%", "%", "_", "%1%", "[%]")));
            default -> text + " = " + literal();
        };
    }

    private String step() {
        return random.nextInt(3) > 0 ? quoted(any(NAMES)) : Integer.toString(random.nextInt(-3, 4));
    }

    /** In a column of json no array's end, which is refused. */
    private String path(String column) {
        return IntStream.range(0, 1 + random.nextInt(3))
                .mapToObj(n -> any(NAMES))
                .map(one -> column.equals("data") ? one.replace("-1", " +01") : one)
                .map(
                        one ->
                                one.matches("-?[a-z0-9]+")
                                        ? one
                                        : "\"" + one.replace("\"", "\\\"") + "\"")
                .collect(Collectors.joining(random.nextBoolean() ? "," : " , ", "'{", "}'"));
    }

    private String literal() {
        return random.nextInt(12) == 0 ? "NULL" : quoted(any(TEXTS));
    }

    private static Database filled(RestoreServer server) throws Exception {
        Database source = server.newDatabase();
        List<String> statements = new ArrayList<>();
        statements.add("CREATE DOMAIN public.about AS jsonb");
        statements.add(
                "CREATE TABLE public.t (id int PRIMARY KEY, data json, \"Doc\" jsonb, about public.about, email text)");
        for (int n = 0; n < DOCUMENTS.size(); n++) {
            String document = quoted(DOCUMENTS.get(n));
            statements.add(
                    "INSERT INTO public.t VALUES (%d, %s, %s, %s)"
                            .formatted(n, document, document, document));
        }
        statements.add("INSERT INTO public.t VALUES (-1)");
        RestoreServer.run(source, statements);
        return source;
    }

    @Test
    void aConditionChoosesTheRowsThatTheServerChooses(RestoreServer server) throws Exception {
        Database source = filled(server);
        Catalog catalog = RestoreServer.read(source);
        Table table = RestoreServer.table(source, "t");
        List<List<Value>> rows = SampleSource.baseRows(source).getOrDefault(table.id(), List.of());
        int chosen = 0;
        try (Connection connection = source.connect()) {
            for (int n = 0; n < CONDITIONS; n++) {
                String text = condition(2);
                List<String> expected =
                        RestoreServer.rows(
                                connection,
                                "SELECT id FROM public.t WHERE " + text + " ORDER BY id");

                Condition condition = ConditionParser.parse(text, catalog, table);

                List<String> found =
                        rows.stream()
                                .filter(condition::chooses)
                                .map(row -> Integer.valueOf(row.getFirst().toString()))
                                .sorted()
                                .map(id -> "[" + id + "]")
                                .toList();
                assertThat(found)
                        .as("failed at seed %d with %s; rerun with -Dseed=%d", SEED, text, SEED)
                        .isEqualTo(expected);
                chosen += found.size();
            }
        }
        assertThat(chosen).isBetween(CONDITIONS, CONDITIONS * DOCUMENTS.size());
    }

    @Test
    void whatCannotBeDecidedExactlyIsRefused(RestoreServer server) throws Exception {
        Database source = filled(server);
        Catalog catalog = RestoreServer.read(source);
        Table table = RestoreServer.table(source, "t");

        for (String text :
                List.of(
                        "data->'a' = '1'",
                        "about->'a' = '1'",
                        "about->>'a' = 1",
                        "about->>'a' < 'b'",
                        "about->>'a'->>'b' = 'x'",
                        "(about->>'a')->>'b' = 'x'",
                        "about->email IS NULL",
                        "about->3000000000 IS NULL",
                        "about->1.0 IS NULL",
                        "about #>> '{}' = 'x'",
                        "about #>> '{a,NULL}' = 'x'",
                        "about #>> '{a' = 'x'",
                        "about #>> '{a}}' = 'x'",
                        "about #>> '{{a}}' = 'x'",
                        "about #>> ARRAY['a'] = 'x'",
                        "about ? 'a'",
                        "about @> '{}'",
                        "(about->>'n')::int = 1",
                        "about->>'a' || 'b' = 'ab'",
                        "about->>'a'")) {
            TidemarkException thrown =
                    catchThrowableOfType(
                            TidemarkException.class,
                            () -> ConditionParser.parse(text, catalog, table));
            assertThat(thrown).as(text).isNotNull();
            assertThat(thrown.kind()).as(text).isEqualTo(TidemarkException.Kind.REFUSED);
        }
        assertThatThrownBy(() -> ConditionParser.parse("email->>'a' = 'x'", catalog, table))
                .hasMessage("the column email (text) holds no JSON");
        assertThatThrownBy(() -> ConditionParser.parse("about #>> 'a' = 'x'", catalog, table))
                .hasMessage("'a' is no path that is taken");
        assertThatThrownBy(() -> ConditionParser.parse("data #>> '{a,-1}' = 'x'", catalog, table))
                .hasMessage(
                        "'{a,-1}' counts from an array's end, and which array's PostgreSQL takes for a json column is not told"
                                + " by the path");
        Condition part = ConditionParser.parse("id = 42 AND about->>'id' = '43'", catalog, table);
        assertThat(part.keys(List.of("id"))).contains(Set.of(List.of(Value.text("42"))));
        Condition open = ConditionParser.parse("about->>'id' = '43'", catalog, table);
        assertThat(open.keys(List.of("about->>'id'"))).isEmpty();
    }

    @Test
    void whatTheServerCannotReadIsRefused(RestoreServer server) throws Exception {
        Database source = filled(server);
        Catalog catalog = RestoreServer.read(source);
        Table table = RestoreServer.table(source, "t");
        Condition condition = ConditionParser.parse("data->>'a' = 'x'", catalog, table);

        assertThat(condition.chooses(row("{\"a\":\"x\",\"b\":\"\\\\u0000\"}"))).isTrue();
        for (String document :
                List.of(
                        "{\"a\":\"x\",\"b\":\"\\u0000\"}",
                        "{\"a\":\"x\",\"\\ud83d\":1}",
                        "[\"\\ude00\\ud83d\"]")) {
            assertThatThrownBy(() -> condition.chooses(row(document)))
                    .as(document)
                    .hasMessage(
                            "a value of JSON has an escape that is no character, such as \\u0000");
            try (Connection connection = source.connect()) {
                assertThatThrownBy(
                                () ->
                                        RestoreServer.rows(
                                                connection,
                                                "SELECT '" + document + "'::json->>'a'"))
                        .as(document)
                        .isInstanceOf(SQLException.class);
            }
        }
    }

    private static List<Value> row(String data) {
        return List.of(
                Value.text("1"),
                Value.text(data),
                Value.Mark.NULL,
                Value.Mark.NULL,
                Value.Mark.NULL);
    }
}
