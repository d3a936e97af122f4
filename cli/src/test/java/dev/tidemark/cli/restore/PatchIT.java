package dev.tidemark.cli.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.cli.Psql;
import dev.tidemark.schemas.change.Value;
import dev.tidemark.schemas.database.Database;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A patch as somebody runs it: by psql, in a database whose settings are not ours. */
@ExtendWith(RestoreServer.Shared.class)
final class PatchIT {
    private static final List<String> SCHEMA =
            List.of(
                    "CREATE SCHEMA crm",
                    "CREATE SCHEMA extensions",
                    "CREATE EXTENSION citext SCHEMA extensions",
                    "CREATE EXTENSION ltree SCHEMA extensions",
                    "CREATE TYPE crm.mood AS ENUM ('calm', 'cross')",
                    "CREATE TYPE crm.place AS (street text, at timestamptz, share float8)",
                    "CREATE DOMAIN crm.label AS varchar(40)",
                    """
                    CREATE TABLE crm.every (id int PRIMARY KEY, line text, short varchar(20), code char(4), flag boolean, sum numeric,
                        price money, share float8, part real, raw bytea, born date, at timestamptz, clock time, took interval, doc xml,
                        json json, jsonb jsonb, mood crm.mood, place crm.place, label crm.label, mail extensions.citext,
                        path extensions.ltree, kind regclass, kinds regclass[], type regtype, way regproc, texts text[],
                        shorts varchar(9)[], shares float8[], spans tsrange, spot point, bits bit varying, one "char", title name,
                        words tsvector, big int8[])
                    """,
                    "CREATE TABLE crm.\"Odd \"\"Name'\" (\"touched\" varchar(9) PRIMARY KEY, \"order\" text, \"a\\b $tidemark$\" text)",
                    "CREATE TABLE crm.by_time (at timestamptz PRIMARY KEY, v int)",
                    "CREATE TABLE crm.by_share (share float8 PRIMARY KEY, v int)",
                    "CREATE TABLE crm.by_bytes (raw bytea PRIMARY KEY, v int)",
                    "CREATE TABLE crm.by_mood (mood crm.mood PRIMARY KEY, v int)",
                    "CREATE TABLE crm.by_place (place crm.place PRIMARY KEY, v int)",
                    "CREATE TABLE crm.by_span (took interval PRIMARY KEY, v int)",
                    "CREATE TABLE crm.by_path (path extensions.ltree, mail extensions.citext, v int, PRIMARY KEY (path, mail))",
                    "CREATE TABLE crm.by_kind (kind regclass PRIMARY KEY, v int)",
                    "CREATE TABLE crm.bag (raw bytea, share float8, at date)",
                    "CREATE TABLE crm.team (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, above int REFERENCES crm.team)",
                    "CREATE TABLE crm.pair (id int PRIMARY KEY, other int REFERENCES crm.pair)",
                    "CREATE TABLE crm.member (id serial PRIMARY KEY, team int REFERENCES crm.team, name text)",
                    """
                    INSERT INTO crm.every (id, line, short, code, flag, sum, price, share, part, raw, born, at, clock, took, doc, json,
                        jsonb, mood, place, label, mail, path, kind, kinds, type, way, texts, shorts, shares, spans, spot, bits, one, title,
                        words, big)
                      SELECT n, E'it''s\\\\ :x :''y'' ñ 🦤 \\n' || n, 'Ann', 'ab', n % 2 = 0, n + 1.50, '1,234.50', n / 3.0, n / 7.0,
                             decode(md5(n::text), 'hex'), '2026-02-03', '2026-02-03 04:05:06.789+02', '04:05:06', '1 mon -3 days 04:05:06',
                             '<a x="1"/>text<b/>', '{"a":  1}', '{"a": 1}', 'calm',
                             ('at "home"\\', '2026-02-03 04:05:06+02', n / 3.0)::crm.place, 'label', 'Ann@X', 'a.b', 'crm.team',
                             '{crm.team,pg_class}', 'crm.mood', 'pg_catalog.int4in', '{a,NULL,"b\\\\"}', '{a}', ARRAY[n / 3.0, NULL],
                             '[2026-02-03,2026-03-04)', point(n / 3.0, 1), B'101', 'x', 'title', 'a:1 b:2', '{1,2}'
                        FROM generate_series(1, 6) n
                    """,
                    "INSERT INTO crm.every (id) VALUES (7), (8)",
                    "INSERT INTO crm.every (id, place) VALUES (9, NULL), (10, '(,,)'), (11, '(,,)')",
                    "INSERT INTO crm.\"Odd \"\"Name'\" VALUES ('a', 'b', 'c'), ('A', E'\\\\', '$tidemark$'), ('x\\', '', NULL)",
                    "INSERT INTO crm.by_time VALUES ('2026-02-03 04:05:06.789+02', 1), ('2026-03-02 04:05:06+02', 2), ('infinity', 3)",
                    "INSERT INTO crm.by_share VALUES (0.1, 1), (1e-300, 2), ('NaN', 3), (1 / 3.0, 4)",
                    "INSERT INTO crm.by_bytes VALUES ('\\x005c27ff', 1), ('\\x5c', 2), ('', 3)",
                    "INSERT INTO crm.by_mood VALUES ('calm', 1)",
                    "INSERT INTO crm.by_place VALUES ('(a,2026-02-03 04:05:06+02,0.1)', 1), ('(b,,)', 2)",
                    "INSERT INTO crm.by_span VALUES ('1 mon -3 days 04:05:06', 1), ('-1 day', 2)",
                    "INSERT INTO crm.by_path VALUES ('a.b', 'Ann@X', 1), ('a', 'Ann@X', 2)",
                    "INSERT INTO crm.by_kind VALUES ('crm.team', 1), ('pg_class', 2)",
                    "INSERT INTO crm.bag VALUES ('\\x00', 0.1, '2026-02-03'), ('\\x00', 0.1, '2026-02-03'), (NULL, NULL, NULL)",
                    "INSERT INTO crm.team (above) SELECT nullif(n / 2, 0) FROM generate_series(1, 15) n",
                    "INSERT INTO crm.pair VALUES (1, 2), (2, 1), (3, 3), (4, 5), (5, NULL), (6, 1), (7, 7)",
                    "INSERT INTO crm.member (team, name) SELECT n, 'm' || n FROM generate_series(1, 15) n");

