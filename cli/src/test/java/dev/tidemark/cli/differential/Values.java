package dev.tidemark.cli.differential;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/** Values of built-in types, as SQL, among them those that are easily damaged. */
final class Values {
    /** By the server's name of the type; a type more is a line more. */
    private static final Map<String, Function<Random, String>> BY_TYPE =
            Map.ofEntries(
                    entry(
                            "int2",
                            random -> of(random, "0", "-32768", "32767", number(random, 999))),
                    entry("int4", random -> of(random, "0", "-2147483648", number(random, 99_999))),
                    entry(
                            "int8",
                            random -> of(random, "9223372036854775807", number(random, 99_999))),
                    entry(
                            "numeric",
                            random ->
                                    of(
                                            random,
                                            "'NaN'",
                                            "1.50",
                                            "0.000",
                                            "-12345.678",
                                            number(random, 999))),
                    entry(
                            "float4",
                            random ->
                                    of(
                                            random,
                                            "'NaN'",
                                            "'-Infinity'",
                                            "'-0'",
                                            "0.1",
                                            "3.4028235e38")),
                    entry(
                            "float8",
                            random ->
                                    of(
                                            random,
                                            "'Infinity'",
                                            "'-0'",
                                            "0.1",
                                            "1e-300",
                                            "2.2250738585072014e-308")),
                    entry("bool", random -> of(random, "true", "false")),
                    entry("text", Values::text),
                    entry("varchar", Values::shortText),
                    entry("bpchar", Values::shortText),
                    entry("name", Values::shortText),
                    entry("char", random -> of(random, "'x'", "''", "'\"'")),
                    entry(
                            "bytea",
                            random ->
                                    of(
                                            random,
                                            "'\\x'",
                                            "'\\x00ff5c4e'",
                                            "decode(md5('" + random.nextInt() + "'), 'hex')",
                                            wide(random) + "::bytea")),
                    entry("uuid", random -> "md5('" + random.nextInt() + "')::uuid"),
                    entry(
                            "date",
                            random ->
                                    of(
                                            random,
                                            "'infinity'",
                                            "'0044-03-15 BC'",
                                            "'1582-10-10'",
                                            "'5874897-12-31'",
                                            "'2026-02-28'")),
                    entry(
                            "timestamp",
                            random ->
                                    of(
                                            random,
                                            "'-infinity'",
                                            "'294276-12-31 23:59:59.999999'",
                                            "'0001-01-01 00:00:00.000001 BC'",
                                            "'2026-03-29 02:30:00'")),
                    entry(
                            "timestamptz",
                            random ->
                                    of(
                                            random,
                                            "'infinity'",
                                            "'2026-10-25 02:30:00.5+02'",
                                            "'1900-01-01 00:00:00+00'",
                                            "'4713-01-01 00:00:00+00 BC'")),
                    entry(
                            "time",
                            random -> of(random, "'24:00:00'", "'00:00:00.000001'", "'12:34:56'")),
                    entry(
                            "timetz",
                            random ->
                                    of(
                                            random,
                                            "'24:00:00+15:59:59'",
                                            "'12:34:56.789-08'",
                                            "'00:00:00+00'")),
                    entry(
                            "interval",
                            random ->
                                    of(
                                            random,
                                            "'1 year -2 months 3 days -04:05:06.789'",
                                            "'-178000000 years'",
                                            "'0'")),
                    entry(
                            "money",
                            random -> of(random, "'-92233720368547758.08'", "'12.34'", "'0'")),
                    entry("bit", random -> of(random, "B'00101'", "B'11111'")),
                    entry("varbit", random -> of(random, "B''", "B'0010'", "B'10'")),
                    entry(
                            "inet",
                            random -> of(random, "'::ffff:1.2.3.4/96'", "'10.1.2.3/8'", "'::1'")),
                    entry("cidr", random -> of(random, "'10.0.0.0/8'", "'2001:db8::/32'")),
                    entry("macaddr", random -> "'08:00:2b:01:02:03'"),
                    entry(
                            "json",
                            random ->
                                    of(
                                            random,
                                            "'{ \"b\":1,  \"b\":2, \"a\":null }'",
                                            "'[]'",
                                            "'\"\\u00e4\\\\\"'",
                                            "json_build_object('w', " + wide(random) + ")")),
                    entry(
                            "jsonb",
                            random ->
                                    of(
                                            random,
                                            "'{\"b\":1, \"a\":[1.50, null]}'",
                                            "'null'",
                                            "jsonb_build_object('w', " + wide(random) + ")")),
                    entry("xml", random -> of(random, "'<a b=\"1\"> x </a>'", "'<a/>text'")),
                    entry("point", random -> of(random, "'(1,-0)'", "'(Infinity,NaN)'")),
                    entry("box", random -> "'(3,4),(1,2)'"),
                    entry("int4range", random -> of(random, "'empty'", "'(,5)'", "'[1,9)'")),
                    entry(
                            "tstzrange",
                            random -> of(random, "'empty'", "'[2026-01-01 00:00+00,infinity)'")),
                    entry("int4multirange", random -> of(random, "'{}'", "'{[1,3),[5,7)}'")),
                    entry("tsvector", random -> of(random, "'a:1A fat:2B,4C cat'", "''")),
                    entry("tsquery", random -> of(random, "'fat & (cat | !rat:AB)'", "''")),
                    entry("pg_lsn", random -> "'16/B374D848'"),
                    entry("xid8", random -> "'18446744073709551615'"),
                    entry("jsonpath", random -> "'$.a[*] ? (@ > 3)'"),
                    entry("regclass", random -> of(random, "'pg_class'", "'0'")),
                    entry(
                            "_int4",
                            random ->
                                    of(
                                            random,
                                            "'{}'",
                                            "'[0:1]={1,NULL}'",
                                            "'{{1,2},{3,4}}'",
                                            "'{95,95,100}'")),
                    entry(
                            "_text",
                            random ->
                                    of(
                                            random,
                                            "'{}'",
                                            "E'{\"a\\\\\"b\",NULL,\"NULL\",\"\",\"\\\\\\\\N\"}'",
                                            "ARRAY['"
                                                    + random.nextInt(99)
                                                    + "', "
                                                    + wide(random)
                                                    + "]")),
                    entry("_numeric", random -> of(random, "'{NaN,1.50,NULL}'", "'{}'")),
                    entry("_timetz", random -> "'{24:00:00+00,12:00:00-03:30}'"),
                    entry("_jsonb", random -> "ARRAY['{\"a\": \"b,c\"}'::jsonb, NULL]"),
                    entry("hstore", random -> of(random, "'a=>1,b=>NULL,\"c d\"=>\"\"'", "''")),
                    entry("citext", Values::shortText),
                    entry("ltree", random -> of(random, "'Top.Science.Astronomy'", "''")));

