package dev.tidemark.cli.differential;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * What changes other objects than tables and columns. In most of them one query finds all that
 * could be done now, and chance takes one.
 */
final class ObjectActions {
    private static final String USERS =
            "(SELECT oid FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema$|tidemark)')";
    private static final String FREE =
            " AND NOT EXISTS (SELECT FROM pg_locks l WHERE l.relation = c.oid AND l.pid <> pg_backend_pid())";

    static final List<Action> ALL =
            List.of(
                    Action.of(
                            2,
                            "create schema",
                            "object create",
                            s -> Optional.of("CREATE SCHEMA " + s.name("s"))),
                    found(
                            1,
                            "rename schema",
                            "ALTER SCHEMA %I RENAME TO {s}",
                            "SELECT nspname FROM pg_namespace WHERE nspname <> 'public' AND oid IN {users} ORDER BY oid"),
                    found(
                            1,
                            "drop schema",
                            "DROP SCHEMA %I",
                            "SELECT nspname FROM pg_namespace n WHERE nspname <> 'public' AND oid IN {users} AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.refobjid = n.oid) ORDER BY oid"),
                    Action.of(
                            1,
                            "create extension",
                            "object create",
                            s ->
                                    Optional.of(
                                            "CREATE EXTENSION IF NOT EXISTS "
                                                    + s.one(
                                                            "hstore",
                                                            "citext",
                                                            "ltree",
                                                            "pg_trgm",
                                                            "btree_gist")
                                                    + " SCHEMA public")),
                    found(
                            1,
                            "drop extension",
                            "DROP EXTENSION %I",
                            "SELECT extname FROM pg_extension WHERE extname IN ('pg_trgm', 'btree_gist') ORDER BY 1"),
                    Action.of(3, "create index", "object", ObjectActions::createIndex),
                    Action.of(
                            1,
                            "create index concurrently",
                            "object alone",
                            s ->
                                    createIndex(s)
                                            .map(
                                                    sql ->
                                                            sql.replace(
                                                                    "INDEX",
                                                                    "INDEX CONCURRENTLY"))),
                    found(1, "reindex", "REINDEX INDEX %s", indexes()),
                    found(1, "rename index", "ALTER INDEX %s RENAME TO {i}", indexes()),
                    found(
                            1,
                            "drop index",
                            "DROP INDEX %s",
                            indexes()
                                    .replace(
                                            "ORDER",
                                            "AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid) AND NOT c.relispartition ORDER")),
                    found(
                            1,
                            "set statistics of an index",
                            "ALTER INDEX %s SET (fillfactor = 80)",
                            indexes()),
                    found(
                            1,
                            "cluster on",
                            "ALTER TABLE %s CLUSTER ON %s",
                            "SELECT x.indrelid::regclass, i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am m ON m.oid = i.relam AND m.amclusterable JOIN pg_class c ON c.oid = x.indrelid AND c.relkind = 'r' WHERE i.relnamespace IN {users} AND x.indpred IS NULL AND x.indisvalid {free} ORDER BY i.oid"
                                    .replace("i.relname", "quote_ident(i.relname)")),
                    found(
                            2,
                            "add check",
                            "ALTER TABLE %s ADD CONSTRAINT {k} CHECK (%I IS NULL OR length(%2$I::text) < 1000000){valid}",
                            columns("")),
                    found(
                            2,
                            "add unique",
                            "ALTER TABLE %s ADD CONSTRAINT {k} UNIQUE (%I){deferrable}",
                            columns(
                                    "AND c.relkind = 'r' AND a.atttypid IN ('int4'::regtype, 'text'::regtype, 'uuid'::regtype)")),
                    found(
                            1,
                            "add exclusion",
                            "ALTER TABLE %s ADD CONSTRAINT {k} EXCLUDE USING gist (%I WITH &&) WHERE (%2$I <> 'empty')",
                            columns(
                                    "AND c.relkind = 'r' AND a.atttypid IN ('int4range'::regtype)")),
                    found(
                            3,
                            "add foreign key",
                            "ALTER TABLE %s ADD CONSTRAINT {k} FOREIGN KEY (%s) REFERENCES %s{action}{deferrable}{valid}",
                            "SELECT c.oid::regclass, quote_ident(a.attname), x.indrelid::regclass FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND NOT a.attnotnull AND a.attgenerated = ''"
                                    + " JOIN pg_index x ON x.indisprimary AND x.indimmediate AND x.indnkeyatts = 1 JOIN pg_attribute p ON p.attrelid = x.indrelid AND p.attnum = x.indkey[0] AND p.atttypid = a.atttypid"
                                    + " JOIN pg_class t ON t.oid = x.indrelid AND t.relpersistence = c.relpersistence WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace IN {users} {free} ORDER BY c.oid, a.attnum, x.indexrelid"),
                    found(
                            1,
                            "validate constraint",
                            "ALTER TABLE %s VALIDATE CONSTRAINT %I",
                            constraints("NOT k.convalidated")),
                    found(
                            1,
                            "rename constraint",
                            "ALTER TABLE %s RENAME CONSTRAINT %I TO {k}",
                            constraints("k.conislocal AND k.contype <> 't'")),
                    found(
                            1,
                            "drop constraint",
                            "ALTER TABLE %s DROP CONSTRAINT %I",
                            constraints(
                                    "k.contype IN ('c', 'f', 'u', 'x') AND k.conislocal AND k.conparentid = 0")),
                    found(
                            2,
                            "create view",
                            "CREATE VIEW {schema}.{v} AS SELECT * FROM %s{where}",
                            tables()),
                    found(
                            1,
                            "create view of a column",
                            "CREATE VIEW {schema}.{v} WITH (security_barrier) AS SELECT %2$I AS x, count(*) AS n FROM %1$s GROUP BY 1",
                            columns("AND a.atttypid IN ('int4'::regtype, 'text'::regtype)")),
                    found(
                            1,
                            "replace view",
                            "CREATE OR REPLACE VIEW %s AS SELECT q.*, {n} AS more{n} FROM (%s) q",
                            "SELECT c.oid::regclass, rtrim(pg_get_viewdef(c.oid), ';') FROM pg_class c WHERE c.relkind = 'v' AND c.relnamespace IN {users} ORDER BY c.oid"),
                    found(1, "rename view", "ALTER VIEW %s RENAME TO {v}", views("v")),
                    found(1, "drop view", "DROP VIEW %s CASCADE", views("v")),
                    found(
                            1,
                            "create materialised view",
                            "CREATE MATERIALIZED VIEW {schema}.{v} AS SELECT * FROM %s",
                            tables()),
                    found(
                            1,
                            "refresh materialised view",
                            "REFRESH MATERIALIZED VIEW %s",
                            views("m")),
                    found(
                            1,
                            "drop materialised view",
                            "DROP MATERIALIZED VIEW %s CASCADE",
                            views("m")),
                    made(
                            2,
                            "create function",
                            "CREATE FUNCTION {schema}.{f}(a integer, b text DEFAULT 'it''s') RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT a + {n} $$"),
                    made(
                            1,
                            "create function with a body",
                            "CREATE FUNCTION {schema}.{f}(a integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN a * {n}"),
                    made(
                            1,
                            "create procedure",
                            "CREATE PROCEDURE {schema}.{f}(INOUT a integer) LANGUAGE plpgsql AS $$ BEGIN a := {n}; END $$"),
                    made(
                            1,
                            "create aggregate",
                            "CREATE AGGREGATE {schema}.{f}(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '{n}')"),
                    found(
                            1,
                            "replace function",
                            "%s",
                            "SELECT replace(pg_get_functiondef(p.oid), 'a + ', 'a + 1 + ') FROM pg_proc p WHERE p.pronamespace IN {users} AND p.prokind = 'f' AND p.prosrc LIKE '%%a + %%' ORDER BY p.oid"),
                    found(
                            1,
                            "alter function",
                            "ALTER FUNCTION %s{function}",
                            functions("p.prokind = 'f'")),
                    found(
                            1,
                            "rename function",
                            "ALTER ROUTINE %s RENAME TO {f}",
                            functions("true")),
                    found(
                            1,
                            "drop function",
                            "DROP ROUTINE %s",
                            functions(
                                    "NOT EXISTS (SELECT FROM pg_depend d WHERE d.refobjid = p.oid)")),
                    found(
                            1,
                            "default calls a function",
                            "ALTER TABLE %s ALTER %I SET DEFAULT %s({n})",
                            "SELECT q.*, p.oid::regproc FROM ("
                                    + columns(
                                                    "AND a.atttypid = 'int4'::regtype AND a.attidentity = ''")
                                            .replaceAll(" ORDER BY.*", "")
                                    + ") q, pg_proc p WHERE p.pronamespace IN {users} AND p.pronargs = 2 AND p.prokind = 'f' ORDER BY q::text, p.oid"),
                    Action.of(
                            1,
                            "schema changed by a function",
                            "object",
                            ObjectActions::changeByFunction),
                    made(
                            1,
                            "create trigger function",
                            "CREATE FUNCTION {schema}.{f}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN coalesce(NEW, OLD); END $$"),
                    found(
                            2,
                            "create trigger",
                            "CREATE TRIGGER {g} {when} ON %s FOR EACH ROW EXECUTE FUNCTION %s('{n}')",
                            "SELECT c.oid::regclass, p.oid::regproc FROM pg_class c, pg_proc p WHERE p.prorettype = 'trigger'::regtype AND p.pronamespace IN {users} AND c.relkind IN ('r', 'p') AND c.relnamespace IN {users} {free} ORDER BY c.oid, p.oid"),
                    found(
                            1,
                            "create constraint trigger",
                            "CREATE CONSTRAINT TRIGGER {g} AFTER INSERT ON %s DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION %s()",
                            "SELECT c.oid::regclass, p.oid::regproc FROM pg_class c, pg_proc p WHERE p.prorettype = 'trigger'::regtype AND p.pronamespace IN {users} AND c.relkind = 'r' AND c.relnamespace IN {users} {free} ORDER BY c.oid, p.oid"),
                    found(1, "enable trigger", "ALTER TABLE %s {enable} TRIGGER %I", triggers()),
                    found(
                            1,
                            "rename trigger",
                            "ALTER TRIGGER %2$I ON %1$s RENAME TO {g}",
                            triggers()),
                    found(1, "drop trigger", "DROP TRIGGER %2$I ON %1$s", triggers()),
                    found(
                            1,
                            "create rule",
                            "CREATE RULE {u} AS ON UPDATE TO %s WHERE false DO ALSO NOTHING",
                            tables()),
                    found(
                            1,
                            "drop rule",
                            "DROP RULE %s ON %s",
                            "SELECT quote_ident(r.rulename), c.oid::regclass FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE c.relkind IN ('r', 'p') AND c.relnamespace IN {users} {free} ORDER BY r.oid"),
                    made(
                            1,
                            "create composite type",
                            "CREATE TYPE {schema}.{y} AS (a integer, b text)"),
                    made(
                            2,
                            "create enum",
                            "CREATE TYPE {schema}.{y} AS ENUM ('low', 'it''s \"mid\"', 'HIGH, {n}')"),
                    made(
                            2,
                            "create domain",
                            "CREATE DOMAIN {schema}.{y} AS {base} CHECK (VALUE IS NOT NULL OR true)"),
                    made(
                            1,
                            "create range type",
                            "CREATE TYPE {schema}.{y} AS RANGE (subtype = numeric)"),
                    found(
                            2,
                            "add enum value",
                            "ALTER TYPE %s ADD VALUE 'new {n}'{where_in_enum}",
                            types("e")),
                    found(
                            1,
                            "rename enum value",
                            "ALTER TYPE %s RENAME VALUE %L TO 'renamed {n}'",
                            "SELECT e.enumtypid::regtype, e.enumlabel FROM pg_enum e ORDER BY e.oid"),
                    found(1, "add attribute", "ALTER TYPE %s ADD ATTRIBUTE {c} text", types("c")),
                    found(1, "rename type", "ALTER TYPE %s RENAME TO {y}", types("[ce]")),
                    found(1, "domain default", "ALTER DOMAIN %s SET DEFAULT '{n}'", types("d")),
                    found(
                            1,
                            "domain check",
                            "ALTER DOMAIN %s ADD CONSTRAINT {k} CHECK (VALUE::text <> 'never {n}'){valid}",
                            types("d")),
                    found(1, "drop type", "DROP TYPE %s", types("[cedr]")),
                    made(
                            1,
                            "create sequence",
                            "CREATE SEQUENCE {schema}.{q} INCREMENT BY {n} START 1000 CACHE 3"),
                    found(
                            1,
                            "alter sequence",
                            "ALTER SEQUENCE %s MAXVALUE 999999{n} CYCLE",
                            sequences()),
                    found(1, "restart sequence", "ALTER SEQUENCE %s RESTART", sequences()),
                    found(1, "rename sequence", "ALTER SEQUENCE %s RENAME TO {q}", sequences()),
                    found(
                            1,
                            "drop sequence",
                            "DROP SEQUENCE %s",
                            sequences()
                                    .replace(
                                            "ORDER",
                                            "AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.refobjid = c.oid OR d.objid = c.oid AND d.deptype IN ('a', 'i')) ORDER")),
                    found(
                            1,
                            "default from a sequence",
                            "ALTER TABLE %s ALTER %I SET DEFAULT nextval(%L)",
                            "SELECT q.*, c.oid::regclass FROM ("
                                    + columns(
                                                    "AND a.atttypid = 'int4'::regtype AND a.attidentity = ''")
                                            .replaceAll(" ORDER BY.*", "")
                                    + ") q, pg_class c WHERE c.relkind = 'S' AND c.relnamespace IN {users} ORDER BY q::text, c.oid"),
                    found(
                            1,
                            "enable row security",
                            "ALTER TABLE %s {rls} ROW LEVEL SECURITY",
                            tables()),
                    found(
                            1,
                            "create policy",
                            "CREATE POLICY {p} ON %s AS {permissive} FOR ALL TO {role} USING (true) WITH CHECK (%I IS NULL OR true)",
                            columns("")),
                    found(
                            1,
                            "alter policy",
                            "ALTER POLICY %I ON %s TO PUBLIC USING ({n} > 0)",
                            policies()),
                    found(1, "rename policy", "ALTER POLICY %I ON %s RENAME TO {p}", policies()),
                    found(1, "drop policy", "DROP POLICY %I ON %s", policies()),
                    found(2, "comment on a table", "COMMENT ON TABLE %s IS {text}", tables()),
                    found(
                            2,
                            "comment on a column",
                            "COMMENT ON COLUMN %s.%I IS {text}",
                            columns("")),
                    found(1, "comment on an index", "COMMENT ON INDEX %s IS {text}", indexes()),
                    found(1, "comment on a view", "COMMENT ON VIEW %s IS {text}", views("v")),
                    found(
                            1,
                            "comment on a function",
                            "COMMENT ON ROUTINE %s IS {text}",
                            functions("true")),
                    found(1, "comment on a type", "COMMENT ON TYPE %s IS {text}", types("[cer]")),
                    found(
                            1,
                            "comment on a constraint",
                            "COMMENT ON CONSTRAINT %2$I ON %1$s IS {text}",
                            constraints("true")),
                    found(1, "comment on a schema", "COMMENT ON SCHEMA %I IS {text}", schemas()),
                    found(
                            1,
                            "comment on a trigger",
                            "COMMENT ON TRIGGER %2$I ON %1$s IS {text}",
                            triggers()),
                    found(
                            2,
                            "grant on a table",
                            "GRANT {privilege} ON %s TO {role}{option}",
                            tables()),
                    found(
                            1,
                            "grant on a column",
                            "GRANT SELECT (%2$I) ON %1$s TO {role}",
                            columns("")),
                    found(
                            1,
                            "revoke on a table",
                            "REVOKE {privilege} ON %s FROM {role} CASCADE",
                            tables()),
                    found(1, "grant on a schema", "GRANT USAGE ON SCHEMA %I TO {role}", schemas()),
                    found(
                            1,
                            "grant on a function",
                            "REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC",
                            functions("true")),
                    found(
                            1,
                            "grant on a sequence",
                            "GRANT USAGE ON SEQUENCE %s TO {role}",
                            sequences()),
                    found(
                            1,
                            "grant on a type",
                            "GRANT USAGE ON TYPE %s TO {role}",
                            types("[cedr]")),
                    made(
                            1,
                            "default privileges",
                            "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES TO {role}"),
                    found(2, "owner of a table", "ALTER TABLE %s OWNER TO {role}", tables()),
                    found(1, "owner of a view", "ALTER VIEW %s OWNER TO {role}", views("v")),
                    found(
                            1,
                            "owner of a function",
                            "ALTER ROUTINE %s OWNER TO {role}",
                            functions("true")),
                    found(1, "owner of a type", "ALTER TYPE %s OWNER TO {role}", types("[ced]")),
                    found(1, "owner of a schema", "ALTER SCHEMA %I OWNER TO {role}", schemas()),
                    found(
                            1,
                            "create statistics",
                            "CREATE STATISTICS {schema}.{x} (ndistinct, dependencies) ON %2$I, (%2$I::text) FROM %1$s",
                            columns("AND c.relkind = 'r' AND a.atttypid = 'int4'::regtype")),
                    found(
                            1,
                            "alter statistics",
                            "ALTER STATISTICS %s.%s SET STATISTICS {n}",
                            statistics()),
                    found(1, "drop statistics", "DROP STATISTICS %s.%s", statistics()));