    private static final List<String> CHANGES =
            List.of(
                    """
                    UPDATE crm.every SET line = line || '\\', short = 'ann', code = 'b', flag = NOT flag, sum = sum * 2.00, price = '-0.5',
                        share = share + 1, part = -part, raw = raw || '\\x27', born = '2026-03-02', at = at + '1 day', clock = '23:59:59',
                        took = '-1 day', doc = '<?xml version="1.0"?><a/>', json = '{"a": 1}', jsonb = '[]', mood = 'cross',
                        place = ('b', NULL, 0.1)::crm.place, label = '', mail = 'ann@X', path = 'a', kind = 'pg_class', kinds = '{pg_class}',
                        type = 'int4', way = 'pg_catalog.int8in', texts = '{"NULL"}', shorts = '{A}', shares = '{0.1}', spans = 'empty',
                        spot = point(0.1, 0.2), bits = B'1', one = '\\', title = 'Title', words = 'c', big = '[0:1]={1,2}'
                     WHERE id < 4
                    """,
                    "DELETE FROM crm.every WHERE id IN (4, 5, 7, 9, 10)",
                    "UPDATE crm.every SET place = NULL WHERE id = 11",
                    "UPDATE crm.every SET line = '', place = '(,,)', label = '', kind = 0 WHERE id = 8",
                    "INSERT INTO crm.every SELECT (jsonb_populate_record(e, '{\"id\": 21}')).* FROM crm.every e WHERE id = 6",
                    "UPDATE crm.\"Odd \"\"Name'\" SET \"order\" = '\\''' || \"order\"",
                    "DELETE FROM crm.\"Odd \"\"Name'\" WHERE touched = 'A'",
                    "UPDATE crm.by_time SET v = v + 10 WHERE v > 1",
                    "DELETE FROM crm.by_time WHERE v = 1",
                    "UPDATE crm.by_share SET v = v + 10 WHERE v > 1",
                    "DELETE FROM crm.by_share WHERE v = 1",
                    "UPDATE crm.by_bytes SET v = v + 10",
                    "UPDATE crm.by_mood SET v = v + 10",
                    "INSERT INTO crm.by_mood VALUES ('cross', 2)",
                    "UPDATE crm.by_place SET v = v + 10 WHERE v = 1",
                    "DELETE FROM crm.by_place WHERE v = 2",
                    "UPDATE crm.by_span SET v = v + 10",
                    "UPDATE crm.by_path SET v = v + 10 WHERE v = 1",
                    "DELETE FROM crm.by_path WHERE v = 2",
                    "UPDATE crm.by_kind SET v = v + 10",
                    "DELETE FROM crm.bag WHERE ctid = (SELECT min(ctid) FROM crm.bag)",
                    "INSERT INTO crm.bag VALUES ('\\x5c', 1 / 3.0, '2026-03-02')",
                    "DELETE FROM crm.member WHERE team % 3 > 0 OR team = 9",
                    "DELETE FROM crm.team WHERE id IN (4, 5, 8, 9, 10, 11)",
                    "INSERT INTO crm.team (above) VALUES (3), (3)",
                    "DELETE FROM crm.pair WHERE id < 7",
                    "INSERT INTO crm.member (team, name) VALUES (17, 'late')");

