-- Gives a table a replica identity, so that the source's own UPDATE does not fail once the table is
-- published; remembers what it was. Answers how it stands then: key, full, none or generated.
CREATE OR REPLACE FUNCTION tidemark.give_identity(id oid) RETURNS text
 LANGUAGE plpgsql VOLATILE STRICT
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
DECLARE
    relation record;
    full_fails boolean;
BEGIN
    SELECT t.oid, n.nspname, t.relname, t.relreplident AS was, {identity-state t} AS state INTO relation
      FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
     WHERE t.oid = id AND t.relkind = 'r' AND t.relpersistence = 'p' AND n.nspname !~ '^tidemark(_restore)?$';
    IF NOT FOUND OR relation.state IN ('key', 'full') THEN
        RETURN coalesce(relation.state, 'key');
    END IF;
    full_fails := current_setting('server_version_num')::int >= 180000
        AND EXISTS (SELECT FROM pg_attribute a
                     WHERE a.attrelid = id AND a.attgenerated <> '' AND NOT a.attisdropped);
    IF relation.state = 'none' AND NOT full_fails THEN
        INSERT INTO tidemark.replica_identity VALUES (id, relation.was) ON CONFLICT DO NOTHING;
        EXECUTE format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY FULL', relation.nspname, relation.relname);
        RETURN 'full';
    END IF;
    -- FULL was ours and fails since a generated column came: a primary key that came too may do.
    IF relation.was = 'f' AND EXISTS (SELECT FROM tidemark.replica_identity r WHERE r.table_id = id)
       AND EXISTS (SELECT FROM pg_index x
                    WHERE x.indrelid = id AND x.indisprimary AND x.indimmediate AND x.indisvalid) THEN
        EXECUTE format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY DEFAULT', relation.nspname, relation.relname);
        DELETE FROM tidemark.replica_identity r WHERE r.table_id = id;
        RETURN 'key';
    END IF;
    RETURN relation.state;
END
$tidemark$;

-- The advisory lock that keeps a look at the whole catalog and schema commands apart: they hold it shared
-- from their message to their commit. The number is 'tidemark' in ASCII.
CREATE OR REPLACE FUNCTION tidemark.schema_lock() RETURNS bigint
 LANGUAGE sql IMMUTABLE
AS $tidemark$ SELECT 8388346167743836779 $tidemark$;

-- Of a state without what moves by itself: where a sequence stands.
CREATE OR REPLACE FUNCTION tidemark.digest(state jsonb) RETURNS bytea
 LANGUAGE sql IMMUTABLE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
SELECT sha256(convert_to((state #- '{sequence,lastValue}' #- '{sequence,called}')::text, 'UTF8'))
$tidemark$;

-- The states of tables and objects by reference.
CREATE OR REPLACE FUNCTION tidemark.states(
    tables jsonb, objects jsonb, OUT reference text, OUT part_of text, OUT state jsonb) RETURNS SETOF record
 LANGUAGE sql IMMUTABLE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
SELECT concat('table:', t.state ->> 'id'), NULL, t.state FROM jsonb_array_elements(tables) AS t(state)
 UNION ALL
SELECT concat(o.state ->> 'kind', ':', o.state ->> 'id'), o.state ->> 'partOf', o.state
  FROM jsonb_array_elements(objects) AS o(state)
$tidemark$;

-- What a rewrite of a table leaves in the catalog: a new file, and new rows for the columns. A new file alone
-- is TRUNCATE, which the stream tells, or VACUUM FULL and the like, which change no value. A condition that
-- also took NULL for all tables would read the whole catalog for one.
CREATE OR REPLACE FUNCTION tidemark.row_files(ids oid[], OUT id oid, OUT file text, OUT columns text) RETURNS SETOF record
 LANGUAGE sql STABLE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
SELECT t.oid, t.relfilenode::text,
       (SELECT md5(string_agg(concat(a.attnum, ' ', a.xmin), ',' ORDER BY a.attnum))
          FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum > 0)
  FROM pg_class t
 WHERE t.relkind = 'r' AND t.oid = ANY (ids) AND tidemark.is_users_table(t.oid)
$tidemark$;

-- The relations that a look asks of.
CREATE OR REPLACE FUNCTION tidemark.all_relations() RETURNS oid[]
 LANGUAGE sql STABLE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
SELECT coalesce(array_agg(c.oid), '{}') FROM pg_class c WHERE c.oid >= 16384 AND c.reltype <> 0 AND c.relpersistence <> 't'
$tidemark$;

-- What decides how rows of a composite type, or of a table's row type, are printed: of relations or types.
CREATE OR REPLACE FUNCTION tidemark.type_forms(ids oid[], OUT relation oid, OUT type oid, OUT form text) RETURNS SETOF record
 LANGUAGE sql STABLE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
SELECT c.oid, c.reltype, md5(string_agg(concat_ws(' ', a.attnum, a.atttypid, a.atttypmod), ',' ORDER BY a.attnum))
  FROM (SELECT unnest(ids) UNION SELECT y.typrelid FROM pg_type y WHERE y.oid = ANY (ids)) w(id)
  JOIN pg_class c ON c.oid = w.id
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.oid >= 16384 AND c.reltype <> 0 AND c.relpersistence <> 't'
 GROUP BY c.oid, c.reltype
$tidemark$;

-- The next look takes the rows of these tables to be told as they are now.
CREATE OR REPLACE FUNCTION tidemark.remember_rows(ids oid[]) RETURNS void
 LANGUAGE sql VOLATILE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
INSERT INTO tidemark.seen AS s
SELECT concat('file ', f.id), f.file FROM tidemark.row_files(ids) f
 UNION ALL
SELECT concat('columns ', f.id), f.columns FROM tidemark.row_files(ids) f WHERE f.columns IS NOT NULL
    ON CONFLICT (what) DO UPDATE SET state = excluded.state WHERE s.state <> excluded.state
$tidemark$;

-- The same of the rows that print by these types.
CREATE OR REPLACE FUNCTION tidemark.remember_forms(ids oid[]) RETURNS void
 LANGUAGE sql VOLATILE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
INSERT INTO tidemark.seen AS s
SELECT concat('form ', f.relation), f.form FROM tidemark.type_forms(ids) f
    ON CONFLICT (what) DO UPDATE SET state = excluded.state WHERE s.state <> excluded.state
$tidemark$;
