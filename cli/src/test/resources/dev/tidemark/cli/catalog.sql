-- One of each kind of object that PostgreSQL 14 can hold, as users write them, with their traps.
CREATE SCHEMA app;
CREATE SCHEMA "Odd ""Schema"" 'x'";
COMMENT ON SCHEMA app IS 'with ''quotes'', \ and ünïcode';
CREATE EXTENSION btree_gist SCHEMA app;
CREATE EXTENSION hstore SCHEMA public;
CREATE EXTENSION file_fdw;

CREATE COLLATION app.german (provider = icu, locale = 'de-u-kn-true', deterministic = false);
CREATE COLLATION app."C copy" FROM "C";
CREATE TYPE app."Stage" AS ENUM ('new', 'it''s', 'Ünder "way"', '', 'back\slash');
ALTER TYPE app."Stage" ADD VALUE 'between' BEFORE 'it''s';
COMMENT ON TYPE app."Stage" IS 'odd labels';

CREATE FUNCTION app.is_short(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT length($1) < 50';
CREATE DOMAIN app.short AS text COLLATE "C" DEFAULT 'none' CHECK (app.is_short(VALUE));
CREATE DOMAIN app."Shorter" AS app.short CONSTRAINT "really short" CHECK (length(VALUE) < 20) NOT NULL;
COMMENT ON CONSTRAINT "really short" ON DOMAIN app."Shorter" IS 'of a domain';
ALTER DOMAIN app.short ADD CONSTRAINT unchecked CHECK (VALUE <> 'grandfathered') NOT VALID;
CREATE TYPE app.address AS (street text COLLATE "de-x-icu", zip app.short, "stage of" app."Stage"[]);
COMMENT ON COLUMN app.address.zip IS 'postal code';
CREATE FUNCTION app.float8_gap(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2';
CREATE TYPE app."Float Range" AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = app.float8_gap,
                                        MULTIRANGE_TYPE_NAME = app."Float Ranges");

CREATE FUNCTION app.first(n integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT $1';
CREATE FUNCTION app.aaa_uses_first(n integer DEFAULT app.first(7), VARIADIC rest text[] DEFAULT '{a,b}')
    RETURNS integer LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path TO app, pg_temp
    AS $$ BEGIN RETURN app.first(n) + cardinality(rest); END $$;
COMMENT ON FUNCTION app.aaa_uses_first(integer, text[]) IS 'uses $1 and ''first''';
CREATE FUNCTION app.zzz_later() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 42';
CREATE FUNCTION app.aab_atomic() RETURNS integer BEGIN ATOMIC SELECT app.zzz_later(); END;
CREATE PROCEDURE app.nothing(INOUT a integer, b text DEFAULT 'x') LANGUAGE plpgsql AS $$ BEGIN a := 1; END $$;
CREATE AGGREGATE app.total(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0', COMBINEFUNC = int4pl,
    MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = integer, MINITCOND = '0', PARALLEL = SAFE);
CREATE AGGREGATE app.nth(double precision ORDER BY anyelement) (SFUNC = ordered_set_transition,
    STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
COMMENT ON AGGREGATE app.total(integer) IS 'a sum';
CREATE FUNCTION app.same(app."Stage", text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1::text = $2';
CREATE FUNCTION app.same(text, app."Stage") RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $2::text = $1';
CREATE OPERATOR app.=== (FUNCTION = app.same, LEFTARG = app."Stage", RIGHTARG = text,
    COMMUTATOR = OPERATOR(app.===));
CREATE OPERATOR app.=== (FUNCTION = app.same, LEFTARG = text, RIGHTARG = app."Stage",
    COMMUTATOR = OPERATOR(app.===));
CREATE FUNCTION app.by_length(text, text) RETURNS integer LANGUAGE sql IMMUTABLE
    AS 'SELECT length($1) - length($2)';
CREATE FUNCTION app.shorter(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE
    AS 'SELECT length($1) < length($2)';
CREATE FUNCTION app.shorter_equal(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE
    AS 'SELECT length($1) <= length($2)';
CREATE FUNCTION app.as_long(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE
    AS 'SELECT length($1) = length($2)';
CREATE FUNCTION app.longer_equal(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE
    AS 'SELECT length($1) >= length($2)';
CREATE FUNCTION app.longer(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE
    AS 'SELECT length($1) > length($2)';
CREATE OPERATOR app.<# (FUNCTION = app.shorter, LEFTARG = text, RIGHTARG = text, NEGATOR = OPERATOR(app.>=#));
CREATE OPERATOR app.<=# (FUNCTION = app.shorter_equal, LEFTARG = text, RIGHTARG = text, NEGATOR = OPERATOR(app.>#));
CREATE OPERATOR app.=# (FUNCTION = app.as_long, LEFTARG = text, RIGHTARG = text, COMMUTATOR = OPERATOR(app.=#), MERGES);
CREATE OPERATOR app.>=# (FUNCTION = app.longer_equal, LEFTARG = text, RIGHTARG = text, NEGATOR = OPERATOR(app.<#));
CREATE OPERATOR app.># (FUNCTION = app.longer, LEFTARG = text, RIGHTARG = text, NEGATOR = OPERATOR(app.<=#));
CREATE OPERATOR FAMILY app.lengths USING btree;
CREATE OPERATOR CLASS app.length_ops FOR TYPE text USING btree FAMILY app.lengths AS
    OPERATOR 1 app.<# (text, text), OPERATOR 2 app.<=# (text, text), OPERATOR 3 app.=# (text, text),
    OPERATOR 4 app.>=# (text, text), OPERATOR 5 app.># (text, text),
    FUNCTION 1 app.by_length(text, text);
CREATE OPERATOR FAMILY app.mixed USING btree;
ALTER OPERATOR FAMILY app.mixed USING btree ADD OPERATOR 1 < (int4, int8), OPERATOR 3 app.=# (text, text),
    FUNCTION 1 (int4, int8) btint48cmp(int4, int8);
-- Members of PostgreSQL's own families, and of an extension's.
CREATE FUNCTION app.money_with(money, integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 0';
CREATE FUNCTION app.less(money, integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
CREATE OPERATOR app.<< (FUNCTION = app.less, LEFTARG = money, RIGHTARG = integer);
ALTER OPERATOR FAMILY pg_catalog.money_ops USING btree ADD OPERATOR 1 app.<< (money, integer),
    FUNCTION 1 (money, integer) app.money_with(money, integer), OPERATOR 2 <= (int4, int8);
ALTER OPERATOR FAMILY app.gist_int4_ops USING gist ADD OPERATOR 1 app.<< (money, integer);
CREATE FUNCTION app.hash_stage(app."Stage", bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $2';
CREATE FUNCTION app.hash_stage(app."Stage") RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE FUNCTION app.same(app."Stage", app."Stage") RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1::text = $2::text';
CREATE OPERATOR app.== (FUNCTION = app.same, LEFTARG = app."Stage", RIGHTARG = app."Stage", COMMUTATOR = OPERATOR(app.==));
CREATE OPERATOR CLASS app.stage_hash FOR TYPE app."Stage" USING hash FAMILY pg_catalog.enum_ops AS
    OPERATOR 1 app.== (app."Stage", app."Stage"), FUNCTION 1 app.hash_stage(app."Stage"), FUNCTION 2 app.hash_stage(app."Stage", bigint);
COMMENT ON OPERATOR FAMILY app.mixed USING btree IS 'without classes';
CREATE FUNCTION app.to_address(integer) RETURNS app.address LANGUAGE sql IMMUTABLE
    AS 'SELECT ROW($1::text, ''1'', NULL)::app.address';
CREATE CAST (integer AS app.address) WITH FUNCTION app.to_address(integer) AS ASSIGNMENT;
CREATE CAST (app.address AS text) WITH INOUT;
COMMENT ON CAST (integer AS app.address) IS 'a cast';
CREATE TEXT SEARCH DICTIONARY app.plain (TEMPLATE = simple, STOPWORDS = english);
CREATE TEXT SEARCH CONFIGURATION app.words (COPY = german);
ALTER TEXT SEARCH CONFIGURATION app.words ALTER MAPPING FOR asciiword WITH app.plain, german_stem;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE app.logins (login text NOT NULL, uid integer DEFAULT 3) SERVER files
    OPTIONS (filename '/etc/passwd', delimiter ':');
COMMENT ON FOREIGN TABLE app.logins IS 'a file';
ALTER FOREIGN TABLE app.logins ALTER uid SET STATISTICS 33, ALTER uid SET (n_distinct = 3), ALTER login SET STORAGE EXTERNAL;

CREATE SEQUENCE app.free AS smallint START 5 INCREMENT -3 MINVALUE -100 MAXVALUE 100 CACHE 4 CYCLE;
CREATE SEQUENCE app."Set, not called" START 100;
SELECT setval('app."Set, not called"', 777, false);
SELECT nextval('app.free');
CREATE SEQUENCE app.owned;
COMMENT ON SEQUENCE app.free IS 'free';

CREATE TABLE app."Konto ""x""" (
    "ID" bigint GENERATED ALWAYS AS IDENTITY (START 1000 INCREMENT 10) PRIMARY KEY,
    "group" integer GENERATED BY DEFAULT AS IDENTITY,
    gone text,
    name app."Shorter" DEFAULT 'x',
    german text COLLATE app.german,
    stage app."Stage" NOT NULL DEFAULT 'it''s',
    stages app."Stage"[] DEFAULT '{new,between}',
    home app.address,
    range app."Float Range",
    ranges app."Float Ranges",
    extra public.hstore,
    "weird ''col""umn" numeric(12, 3) DEFAULT app.aaa_uses_first(),
    number integer DEFAULT nextval('app.owned'),
    doubled integer GENERATED ALWAYS AS (app.first(number) * 2) STORED,
    at timestamptz DEFAULT '2020-02-29 12:00+02',
    span interval DEFAULT '1 mon 2 days',
    big text,
    CONSTRAINT "name's length" CHECK (app.is_short(name)) NO INHERIT,
    CONSTRAINT excluded EXCLUDE USING gist (number WITH =, range WITH &&) WHERE (number > 0) DEFERRABLE,
    CONSTRAINT "uni que" UNIQUE (number) INCLUDE (at) DEFERRABLE INITIALLY DEFERRED
);
ALTER TABLE app."Konto ""x""" DROP COLUMN gone;
ALTER SEQUENCE app.owned OWNED BY app."Konto ""x""".number;
ALTER TABLE app."Konto ""x""" ALTER big SET STORAGE EXTERNAL, ALTER big SET COMPRESSION pglz,
    ALTER number SET STATISTICS 77, SET (fillfactor = 70, toast.autovacuum_enabled = false);
ALTER TABLE app."Konto ""x""" ADD COLUMN later text DEFAULT 'it''s missing';
COMMENT ON TABLE app."Konto ""x""" IS E'two\nlines \\ one backslash';
COMMENT ON COLUMN app."Konto ""x"""."weird ''col""umn" IS 'odd';
COMMENT ON CONSTRAINT "name's length" ON app."Konto ""x""" IS 'a check';
INSERT INTO app."Konto ""x""" (name, german, number, range) VALUES ('a', 'Ä', 1, '[1,2)'), ('b', 'b', 2, '[1,5)');
ALTER TABLE app."Konto ""x""" ADD COLUMN even_later date DEFAULT '2024-01-02',
    ADD COLUMN boxes box DEFAULT '(1,1),(0,0)', ADD COLUMN lists text[] DEFAULT '{a,"b c"}';
CREATE INDEX "Ein Index" ON app."Konto ""x""" (app.first(number), lower(german) COLLATE "C" DESC NULLS LAST)
    INCLUDE (at) WITH (fillfactor = 60) WHERE number IS NOT NULL;
ALTER INDEX app."Ein Index" ALTER COLUMN 1 SET STATISTICS 55;
COMMENT ON INDEX app."Ein Index" IS 'an index';
CREATE INDEX ON app."Konto ""x""" ((name::text) app.length_ops);
CREATE INDEX ON app."Konto ""x""" USING gin (to_tsvector('app.words', big));
ALTER TABLE app."Konto ""x""" CLUSTER ON "Konto ""x""_pkey";
CREATE STATISTICS app.stats (ndistinct, dependencies) ON number, at FROM app."Konto ""x""";
ALTER STATISTICS app.stats SET STATISTICS 44;
COMMENT ON STATISTICS app.stats IS 'of two columns';

-- The circle: two tables that refer to each other.
CREATE TABLE app.hen (id integer PRIMARY KEY, egg integer);
CREATE TABLE app.egg (id integer PRIMARY KEY, hen integer REFERENCES app.hen ON DELETE CASCADE
    DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE app.hen ADD CONSTRAINT "hen's egg" FOREIGN KEY (egg) REFERENCES app.egg MATCH FULL
    ON UPDATE SET NULL DEFERRABLE;
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
INSERT INTO app.hen VALUES (1, 1);
INSERT INTO app.egg VALUES (1, 1);
COMMIT;
INSERT INTO app.hen VALUES (2, NULL);

-- Rows that break what is not validated.
CREATE TABLE app.legacy (id serial, hen integer, amount integer, code text UNIQUE, tag text NOT NULL);
INSERT INTO app.legacy (hen, amount, code, tag) VALUES (99, -1, 'a', 't');
ALTER TABLE app.legacy ADD CONSTRAINT legacy_hen FOREIGN KEY (hen) REFERENCES app.hen NOT VALID,
    ADD CONSTRAINT positive CHECK (amount > 0) NOT VALID;
-- Its sequences are of type bigint, whatever the columns are.
CREATE TABLE app.like_identity (LIKE app."Konto ""x""" INCLUDING IDENTITY);
CREATE UNIQUE INDEX legacy_identity ON app.legacy (tag);
ALTER TABLE app.legacy REPLICA IDENTITY USING INDEX legacy_identity;
CREATE TABLE app.bag (a integer, b text);
ALTER TABLE app.bag REPLICA IDENTITY FULL;
INSERT INTO app.bag VALUES (1, NULL), (1, NULL), (2, E'tab\there');
CREATE UNLOGGED TABLE app.scratch (id integer PRIMARY KEY);
ALTER TABLE app.scratch REPLICA IDENTITY NOTHING;
CREATE TABLE app.lost_identity (a text, id integer NOT NULL UNIQUE);
ALTER TABLE app.lost_identity REPLICA IDENTITY USING INDEX lost_identity_id_key;
ALTER TABLE app.lost_identity DROP CONSTRAINT lost_identity_id_key;
INSERT INTO app.lost_identity VALUES ('a', 1), ('b', 1);
CREATE UNLOGGED TABLE app.lost_scratch (LIKE app.lost_identity);
CREATE UNIQUE INDEX lost_scratch_id ON app.lost_scratch (id);
ALTER TABLE app.lost_scratch REPLICA IDENTITY USING INDEX lost_scratch_id;
DROP INDEX app.lost_scratch_id;
CREATE TABLE app.lost_tree (v text NOT NULL, part integer NOT NULL, UNIQUE (part)) PARTITION BY LIST (part);
CREATE TABLE app.lost_tree_1 PARTITION OF app.lost_tree FOR VALUES IN (1);
ALTER TABLE ONLY app.lost_tree REPLICA IDENTITY USING INDEX lost_tree_part_key;
ALTER TABLE app.lost_tree DROP CONSTRAINT lost_tree_part_key;
CREATE TABLE app.no_columns ();
CREATE TABLE app.late_key (id integer PRIMARY KEY DEFERRABLE);
CREATE TABLE app.generated_key (a integer, b integer GENERATED ALWAYS AS (a + 1) STORED PRIMARY KEY);
CREATE TYPE app.shape AS (x integer, y text);
CREATE TABLE app.typed OF app.shape (PRIMARY KEY (x));

-- Partitions of two levels, one attached with its columns in another order, and inheritance.
CREATE TABLE app.orders (id bigint NOT NULL, day date NOT NULL, region text DEFAULT 'north', amount numeric,
    double_amount numeric GENERATED ALWAYS AS (amount * 2) STORED,
    CONSTRAINT amount_set CHECK (amount IS NOT NULL), PRIMARY KEY (id, day, region)) PARTITION BY RANGE (day);
CREATE TABLE app.orders_2024 PARTITION OF app.orders FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')
    PARTITION BY LIST (region);
CREATE TABLE app.orders_2024_north PARTITION OF app.orders_2024 FOR VALUES IN ('north', 'far north');
CREATE TABLE app.orders_2024_rest PARTITION OF app.orders_2024 DEFAULT;
CREATE TABLE app.orders_2025 (region text DEFAULT 'south' NOT NULL, unwanted integer, amount numeric,
    double_amount numeric GENERATED ALWAYS AS (amount * 2) STORED, day date NOT NULL, id bigint NOT NULL,
    CONSTRAINT amount_set CHECK (amount IS NOT NULL), CONSTRAINT "own key" PRIMARY KEY (id, day, region),
    CONSTRAINT of_2025 CHECK (id > 0));
ALTER TABLE app.orders_2025 DROP COLUMN unwanted;
ALTER TABLE app.orders ATTACH PARTITION app.orders_2025 FOR VALUES FROM ('2025-01-01') TO (MAXVALUE);
CREATE INDEX orders_amount ON app.orders (amount, app.first(id::integer));
CREATE INDEX only_north ON app.orders_2024_north (day);
CREATE UNIQUE INDEX orders_unique ON app.orders (region, day, id);
INSERT INTO app.orders VALUES (1, '2024-05-05', 'north', 1), (2, '2024-05-05', 'west', 2), (3, '2025-05-05', 'x', 3);
CREATE TABLE app.line (order_id bigint, day date, region text,
    FOREIGN KEY (order_id, day, region) REFERENCES app.orders) PARTITION BY HASH (order_id);
CREATE TABLE app.line_0 PARTITION OF app.line FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE app.line_1 PARTITION OF app.line FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO app.line VALUES (1, '2024-05-05', 'north'), (3, '2025-05-05', 'x');
CREATE TABLE app.empty_tree (id integer) PARTITION BY LIST (abs(id));
-- A partition that stores its columns in other ways than its parent.
CREATE TABLE app.stored (id integer, plain text, sum numeric) PARTITION BY LIST (id);
CREATE TABLE app.stored_1 PARTITION OF app.stored FOR VALUES IN (1);
ALTER TABLE ONLY app.stored ALTER plain SET STORAGE EXTERNAL, ALTER sum SET STORAGE EXTENDED;
CREATE INDEX ON app.empty_tree (id);
CREATE TABLE app.parent (id integer PRIMARY KEY, note text DEFAULT 'parent''s',
    CONSTRAINT id_positive CHECK (id > 0));
CREATE TABLE app.other_parent (other integer NOT NULL);
ALTER TABLE app.other_parent ADD CONSTRAINT id_other CHECK (other <> 3) NOT VALID;
CREATE TABLE app.child (own text, CONSTRAINT id_small CHECK (id < 100)) INHERITS (app.parent, app.other_parent);
ALTER TABLE app.child ALTER note SET DEFAULT 'child''s', ALTER note SET NOT NULL;
CREATE TABLE app.grandchild () INHERITS (app.child);
ALTER TABLE app.grandchild ALTER note DROP DEFAULT;
ALTER TABLE app.parent ADD COLUMN added integer NOT NULL DEFAULT 9;
INSERT INTO app.child VALUES (5, 'n', 4, 'o', 1);
CREATE TABLE app.one_default (a integer DEFAULT 1, b integer, g integer GENERATED ALWAYS AS (1) STORED);
CREATE TABLE app.other_default (a integer DEFAULT 2);
CREATE TABLE app.both_local (b integer NOT NULL, a integer DEFAULT NULL, z integer, g integer)
    INHERITS (app.one_default, app.other_default);
CREATE TABLE app.top (a integer) WITH (fillfactor = 50);
CREATE TABLE app.left_one (l integer) INHERITS (app.top);
CREATE TABLE app.right_one (r integer, c text COLLATE "C" DEFAULT 'c') INHERITS (app.top);
CREATE TABLE app.diamond (d integer, b integer) INHERITS (app.left_one, app.right_one);
ALTER TABLE app.right_one SET (toast.autovacuum_vacuum_threshold = 99, fillfactor = 40);
ALTER TABLE app.top ADD COLUMN b integer;
ALTER TABLE app.top ALTER b SET DEFAULT 3;
ALTER TABLE app.left_one ADD COLUMN c text COLLATE "C";
ALTER TABLE app.diamond ADD COLUMN e integer;
ALTER TABLE app.top ADD COLUMN f integer NOT NULL;
ALTER TABLE app.top ALTER f SET (n_distinct = -0.5, n_distinct_inherited = 7);
INSERT INTO app.diamond (a, l, r, c, d, b, e, f) VALUES (1, 2, 3, '4', 5, 6, 7, 8);

-- Views on views, one that a column's type needs, one that needs a primary key, functions between.
CREATE VIEW app.hens WITH (security_barrier, check_option = local) AS SELECT id AS "Hen No", egg FROM app.hen WHERE id > 0;
CREATE VIEW app.a_view AS SELECT h."Hen No", h.egg FROM app.hens h WHERE h."Hen No" < 100
    WITH LOCAL CHECK OPTION;
ALTER VIEW app.hens ALTER "Hen No" SET DEFAULT 5;
COMMENT ON VIEW app.hens IS 'hens';
COMMENT ON COLUMN app.hens."Hen No" IS 'number';
CREATE VIEW app.grouped AS SELECT k.*, count(*) AS n FROM app.hen k GROUP BY k.id;
CREATE FUNCTION app.aaa_hens() RETURNS SETOF app.hens LANGUAGE sql STABLE AS 'SELECT * FROM app.hens';
CREATE FUNCTION app.aaa_grouped() RETURNS SETOF app.grouped LANGUAGE sql STABLE
    AS 'SELECT * FROM app.grouped';
CREATE VIEW app.z_of_function AS SELECT * FROM app.aaa_hens();
CREATE TABLE app.a_table_of_views (v app.z_of_function, h app.hen[]);
CREATE FUNCTION app.count_legacy() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT count(*) FROM app.legacy; END;
ALTER TABLE app.legacy ALTER amount SET DEFAULT app.count_legacy();
CREATE MATERIALIZED VIEW app.z_first AS SELECT id, amount FROM app.orders;
CREATE VIEW app.z_between AS SELECT * FROM app.z_first;
CREATE MATERIALIZED VIEW app.a_second WITH (fillfactor = 50) AS SELECT count(*) AS n FROM app.z_between;
CREATE MATERIALIZED VIEW app.unfilled AS SELECT 1 AS one WITH NO DATA;
CREATE UNIQUE INDEX z_first_id ON app.z_first (id);
COMMENT ON MATERIALIZED VIEW app.z_first IS 'kept';
ALTER MATERIALIZED VIEW app.z_first ALTER amount SET STATISTICS 44, ALTER amount SET STORAGE MAIN, ALTER amount SET COMPRESSION pglz;
ALTER MATERIALIZED VIEW app.z_first DEPENDS ON EXTENSION hstore;
ALTER FUNCTION app.first(integer) DEPENDS ON EXTENSION hstore;
ALTER INDEX app."Ein Index" DEPENDS ON EXTENSION btree_gist;

CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER "a disabled" BEFORE UPDATE OF egg ON app.hen FOR EACH ROW WHEN (OLD.egg IS DISTINCT FROM NEW.egg)
    EXECUTE FUNCTION app.touch('it''s', 'two');
ALTER TABLE app.hen DISABLE TRIGGER "a disabled";
CREATE TRIGGER always AFTER INSERT ON app.hen REFERENCING NEW TABLE AS added FOR EACH STATEMENT
    EXECUTE FUNCTION app.touch();
ALTER TABLE app.hen ENABLE ALWAYS TRIGGER always;
CREATE CONSTRAINT TRIGGER checked AFTER INSERT ON app.egg DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION app.touch();
ALTER TRIGGER checked ON app.egg DEPENDS ON EXTENSION hstore;
COMMENT ON TRIGGER checked ON app.egg IS 'a constraint trigger';
CREATE TRIGGER on_tree AFTER INSERT ON app.orders FOR EACH ROW EXECUTE FUNCTION app.touch();
ALTER TABLE app.orders_2025 DISABLE TRIGGER on_tree;
CREATE TRIGGER off_in_tree AFTER UPDATE ON app.orders FOR EACH ROW EXECUTE FUNCTION app.touch();
ALTER TABLE app.orders DISABLE TRIGGER off_in_tree;
ALTER TABLE app.orders_2025 ENABLE ALWAYS TRIGGER off_in_tree;
CREATE TRIGGER off_below AFTER UPDATE ON app.orders FOR EACH ROW EXECUTE FUNCTION app.touch();
ALTER TABLE app.orders DISABLE TRIGGER off_below;
ALTER TABLE ONLY app.orders_2024 ENABLE TRIGGER off_below;
CREATE TRIGGER odd_below AFTER UPDATE ON app.orders FOR EACH ROW EXECUTE FUNCTION app.touch();
ALTER TABLE ONLY app.orders ENABLE REPLICA TRIGGER odd_below;
ALTER TABLE app.orders_2024_north DISABLE TRIGGER odd_below;
-- The triggers that PostgreSQL makes for foreign keys and deferrable constraints.
CREATE TABLE app.upper (id integer PRIMARY KEY, above integer REFERENCES app.upper) PARTITION BY RANGE (id);
CREATE TABLE app.upper_0 PARTITION OF app.upper FOR VALUES FROM (0) TO (10);
CREATE TABLE app.upper_1 PARTITION OF app.upper FOR VALUES FROM (10) TO (20);
CREATE TABLE app.lower (id integer, upper integer, CONSTRAINT once UNIQUE (id) DEFERRABLE,
    CONSTRAINT "it's upper" FOREIGN KEY (upper) REFERENCES app.upper ON DELETE CASCADE);
INSERT INTO app.upper VALUES (1, 1), (11, 1);
INSERT INTO app.lower VALUES (1, 11);
ALTER TABLE app.upper_1 DISABLE TRIGGER ALL;
ALTER TABLE app.lower DISABLE TRIGGER ALL;
DO $$ BEGIN EXECUTE (SELECT format('ALTER TABLE app.lower ENABLE ALWAYS TRIGGER %I', g.tgname) FROM pg_trigger g
    WHERE g.tgrelid = 'app.lower'::regclass AND g.tgfoid = '"RI_FKey_check_upd"'::regproc); END $$;
ALTER TABLE app.line DISABLE TRIGGER ALL;
ALTER TABLE app.line_1 ENABLE TRIGGER ALL;
CREATE TRIGGER instead INSTEAD OF INSERT ON app.a_view FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE RULE no_delete AS ON DELETE TO app.egg DO INSTEAD NOTHING;
CREATE RULE logged AS ON UPDATE TO app.egg DO ALSO (INSERT INTO app.bag VALUES (NEW.id, 'x'); NOTIFY egg);
ALTER TABLE app.egg DISABLE RULE logged;
COMMENT ON RULE no_delete ON app.egg IS 'a rule';
DO $$ BEGIN CREATE ROLE "catalog's reader"; EXCEPTION WHEN duplicate_object THEN END $$;
CREATE POLICY "Own rows" ON app.egg AS RESTRICTIVE FOR UPDATE TO "catalog's reader", CURRENT_USER
    USING (hen IN (SELECT id FROM app.hen)) WITH CHECK (id > 0);
CREATE POLICY everyone ON app.egg;
COMMENT ON POLICY everyone ON app.egg IS 'a policy';
ALTER TABLE app.egg ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE FUNCTION app.on_command() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE EVENT TRIGGER "my trigger" ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'DROP TABLE')
    EXECUTE FUNCTION app.on_command();
ALTER EVENT TRIGGER "my trigger" ENABLE ALWAYS;
CREATE TABLE "Odd ""Schema"" 'x'"."Table.with.dots" ("a.b" integer, "c d" integer UNIQUE, "Ü" text, "%I" text,
    "select" "char" DEFAULT 'x');
CREATE INDEX ON "Odd ""Schema"" 'x'"."Table.with.dots" ("a.b", "%I");
