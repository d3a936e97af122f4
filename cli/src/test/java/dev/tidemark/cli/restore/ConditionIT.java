package dev.tidemark.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.replay.rows.Condition;
import dev.tidemark.replay.rows.ConditionParser;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import dev.tidemark.schemas.database.Database;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A condition chooses the rows that the server's WHERE chooses. */
@ExtendWith(RestoreServer.Shared.class)
final class ConditionIT {
    private static final long SEED = Long.getLong("seed", 1);
    private static final int CONDITIONS = 1_500;
    private static final int ROWS = 120;

    /** Types with values, some of which meet those of another column's type. */
    private static final Map<String, List<String>> VALUES =
            Map.ofEntries(
                    Map.entry("smallint", List.of("-1", "0", "7", "42", "32767")),
                    Map.entry("integer", List.of("-1", "0", "7", "42", "2147483647")),
                    Map.entry("bigint", List.of("-1", "0", "7", "9007199254740993", "42")),
                    Map.entry(
                            "numeric", List.of("0", "0.00", "0.1", "42.0", "-7.25", "NaN", "1e30")),
                    Map.entry("numeric(12,2)", List.of("0", "0.10", "42", "-7.25", "7")),
                    Map.entry("real", List.of("0", "-0", "0.1", "42", "NaN", "Infinity", "1e-40")),
                    Map.entry(
                            "double precision",
                            List.of("0", "-0", "0.1", "42", "NaN", "-Infinity", "1e300")),
                    Map.entry("boolean", List.of("true", "false")),
                    Map.entry(
                            "text",
                            List.of(
                                    "",
                                    "a",
                                    "A",
                                    "a ",
                                    "ab",
                                    "it's",
                                    "50%",
                                    "a_b",
                                    "b\\s",
                                    "ä",
                                    "Ä🦤",
                                    "line\nend")),
                    Map.entry("character varying(20)", List.of("", "a", "A", "ab", "NULL", "x%y")),
                    Map.entry("character(4)", List.of("", "a", "ab", "A", "abcd")),
                    Map.entry(
                            "uuid",
                            List.of(
                                    "00000000-0000-0000-0000-000000000000",
                                    "ABCDEF00-1111-2222-3333-444444444444",
                                    "ffffffff-ffff-ffff-ffff-ffffffffffff")),
                    Map.entry("mood", List.of("calm", "cross", "it's")),
                    Map.entry(
                            "date",
                            List.of("2026-11-20", "1999-12-31", "infinity", "0044-03-15 BC")),
                    Map.entry("time without time zone", List.of("00:00", "14:03:07.5", "24:00")),
                    Map.entry(
                            "timestamp without time zone",
                            List.of("2026-11-20 00:00:00", "2026-11-20 14:03:07.5", "-infinity")),
                    Map.entry(
                            "timestamp with time zone",
                            List.of(
                                    "2026-11-20 00:00:00+00",
                                    "2026-11-20 14:03:07.5+02",
                                    "2026-11-19 23:30:00-00:30",
                                    "infinity")),
                    Map.entry("bytea", List.of("\\x", "\\x00", "\\x00ff", "\\xFF")),
                    Map.entry("money_kind", List.of("1.50", "2.00")));

    private static final List<String> TYPES = VALUES.keySet().stream().sorted().toList();

    private final Random random = new Random(SEED);