    /** What an administrator may have set, or somebody who wants to mislead. */
    private static final Map<String, String> SETTINGS =
            Map.ofEntries(
                    Map.entry("datestyle", "'SQL, DMY'"),
                    Map.entry("intervalstyle", "'sql_standard'"),
                    Map.entry("timezone", "'Asia/Kathmandu'"),
                    Map.entry("extra_float_digits", "-15"),
                    Map.entry("standard_conforming_strings", "off"),
                    Map.entry("backslash_quote", "off"),
                    Map.entry("client_encoding", "'LATIN1'"),
                    Map.entry("bytea_output", "'escape'"),
                    Map.entry("xmloption", "'document'"),
                    Map.entry("array_nulls", "off"),
                    Map.entry("quote_all_identifiers", "on"),
                    Map.entry("transform_null_equals", "on"),
                    Map.entry("search_path", "trap, pg_catalog, crm"));

    /** Whoever finds one of these first finds what is not so. */
    private static final List<String> TRAP =
            List.of(
                    "CREATE SCHEMA trap",
                    "CREATE DOMAIN trap.regclass AS text CHECK (value IS NULL)",
                    "CREATE FUNCTION trap.count() RETURNS bigint IMMUTABLE LANGUAGE sql AS 'SELECT 0::bigint'",
                    "CREATE FUNCTION trap.max(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT 0'",
                    "CREATE TABLE trap.team (id int)");

    private static final List<String> TRAPPED_TYPES =
            List.of("int", "bigint", "text", "varchar", "timestamptz", "tid", "boolean");

    @TempDir private Path directory;

    @Test
    void psqlBringsADatabaseWithHostileSettingsToTheOtherMomentAndBack(RestoreServer server)
            throws Exception {
        Database source = server.newDatabase();
        RestoreServer.run(source, SCHEMA);
        Map<String, List<String>> earlier = PatchedSource.rows(source);
        HandmadeArchive archive = SampleSource.archive(server, source, "patched");
        Database target = PatchedSource.copy(server, source);
        Map<Long, List<List<Value>>> before = SampleSource.baseRows(source);
        RestoreServer.run(source, CHANGES);
        archive.segment(
                PatchedSource.changes(
                        RestoreServer.read(source), before, SampleSource.baseRows(source)));
        Map<String, List<String>> later = PatchedSource.rows(source);
        assertThat(later.keySet())
                .allSatisfy(table -> assertThat(later.get(table)).isNotEqualTo(earlier.get(table)));
        makeHostile(target);

        String forth =
                PatchedSource.patch(archive, directory, PatchedSource.EARLIER, PatchedSource.LATER);
        assertThat(forth.split("AS \\(DELETE FROM", -1)).as("only a ring goes at once").hasSize(2);
        assertThat(forth)
                .contains(
                        """
                        WITH part_0 AS (DELETE FROM ONLY "crm"."pair" AS t WHERE
                            (t."id" = '1' AND t."other" = '2')
                            OR (t."id" = '2' AND t."other" = '1')
                        """);
        Psql.run(target, forth);
        Map<String, List<String>> there = PatchedSource.rows(target);
        Psql.run(
                target,
                PatchedSource.patch(
                        archive, directory, PatchedSource.LATER, PatchedSource.EARLIER));

        assertThat(there).isEqualTo(later);
        assertThat(PatchedSource.rows(target)).isEqualTo(earlier);
    }

    private static void makeHostile(Database target) throws SQLException {
        List<String> statements = new ArrayList<>(TRAP);
        for (String type : TRAPPED_TYPES) {
            statements.add(
                    "CREATE FUNCTION trap.is(%1$s, %1$s) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT false'"
                            .formatted(type));
            statements.add(
                    "CREATE OPERATOR trap.= (FUNCTION = trap.is, LEFTARG = %1$s, RIGHTARG = %1$s)"
                            .formatted(type));
        }
        SETTINGS.forEach(
                (name, value) ->
                        statements.add(
                                "ALTER DATABASE %s SET %s = %s"
                                        .formatted(target.url().database(), name, value)));
        RestoreServer.run(target, statements);
    }
}