    private ObjectActions() {}

    private static String indexes() {
        return "SELECT c.oid::regclass FROM pg_class c JOIN pg_index x ON x.indexrelid = c.oid WHERE c.relkind = 'i' AND c.relnamespace IN {users} {free}"
                + " AND NOT EXISTS (SELECT FROM pg_locks l WHERE l.relation = x.indrelid AND l.pid <> pg_backend_pid()) ORDER BY c.oid";
    }

    private static String tables() {
        return "SELECT c.oid::regclass FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace IN {users} {free} ORDER BY c.oid";
    }

    private static String columns(String condition) {
        return "SELECT c.oid::regclass AS t, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
                + " WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attgenerated = '' AND c.relnamespace IN {users} {free} "
                + condition
                + " ORDER BY c.oid, a.attnum";
    }

    private static String views(String kind) {
        return "SELECT c.oid::regclass FROM pg_class c WHERE c.relkind = '"
                + kind
                + "' AND c.relnamespace IN {users} {free} ORDER BY c.oid";
    }

    private static String constraints(String condition) {
        return "SELECT c.oid::regclass, k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE c.relkind IN ('r', 'p') AND k.contype <> 't' AND c.relnamespace IN {users} {free} AND "
                + condition
                + " ORDER BY k.oid";
    }