    private static String name(int column) {
        return column % 3 == 0 ? "\"C " + column + "\"" : "c" + column;
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private String value(String type) {
        List<String> values = VALUES.getOrDefault(type, List.of());
        return values.get(random.nextInt(values.size()));
    }

    private String literal(String type) {
        if (random.nextInt(12) == 0) {
            return "NULL";
        }
        String value = value(type);
        boolean isNumber = value.matches("-?[0-9.]+(e-?[0-9]+)?") && !type.equals("uuid");
        boolean isNumbers =
                type.matches("smallint|integer|bigint|numeric.*|real|double precision|money_kind");
        if (isNumbers && isNumber && random.nextInt(3) > 0) {
            return random.nextInt(5) == 0 && !type.equals("real")
                    ? value(List.of("smallint", "bigint", "numeric(12,2)").get(random.nextInt(3)))
                    : value;
        }
        if (type.startsWith("timestamp") || type.equals("date")) {
            return switch (random.nextInt(5)) {
                case 0 -> "DATE '2026-11-20'";
                case 1 -> "'2026-11-20 14:03:07.5'::timestamp";
                case 2 -> "CAST('2026-11-20 12:03:07.5+00' AS timestamptz)";
                default -> quoted(value);
            };
        }
        if (type.equals("boolean")) {
            return random.nextBoolean() ? value : quoted(value);
        }
        boolean isCast =
                random.nextInt(8) == 0 && type.matches("smallint|integer|bigint|uuid|bytea|text");
        return quoted(value) + (isCast ? "::" + type : "");
    }

    private String condition(int depth) {
        if (depth > 0 && random.nextInt(3) > 0) {
            String left = condition(depth - 1);
            return switch (random.nextInt(6)) {
                case 0, 1 -> left + " AND " + condition(depth - 1);
                case 2, 3 -> left + " OR " + condition(depth - 1);
                case 4 -> "NOT (" + left + ")";
                default ->
                        "("
                                + left
                                + ") IS "
                                + (random.nextBoolean() ? "NOT " : "")
                                + List.of("TRUE", "FALSE", "UNKNOWN").get(random.nextInt(3));
            };
        }
        int column = random.nextInt(TYPES.size());
        return simple(name(column), TYPES.get(column));
    }

    private String simple(String name, String type) {
        String not = random.nextBoolean() ? " NOT" : "";
        boolean isText = type.startsWith("char") || type.equals("text");
        boolean isOrdered = !isText && !type.equals("mood");
        return switch (random.nextInt(isOrdered ? 8 : isText ? 7 : 5)) {
            case 0 -> name + " IS" + not + " NULL";
            case 1 -> name + not + " IN (" + list(type) + ")";
            case 2 -> literal(type) + " = " + name;
            case 3 -> name + " <> " + literal(type);
            case 4 -> type.equals("boolean") ? "NOT " + name : name + " = " + literal(type);
            case 5, 6 ->
                    isText
                            ? name
                                    + not
                                    + (random.nextBoolean() ? " LIKE " : " ILIKE ")
                                    + quoted(pattern())
                            : name
                                    + " "
                                    + List.of("<", "<=", ">", ">=").get(random.nextInt(4))
                                    + " "
                                    + literal(type);
            default -> name + not + " BETWEEN " + literal(type) + " AND " + literal(type);
        };
    }

    private String list(String type) {
        return IntStream.range(0, 1 + random.nextInt(3))
                .mapToObj(n -> type.equals("real") ? quoted(value(type)) : literal(type))
                .collect(Collectors.joining(", "));
    }

    private String pattern() {
        return IntStream.range(0, random.nextInt(4))
                .mapToObj(
                        n ->
                                List.of("%", "_", "a", "B", "\\%", "\\_", "\\\\", " ", "'")
                                        .get(random.nextInt(9)))
                .collect(Collectors.joining());
    }

    private Database filled(RestoreServer server) throws Exception {
        Database source = server.newDatabase();
        List<String> statements = new ArrayList<>();
        statements.add("SET search_path = public");
        statements.add("CREATE TYPE mood AS ENUM ('cross', 'calm', 'it''s')");
        statements.add("CREATE DOMAIN money_kind AS numeric(9,2)");
        statements.add(
                "CREATE TABLE t (id int PRIMARY KEY, "
                        + IntStream.range(0, TYPES.size())
                                .mapToObj(n -> name(n) + " " + TYPES.get(n))
                                .collect(Collectors.joining(", "))
                        + ")");
        for (int row = 0; row < ROWS; row++) {
            statements.add(
                    "INSERT INTO t VALUES ("
                            + row
                            + ", "
                            + TYPES.stream()
                                    .map(
                                            type ->
                                                    random.nextInt(5) == 0
                                                            ? "NULL"
                                                            : quoted(value(type)))
                                    .collect(Collectors.joining(", "))
                            + ")");
        }
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
                String text = condition(3);
                List<String> expected =
                        RestoreServer.rows(
                                connection,
                                "SELECT id FROM public.t WHERE " + text + " ORDER BY id");

                Condition condition = ConditionParser.parse(text, catalog, table);

                List<String> found =
                        rows.stream()
                                .filter(condition::chooses)
                                .map(row -> row.getFirst().toString())
                                .sorted(
                                        (a, b) ->
                                                Integer.compare(
                                                        Integer.parseInt(a), Integer.parseInt(b)))
                                .map(id -> "[" + id + "]")
                                .toList();
                assertThat(found)
                        .as("failed at seed %d with %s; rerun with -Dseed=%d", SEED, text, SEED)
                        .isEqualTo(expected);
                chosen += found.size();
            }
        }
        assertThat(chosen).isBetween(CONDITIONS, CONDITIONS * (ROWS - 1));
    }

    @Test
    void whatCannotBeDecidedExactlyIsRefused(RestoreServer server) throws Exception {
        Database source = server.newDatabase();
        RestoreServer.run(
                source,
                List.of(
                        "CREATE COLLATION public.loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
                        "CREATE TABLE public.contact (id int, email text, loose text COLLATE public.loose, tags int[], price numeric,"
                                + " mail text GENERATED ALWAYS AS (lower(email)) STORED)"));
        Catalog catalog = RestoreServer.read(source);
        Table table = RestoreServer.table(source, "contact");

        for (String text :
                List.of(
                        "id = 1; DROP TABLE contact",
                        "id = (SELECT 1)",
                        "lower(email) = 'a'",
                        "emial = 'a'",
                        "\"ID\" = 1",
                        "mail = 'a'",
                        "email < 'b'",
                        "email = 1",
                        "id = 'one'",
                        "id = '3000000000'",
                        "loose = 'a'",
                        "tags = '{1}'",
                        "id = id",
                        "id + 1 = 2",
                        "email ~ 'a'",
                        "email LIKE 'a\\'",
                        "email SIMILAR TO 'a'",
                        "email = E'a'",
                        "id = 1 AND",
                        "id",
                        "other.id = 1",
                        "id = 5::numeric(5,2)",
                        "id = ANY('{1}')",
                        "id = 1 UNION SELECT 1",
                        "email ILIKE 'ä%'",
                        "id = :x",
                        "id = ?",
                        "id(+) = 1",
                        "user = 'postgres'",
                        "current_date = '2026-11-20'",
                        "offset = 1",
                        "id = 1 /* ; */ ) OR (id = 2",
                        "")) {
            TidemarkException thrown =
                    catchThrowableOfType(
                            TidemarkException.class,
                            () -> ConditionParser.parse(text, catalog, table));
            assertThat(thrown).as(text).isNotNull();
            assertThat(thrown.kind()).as(text).isEqualTo(TidemarkException.Kind.REFUSED);
        }
        TidemarkException nearest =
                catchThrowableOfType(
                        TidemarkException.class,
                        () -> ConditionParser.parse("emial = 'a'", catalog, table));
        assertThat(message("id!=-1", catalog, table))
                .isEqualTo("'id!=-1' is no condition: PostgreSQL reads '!=-' as one operator");
        assertThat(ConditionParser.parse("id != -1 AND id<>-1 AND email = '!=-'", catalog, table))
                .isNotNull();
        assertThat(message("NOT ".repeat(8000) + "id = 1", catalog, table))
                .isEqualTo("the condition is nested too deep: it has 32006 characters");
        for (String number : List.of("1e999999999", "1e1000", "\u0661", "0x1F", "1_000")) {
            assertThat(message("price = '" + number + "'", catalog, table))
                    .as(number)
                    .isEqualTo(
                            "the column price (numeric) cannot be compared with '%s'"
                                    .formatted(number));
        }
        Condition folding = ConditionParser.parse("email ILIKE 'k%'", catalog, table);
        TidemarkException unsaid =
                catchThrowableOfType(
                        TidemarkException.class,
                        () ->
                                folding.chooses(
                                        SampleSource.fields(
                                                "1", "secret \u212a", null, null, null)));
        assertThat(unsaid)
                .hasMessage(
                        "whether a text with U+212A or U+0130 is like 'k%' depends on the source's locale");
        assertThat(nearest).hasMessage("there is no column 'emial' in public.contact");
        assertThat(nearest.hint()).startsWith("There are, the nearest first: email, ");
        assertThat(keys(catalog, "id = 42 AND (email = 'x' OR id > 3)", table, "id"))
                .contains(Set.of(List.of(Value.text("42"))));
        assertThat(
                        keys(
                                catalog,
                                "(id IN (1, 2, NULL) OR id = 3) AND email = 'x'",
                                table,
                                "id",
                                "email"))
                .contains(
                        Set.of(
                                List.of(Value.text("1"), Value.text("x")),
                                List.of(Value.text("2"), Value.text("x")),
                                List.of(Value.text("3"), Value.text("x"))));
        for (String open : List.of("id > 3", "id = 1 OR email = 'x'", "NOT id = 1", "id IS NULL")) {
            assertThat(keys(catalog, open, table, "id")).as(open).isEmpty();
        }
    }

    private static String message(String text, Catalog catalog, Table table) {
        return String.valueOf(
                catchThrowableOfType(
                                TidemarkException.class,
                                () -> ConditionParser.parse(text, catalog, table))
                        .getMessage());
    }

    private static Optional<Set<List<Value>>> keys(
            Catalog catalog, String text, Table table, String... columns) {
        return ConditionParser.parse(text, catalog, table).keys(List.of(columns));
    }
}
