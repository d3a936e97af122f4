package dev.tidemark.cli.types;

import static dev.tidemark.cli.types.TypeCase.type;

import java.util.List;

/** Every type of PostgreSQL that a column can have and that text can make; a line adds one. */
final class BuiltInTypes {
    /** Longer than a page's share, and no compression makes it shorter. */
    private static final String RANDOM_TEXT =
            "(SELECT string_agg(md5(i::text), '') FROM generate_series(1, 100) i)";

    private static final String RANDOM_BITS =
            "(SELECT string_agg(((i * i) % 7 % 2)::text, '') FROM generate_series(1, 30000) i)";

    private BuiltInTypes() {}

    static List<TypeCase> numbers() {
        return List.of(
                type("smallint", "-32768", "32767", "0"),
                type("integer", "-2147483648", "2147483647"),
                type("bigint", "-9223372036854775808", "9223372036854775807"),
                type("real", "NaN", "Infinity", "-Infinity", "-0", "1e-45", "3.4028235e38", "0.1"),
                type("double precision", "NaN", "Infinity", "-Infinity", "-0", "5e-324")
                        .computed("1.7976931348623157e308", "0.1::float8 + 0.2", "1/3::float8"),
                type("numeric", "NaN", "Infinity", "-Infinity", "0", "0.000", "-1.50", "1e-1000")
                        .computed(
                                "1e4000::numeric",
                                "repeat('123456789', 400)",
                                "'1.' || repeat('7', 9000)"),
                type("numeric(5,2)", "-999.99", "NaN", "0.10"),
                type("numeric(5,-2)", "12300", "-9999900", "0").since(15),
                type("numeric(3,5)", "0.00999").since(15),
                type(
                        "money",
                        "-92233720368547758.08",
                        "92233720368547758.07",
                        "0",
                        "-0.01",
                        "1234.5"),
                type("boolean", "true", "false"),
                type("oid", "0", "4294967295"));
    }

    static List<TypeCase> texts() {
        return List.of(
                type(
                                "text", "", " ", "\\N", "NULL", "null", "\\", "\\.", "\\\\N",
                                "\\.\n", "\n\\.\n", "\t", "\r\n")
                        .computed(
                                "'__debezium_unavailable_value'",
                                "repeat('__debezium_unavailable_value', 90)",
                                "(SELECT string_agg(chr(i), '') FROM generate_series(1, 159) i)",
                                "(SELECT string_agg(chr(i), '') FROM generate_series(1, 3000) i)",
                                "U&'\\FEFF\\FFFD\\+01F600\\+10FFFF e\\0301'",
                                "'{\"a\":1}'",
                                "'\"'",
                                "''''",
                                "'{NULL}'",
                                "'(,)'",
                                RANDOM_TEXT),
                type("character varying(7)", "", "       ", "ÄÖÜäöüß"),
                type("character(5)", "", "a", "  a", "ÄÖÜäö"),
                type("character", "x", ""),
                type("\"char\"", "a", "", "\\", "\"", "\\377", "\n"),
                type("name", "", "a b", "ÄÖÜ").computed("repeat('n', 63)"),
                type("bytea", "", "\\x00", "\\x5c", "\\x5c2e", "\\xdeadbeef", "abc")
                        .computed(
                                "'__debezium_unavailable_value'",
                                "decode(" + RANDOM_TEXT + ", 'hex')"),
                type(
                                "json",
                                "{}",
                                " { \"a\" : 1 ,\n\"a\":2, \"b\":\t[ ] } ",
                                "null",
                                "\"\\u0000\"",
                                "1.0e0")
                        .computed("to_json(" + RANDOM_TEXT + ")"),
                type("jsonb", "{\"b\":1,\"a\":1.50,\"a\":2}", "null", "\"\"", "[1e400, -0, {}]")
                        .computed(
                                "to_jsonb(" + RANDOM_TEXT + ")",
                                "to_jsonb('__debezium_unavailable_value'::text)"),
                type(
                        "jsonpath",
                        "$",
                        "strict $.\"a b\"[*] ? (@.c >= 1.10 && @ like_regex \"^x\\\\d\" flag \"i\")"),
                type(
                                "xml",
                                "<a/>",
                                "text only",
                                "<?xml version=\"1.0\"?>\n<a>&amp; é</a>",
                                "",
                                "<!-- -->")
                        .computed("('<b>' || " + RANDOM_TEXT + " || '</b>')::xml"),
                type(
                        "uuid",
                        "00000000-0000-0000-0000-000000000000",
                        "ffffffff-ffff-ffff-ffff-ffffffffffff"),
                type("bit(5)", "00000", "10101"),
                type("bit", "0", "1"),
                type("bit varying", "", "0", "0010", "000010").computed(RANDOM_BITS),
                type("bit varying(3)", "", "010"),
                type("tsvector", "", "a b:1", "'it''s':2A,3B \\\\:4 ' ':5C")
                        .computed(
                                "(SELECT array_to_tsvector(array_agg(md5(i::text))) FROM generate_series(1, 300) i)"),
                type("tsquery", "", "a", "!a & (b:*AB | 'c d') <3> e"));
    }