    private static String functions(String condition) {
        return "SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace IN {users} AND p.oid NOT IN (SELECT objid FROM pg_depend WHERE deptype = 'e') AND "
                + condition
                + " ORDER BY p.oid";
    }

    private static String triggers() {
        return "SELECT c.oid::regclass, g.tgname FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid WHERE NOT g.tgisinternal AND g.tgparentid = 0 AND c.relnamespace IN {users} {free} ORDER BY g.oid";
    }

    private static String types(String kinds) {
        return "SELECT t.oid::regtype FROM pg_type t WHERE t.typtype ~ '"
                + kinds
                + "' AND t.typnamespace IN {users} AND t.oid NOT IN (SELECT objid FROM pg_depend WHERE deptype = 'e')"
                + " AND (t.typrelid = 0 OR EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c')) ORDER BY t.oid";
    }

    private static String sequences() {
        return "SELECT c.oid::regclass FROM pg_class c WHERE c.relkind = 'S' AND c.relnamespace IN {users} {free} ORDER BY c.oid";
    }

    private static String policies() {
        return "SELECT p.polname, c.oid::regclass FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace IN {users} {free} ORDER BY p.oid";
    }

    private static String schemas() {
        return "SELECT nspname FROM pg_namespace WHERE oid IN {users} ORDER BY oid";
    }