    /** What a column of a new table may be, as it is declared. */
    static final List<String> DECLARED =
            List.of(
                    "smallint",
                    "integer",
                    "integer",
                    "bigint",
                    "numeric",
                    "numeric(14,3)",
                    "real",
                    "double precision",
                    "boolean",
                    "text",
                    "text",
                    "text",
                    "varchar(40)",
                    "char(8)",
                    "name",
                    "\"char\"",
                    "bytea",
                    "uuid",
                    "date",
                    "timestamp",
                    "timestamptz(3)",
                    "timestamptz",
                    "time",
                    "timetz",
                    "interval",
                    "money",
                    "bit(5)",
                    "varbit(12)",
                    "inet",
                    "cidr",
                    "macaddr",
                    "json",
                    "jsonb",
                    "xml",
                    "point",
                    "box",
                    "int4range",
                    "tstzrange",
                    "int4multirange",
                    "tsvector",
                    "tsquery",
                    "pg_lsn",
                    "xid8",
                    "jsonpath",
                    "regclass",
                    "integer[]",
                    "text[]",
                    "numeric[]",
                    "timetz[]",
                    "jsonb[]");

    private Values() {}

    /** A value of a type, as an expression; NULL for a type that is not known here. */
    static String of(Random random, String type) {
        return BY_TYPE.getOrDefault(type, unknown -> "NULL").apply(random);
    }

    private static String text(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> wide(random);
            default -> shortText(random);
        };
    }

    private static String shortText(Random random) {
        return of(
                random,
                "''",
                "'\\N'",
                "'NULL'",
                "'\\.'",
                "'__debezium_unavailable_value'",
                "E'\\t\\n\\r\\b'",
                "E'\\x01 \\x7f'",
                "'grün 名前 🦅'",
                "'it''s \"so\"'",
                "'v" + random.nextInt(1000) + "'",
                "'v" + random.nextInt(1000) + "'");
    }

    /** Too long for a row, so that it is TOASTed, and too random to be compressed. */
    private static String wide(Random random) {
        return "(SELECT string_agg(md5(i::text || '%d'), '') FROM generate_series(1, %d) i)"
                .formatted(random.nextInt(), 70 + random.nextInt(200));
    }

    private static String number(Random random, int max) {
        return String.valueOf(random.nextInt(2 * max) - max);
    }

    private static String of(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