    static List<TypeCase> times() {
        return List.of(
                type(
                        "date",
                        "infinity",
                        "-infinity",
                        "4714-11-24 BC",
                        "5874897-12-31",
                        "0001-12-31 BC",
                        "1582-10-10"),
                type(
                                "timestamp",
                                "infinity",
                                "-infinity",
                                "4714-11-24 00:00:00 BC",
                                "294276-12-31 23:59:59.999999")
                        .computed("'0001-01-01 00:00:00.000001'", "'2000-02-29 23:59:59.9'"),
                type("timestamp(0)", "2000-01-01 00:00:00"),
                type("timestamptz", "infinity", "-infinity", "4714-11-24 00:00:00+00 BC")
                        .computed(
                                "'294276-12-31 23:59:59.999999+00'",
                                "'2020-07-01 12:00:00.5-13:30'"),
                type("time", "00:00", "24:00", "23:59:59.999999"),
                type(
                        "timetz",
                        "24:00+15:59:59",
                        "00:00-15:59:59",
                        "12:00:00.000001+05:30",
                        "24:00:00-00"),
                type(
                                "interval",
                                "0",
                                "-1 year +2 mons -3 days +04:05:06.000001",
                                "178000000 years",
                                "-00:00:00.5")
                        .computed("'1 mon -1 day'", "'-178000000 years -11 mons'"),
                type("interval day to second(3)", "1 day 02:03:04.567"),
                type("interval(6)", "2562047788:00:54.775807").since(15),
                type("interval year", "5 years", "infinity", "-infinity").since(17));
    }

    static List<TypeCase> places() {
        return List.of(
                type(
                        "point",
                        "(0,0)",
                        "(-0,NaN)",
                        "(Infinity,-1e-300)",
                        "(0.1,0.30000000000000004)"),
                type("line", "{1,-1,0}", "{0.1,2,3}"),
                type("lseg", "[(0,0),(1,1)]"),
                type("box", "(1,1),(0,0)", "(-1,5),(3,-2)"),
                type("path", "[(0,0),(1,1)]", "((0,0),(1,1),(2,0))")
                        .computed("(SELECT path(polygon(400, circle '((1,2),3)')))"),
                type("polygon", "((0,0))", "((0,0),(1,1),(2,0))")
                        .computed("polygon(400, circle '((1,2),3)')"),
                type("circle", "<(0,0),0>", "<(1.5,-2),3e10>"),
                type("inet", "0.0.0.0", "10.1.2.3/8", "::1", "::ffff:1.2.3.4/96", "fe80::/10"),
                type("cidr", "10.0.0.0/8", "0.0.0.0/0", "::/0", "2001:db8::/32"),
                type("macaddr", "00:00:00:00:00:00", "ff-ff-ff-ff-ff-ff"),
                type("macaddr8", "08:00:2b:01:02:03:04:05"));
    }