    private static String statistics() {
        return "SELECT x.stxnamespace::regnamespace, quote_ident(x.stxname) FROM pg_statistic_ext x WHERE x.stxnamespace IN {users} ORDER BY x.oid";
    }

    /** A statement, whose format takes the columns of one of the rows that a query finds. */
    private static Action found(int weight, String name, String format, String query) {
        return Action.of(
                weight,
                name,
                "object",
                scene -> {
                    String sql = query.replace("{users}", USERS).replace("{free}", FREE);
                    Optional<String> formatted =
                            scene.object(
                                    "SELECT format($f$"
                                            + format
                                            + "$f$, VARIADIC ARRAY(SELECT value FROM json_each_text(row_to_json(q)))) FROM ("
                                            + sql
                                            + ") q");
                    return formatted.isEmpty()
                            ? formatted
                            : Optional.of(filled(scene, formatted.get()));
                });
    }

    /** A statement that needs nothing. */
    private static Action made(int weight, String name, String format) {
        return Action.of(
                weight, name, "object create", scene -> Optional.of(filled(scene, format)));
    }

    /** New names and choices for what stands in braces. */
    private static String filled(Scene scene, String format) throws SQLException {
        String sql = format;
        for (String kind : List.of("s", "i", "k", "v", "f", "g", "u", "y", "c", "q", "p", "x")) {
            if (sql.contains("{" + kind + "}")) {
                sql = sql.replace("{" + kind + "}", scene.name(kind));
            }
        }
        if (sql.contains("{schema}")) {
            sql = sql.replace("{schema}", scene.schema());
        }
        return sql.replace("{n}", String.valueOf(2 + scene.below(90)))
                .replace("{valid}", scene.one("", " NOT VALID"))
                .replace(
                        "{deferrable}",
                        scene.one("", " DEFERRABLE", " DEFERRABLE INITIALLY DEFERRED"))
                .replace(
                        "{action}",
                        scene.one(
                                "",
                                " ON DELETE CASCADE",
                                " ON DELETE SET NULL",
                                " ON UPDATE CASCADE"))
                .replace("{where}", scene.one("", " WHERE true", " LIMIT 5"))
                .replace(
                        "{function}",
                        scene.one(
                                " COST 7", " SET work_mem = '1MB'", " STABLE", " SECURITY DEFINER"))
                .replace(
                        "{when}",
                        scene.one("BEFORE INSERT", "AFTER UPDATE OR DELETE", "AFTER INSERT"))
                .replace(
                        "{enable}",
                        scene.one("ENABLE", "DISABLE", "ENABLE ALWAYS", "ENABLE REPLICA"))
                .replace(
                        "{base}",
                        scene.one("integer", "text", "varchar(30)", "numeric(9,2)", "text[]"))
                .replace("{where_in_enum}", scene.one("", " BEFORE 'low'", " AFTER 'low'"))
                .replace("{rls}", scene.one("ENABLE", "DISABLE", "FORCE", "NO FORCE"))
                .replace("{permissive}", scene.one("PERMISSIVE", "RESTRICTIVE"))
                .replace("{role}", scene.one("alice", "\"Bob's\""))
                .replace("{privilege}", scene.one("SELECT", "ALL", "INSERT, UPDATE", "TRUNCATE"))
                .replace("{option}", scene.one("", " WITH GRANT OPTION"))
                .replace(
                        "{text}",
                        scene.one(
                                "'it''s\n\"said\" \\ 名前'",
                                "NULL",
                                "''",
                                "'c" + scene.below(99) + "'"));
    }

