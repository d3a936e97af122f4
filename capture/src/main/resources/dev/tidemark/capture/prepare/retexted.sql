-- Some commands change the text of rows that are there, without an event and without a rewrite: a label
-- of an enum gets another name, a composite type or a table whose row type is a column's gets or loses
-- attributes. So the rows of the tables that use the type are written into the log again.

-- The user's tables that have columns of these types, or of types that are made of them.
CREATE OR REPLACE FUNCTION tidemark.tables_with(types oid[]) RETURNS SETOF oid
 LANGUAGE sql STABLE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
WITH RECURSIVE used(type, relation) AS (
    SELECT t.id, 0::oid FROM unnest(types) AS t(id)
     UNION
    SELECT coalesce(c.reltype, d.objid), coalesce(c.oid, 0)
      FROM used u
      JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass AND d.refobjid = u.type
      LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
     WHERE u.type <> 0
       AND (d.classid = 'pg_type'::regclass OR d.classid = 'pg_class'::regclass AND d.objsubid > 0)
)
SELECT DISTINCT c.oid
  FROM used u JOIN pg_class c ON c.oid = u.relation
 WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND tidemark.is_users_table(c.oid)
$tidemark$;

-- What a command that touched these did to the text of rows.
CREATE OR REPLACE FUNCTION tidemark.emit_retexted(command text, classes oid[], ids oid[]) RETURNS void
 LANGUAGE plpgsql VOLATILE
 SET search_path = pg_catalog, pg_temp
 -- The command waits for those who write to the tables, but not for ever.
 SET lock_timeout = '10s'
AS $tidemark$
DECLARE
    types oid[];
    relation record;
BEGIN
    SELECT coalesce(array_agg(DISTINCT l.enumtypid), '{}') INTO types
      FROM unnest(classes, ids) AS a(class, id)
      JOIN pg_enum l ON a.class = 'pg_type'::regclass AND l.enumtypid = a.id
      JOIN tidemark.enum_label k ON k.label_id = l.oid AND k.label <> l.enumlabel
     WHERE command LIKE 'ALTER %';
    INSERT INTO tidemark.enum_label AS k
    SELECT l.oid, l.enumlabel
      FROM unnest(classes, ids) AS a(class, id)
      JOIN pg_enum l ON a.class = 'pg_type'::regclass AND l.enumtypid = a.id
        ON CONFLICT (label_id) DO UPDATE SET label = excluded.label WHERE k.label <> excluded.label;
    -- An attribute's row in the catalog is as new as this transaction.
    SELECT types || coalesce(array_agg(DISTINCT c.reltype), '{}') INTO types
      FROM unnest(classes, ids) AS a(class, id)
      JOIN pg_class c ON a.class = 'pg_class'::regclass AND c.oid = a.id
                      OR a.class = 'pg_type'::regclass AND c.reltype = a.id
     WHERE command IN ('ALTER TYPE', 'ALTER TABLE') AND c.reltype <> 0
       AND EXISTS (SELECT FROM pg_attribute f
                    WHERE f.attrelid = c.oid AND f.attnum > 0
                      AND age(f.xmin) <= age(pg_current_xact_id()::xid));
    FOR relation IN
        SELECT c.oid, n.nspname, c.relname
          FROM tidemark.tables_with(types) AS t(id)
          JOIN pg_class c ON c.oid = t.id
          JOIN pg_namespace n ON n.oid = c.relnamespace
         ORDER BY c.oid
    LOOP
        EXECUTE format('LOCK TABLE ONLY %I.%I IN SHARE MODE', relation.nspname, relation.relname);
        PERFORM tidemark.emit_schema(command, '{}', '{}', '{}', '{}', ARRAY[relation.oid]);
        PERFORM tidemark.emit_image(relation.oid);
    END LOOP;
    PERFORM tidemark.remember_forms(ids);
END
$tidemark$;