    static List<TypeCase> rows() {
        return List.of(
                type("pg_lsn", "0/0", "FFFFFFFF/FFFFFFFF", "1/2A"),
                type("xid", "0", "4294967295"),
                type("xid8", "0", "18446744073709551615"),
                type("cid", "4294967295"),
                type("tid", "(0,0)", "(4294967295,65535)"),
                type("pg_snapshot", "10:20:10,14,15", "1:1:"),
                type("txid_snapshot", "10:20:10,14,15"),
                type("int2vector", "", "1 -2 3"),
                type("oidvector", "", "1 4294967295"),
                type("aclitem", "postgres=arwdDxt/postgres", "=r*/postgres"),
                type("refcursor", "", "a cursor"),
                type("regclass", "pg_class", "-", "4294967295", "types.\"Odd; Näme\"")
                        .needs("CREATE TABLE types.\"Odd; Näme\" (id int PRIMARY KEY)"),
                type(
                                "regtype",
                                "integer",
                                "character varying",
                                "-",
                                "4294967295",
                                "_int4",
                                "types.regtyped")
                        .needs("CREATE DOMAIN types.regtyped AS int"),
                type("regproc", "pg_sleep", "-", "4294967295"),
                type("regprocedure", "sum(int)", "-", "pg_sleep(float8)"),
                type("regoper", "||/", "0", "4294967295"),
                type("regoperator", "+(int,int)", "0"),
                type("regconfig", "english", "4294967295"),
                type("regdictionary", "simple", "4294967295"),
                type("regnamespace", "types", "pg_catalog", "-", "4294967295"),
                type("regrole", "postgres", "-", "4294967295"),
                type("regcollation", "\"C\"", "-", "4294967295"));
    }

    static List<TypeCase> ranges() {
        return List.of(
                type("int4range", "empty", "(,)", "[1,5)", "(,-2147483648]"),
                type("int8range", "empty", "[-9223372036854775808,)"),
                type("numrange", "[NaN,NaN]", "(,Infinity)", "[1.10,1.2]", "empty"),
                type("tsrange", "[-infinity,infinity]", "[\"4714-11-24 00:00:00 BC\",)", "empty"),
                type(
                        "tstzrange",
                        "(\"2020-01-01 00:00:00+05:30\",\"294276-12-31 23:59:59.999999+00\")"),
                type("daterange", "[infinity,infinity]", "[2020-01-01,2020-01-31]", "empty"),
                type("int4multirange", "{}", "{[1,2),[5,)}"),
                type("int8multirange", "{}", "{(,-5),[7,)}"),
                type("tsmultirange", "{[\"2020-01-01 00:00:00.5\",infinity]}"),
                type("nummultirange", "{}", "{(,-1.5],[0,0]}"),
                type("tstzmultirange", "{[2020-01-01,2020-01-02),[2021-01-01,)}"),
                type("datemultirange", "{[2020-01-01,2020-01-02]}"));
    }

    static List<TypeCase> arrays() {
        return List.of(
                type(
                                "int[]",
                                "{}",
                                "{NULL}",
                                "[0:1]={1,2}",
                                "[-2:-1][5:6]={{1,NULL},{3,4}}",
                                "{{{1}},{{2}}}")
                        .computed(
                                "ARRAY(SELECT i FROM generate_series(1, 2000) i)",
                                "'{95,95,100,101,98}'"),
                type("int[3][2]", "{1}"),
                type(
                                "text[]",
                                "{}",
                                "{NULL,\"NULL\",null,\"null\"}",
                                "{\"\",\" \",\"a,b\",\"{\",\"}\"}")
                        .computed(
                                "ARRAY['\"', E'\\\\', E'\\n', E'\\t', '''', 'ÄÖ', '\\N', '__debezium_unavailable_value']",
                                "ARRAY[" + RANDOM_TEXT + ", NULL, " + RANDOM_TEXT + "]",
                                "ARRAY[['a', NULL], ['\"b\"', 'c\\d']]"),
                type("bytea[]", "{}").computed("ARRAY['\\x00'::bytea, NULL, '\\x5c'::bytea]"),
                type("box[]", "{(1,1),(0,0);(2,2),(1,1)}"),
                type("time[]", "{24:00,00:00,NULL}"),
                type("\"char\"[]", "{\"\\\\\",\"\\\"\",\"\",\",\"}"));
    }