    private static Optional<String> createIndex(Scene scene) throws SQLException {
        Optional<String> table = scene.alterable("c.relkind IN ('r', 'p')");
        if (table.isEmpty()) {
            return table;
        }
        Optional<Column> column =
                scene.one(
                        scene.columns(table.get()).stream()
                                .filter(
                                        c ->
                                                List.of("int4", "int8", "varchar", "uuid", "date")
                                                        .contains(c.basic()))
                                .toList());
        return column.map(
                c ->
                        ("CREATE INDEX "
                                        + scene.name("i")
                                        + " ON "
                                        + table.get()
                                        + scene.one(
                                                " ({c})",
                                                " USING hash ({c})",
                                                " ({c} DESC NULLS LAST) INCLUDE ({c})",
                                                " ({c}) WHERE {c} IS NOT NULL",
                                                " ((({c})::text) COLLATE \"C\")"))
                                .replace(
                                        "((({c})::text)",
                                        c.basic().equals("date")
                                                ? "((({c}) IS NULL)"
                                                : "((({c})::text)")
                                .replace(
                                        " COLLATE \"C\"",
                                        c.basic().equals("date") ? "" : " COLLATE \"C\"")
                                .replace("{c}", c.name()));
    }

    private static Optional<String> changeByFunction(Scene scene) throws SQLException {
        String function = scene.schema() + ".ddl" + scene.unique();
        Optional<String> table =
                scene.alterable("c.relkind = 'r' AND NOT c.relispartition AND c.reloftype = 0");
        String column = scene.name("c");
        return table.map(
                t ->
                        "CREATE FUNCTION %1$s() RETURNS void LANGUAGE plpgsql AS $f$ BEGIN ALTER TABLE %2$s ADD COLUMN %3$s integer; CREATE INDEX ON %2$s (%3$s); END $f$; SELECT %1$s()"
                                .formatted(function, t, column));
    }
}