    static List<TypeCase> made() {
        return List.of(
                type(
                                "types.mood",
                                "a,b",
                                "say \"x\"",
                                "it's",
                                "",
                                " ",
                                "NULL",
                                "\\N",
                                "{",
                                "ünïcode",
                                "\\")
                        .needs(
                                """
                                CREATE TYPE types.mood AS ENUM ('a,b', 'say "x"', 'it''s', '', ' ', 'NULL', '\\N', '{',
                                    'ünïcode', E'\\\\', 'unused')"""),
                type(
                                "types.pair",
                                "(,)",
                                "(\"\",)",
                                "(\"a,b\",1)",
                                "(\"(\"\"\\\\)\",-1)",
                                "( x ,2)",
                                "(NULL,3)")
                        .needs("CREATE TYPE types.pair AS (\"Wörd one\" text, n int)"),
                type(
                                "types.nested",
                                "(\"(a,1)\",\"{\"\"(b,)\"\",NULL}\",\"a,b\",\"[1,2)\")",
                                "(,,,)")
                        .needs(
                                "CREATE TYPE types.nested AS (p types.pair, ps types.pair[], m types.mood, r int4range)"),
                type("types.single", "()", "(1)").needs("CREATE TYPE types.single AS (one int)"),
                type("types.nothing", "()").needs("CREATE TYPE types.nothing AS ()"),
                type("types.row_source", "(7,\"a b\")", "(,)")
                        .needs("CREATE TABLE types.row_source (id int, t text)"),
                type("types.positive", "1", "2")
                        .needs("CREATE DOMAIN types.positive AS int CHECK (VALUE > 0)"),
                type("types.matrix", "{{1,2},{3,4}}", "{}")
                        .needs("CREATE DOMAIN types.matrix AS int[]"),
                type("types.pair_domain", "(a,1)", "(,)")
                        .needs("CREATE DOMAIN types.pair_domain AS types.pair"),
                type("types.mood_domain", "NULL", "it's")
                        .needs("CREATE DOMAIN types.mood_domain AS types.mood"),
                type("types.span_domain", "empty", "[1,3)")
                        .needs("CREATE DOMAIN types.span_domain AS int4range"),
                type("types.words", "[\"a,b\",\"c)\")", "(,\"\\\\\"]", "[\"\",\" \"]", "empty")
                        .needs(
                                "CREATE TYPE types.words AS RANGE (SUBTYPE = text, COLLATION = \"C\")"),
                type("types.words_multirange", "{[a,\"b,c\")}", "{}")
                        .needs(
                                "CREATE TYPE types.words_for AS RANGE (SUBTYPE = text, MULTIRANGE_TYPE_NAME = types.words_many)"),
                type("types.\"Odd Type\"", "(\"\\\\N\")")
                        .needs("CREATE TYPE types.\"Odd Type\" AS (\"a \"\" b\" text)"),
                type("types.base", "a;b", "say \"x\"", "it's", "", " ", "NULL", "\\N", "{")
                        .needs(
                                "CREATE TYPE types.base",
                                "CREATE FUNCTION types.base_in(cstring) RETURNS types.base LANGUAGE internal"
                                        + " IMMUTABLE STRICT AS 'textin'",
                                "CREATE FUNCTION types.base_out(types.base) RETURNS cstring LANGUAGE internal"
                                        + " IMMUTABLE STRICT AS 'textout'",
                                "CREATE TYPE types.base (INPUT = types.base_in, OUTPUT = types.base_out,"
                                        + " LIKE = text, DELIMITER = ';')"));
    }
}
