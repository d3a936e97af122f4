-- Some commands change the text of rows that are there, without an event and without a rewrite: a label
-- of an enum gets another name, a composite type or a table whose row type is a column's gets or loses
-- attributes, what a value of regclass or the like names gets another name or is gone. So the rows of the
-- tables that are concerned are written into the log again.

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

-- Writes the rows of a table that is locked and was not rewritten. A transaction with a snapshot of its own
-- does not see the rows that others committed since: then a look tells them.
CREATE OR REPLACE FUNCTION tidemark.emit_rows(id oid) RETURNS void
 LANGUAGE plpgsql VOLATILE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
BEGIN
    IF current_setting('transaction_isolation') IN ('read committed', 'read uncommitted') THEN
        PERFORM tidemark.emit_image(id);
    ELSE
        INSERT INTO tidemark.seen VALUES (concat('untold ', id), '') ON CONFLICT DO NOTHING;
    END IF;
END
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
     WHERE command <> 'CREATE TYPE' AND c.reltype <> 0
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
        PERFORM tidemark.emit_rows(relation.oid);
    END LOOP;
    PERFORM tidemark.remember_forms(ids);
END
$tidemark$;

-- The tables that have values of regclass and the like, and those of their columns that may hold them.
CREATE OR REPLACE FUNCTION tidemark.naming_tables(OUT table_id oid, OUT fields text) RETURNS SETOF record
 LANGUAGE sql STABLE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
WITH RECURSIVE naming(type) AS (
    SELECT t.oid FROM pg_type t
     WHERE t.typnamespace = 'pg_catalog'::regnamespace
       AND t.typname IN ('regclass', 'regcollation', 'regconfig', 'regdictionary', 'regnamespace', 'regoper',
                         'regoperator', 'regproc', 'regprocedure', 'regrole', 'regtype')
     UNION
    SELECT made.type
      FROM naming n
     CROSS JOIN LATERAL (
               SELECT t.typarray FROM pg_type t WHERE t.oid = n.type AND t.typarray <> 0
                UNION ALL
               SELECT t.oid FROM pg_type t WHERE t.typbasetype = n.type
                UNION ALL
               SELECT r.rngtypid FROM pg_range r WHERE r.rngsubtype = n.type
                UNION ALL
               SELECT r.rngmultitypid FROM pg_range r WHERE r.rngtypid = n.type
                UNION ALL
               SELECT c.reltype FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                WHERE a.atttypid = n.type AND c.oid >= 16384 AND c.reltype <> 0 AND a.attnum > 0 AND NOT a.attisdropped
           ) made(type)
)
SELECT c.oid, string_agg(format('t.%I', a.attname), ', ' ORDER BY a.attnum)
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
 WHERE a.atttypid IN (SELECT n.type FROM naming n) AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
   AND c.oid >= 16384 AND c.relkind = 'r' AND c.relpersistence = 'p' AND tidemark.is_users_table(c.oid)
 GROUP BY c.oid
$tidemark$;

-- What such values may name, as they print it.
CREATE OR REPLACE FUNCTION tidemark.object_names(OUT class oid, OUT id oid, OUT name text) RETURNS SETOF record
 LANGUAGE sql STABLE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
SELECT 'pg_class'::regclass::oid, c.oid, c.oid::regclass::text FROM pg_class c
 WHERE c.oid >= 16384 AND c.relpersistence <> 't' AND c.relkind <> 't'
 UNION ALL SELECT 'pg_proc'::regclass, p.oid, p.oid::regprocedure::text FROM pg_proc p WHERE p.oid >= 16384
 UNION ALL SELECT 'pg_type'::regclass, t.oid, t.oid::regtype::text
                    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
                   WHERE t.oid >= 16384 AND n.nspname !~ '^pg_(toast|temp)'
 UNION ALL SELECT 'pg_operator'::regclass, o.oid, o.oid::regoperator::text FROM pg_operator o WHERE o.oid >= 16384
 UNION ALL SELECT 'pg_collation'::regclass, l.oid, l.oid::regcollation::text FROM pg_collation l WHERE l.oid >= 16384
 UNION ALL SELECT 'pg_ts_config'::regclass, f.oid, f.oid::regconfig::text FROM pg_ts_config f WHERE f.oid >= 16384
 UNION ALL SELECT 'pg_ts_dict'::regclass, d.oid, d.oid::regdictionary::text FROM pg_ts_dict d WHERE d.oid >= 16384
 UNION ALL SELECT 'pg_namespace'::regclass, n.oid, n.oid::regnamespace::text FROM pg_namespace n
                   WHERE n.nspname !~ '^pg_(toast|temp)'
 UNION ALL SELECT 'pg_authid'::regclass, r.oid, r.oid::regrole::text FROM pg_roles r
$tidemark$;

-- Keeps the names, and answers with the tables of which rows print another name than they did.
CREATE OR REPLACE FUNCTION tidemark.renamed_tables(command text) RETURNS SETOF oid
 LANGUAGE plpgsql VOLATILE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
DECLARE
    words_max constant int := 100; -- looking for more in each row takes longer than telling it
    is_first boolean := NOT EXISTS (SELECT FROM tidemark.object_name);
    relation record;
    words text[];
    is_found boolean;
BEGIN
    IF NOT EXISTS (SELECT FROM tidemark.naming_tables()) THEN
        DELETE FROM tidemark.object_name;
        RETURN;
    END IF;
    WITH now AS MATERIALIZED (
        SELECT o.class, o.id, o.name FROM tidemark.object_names() o
    ), gone AS (
        DELETE FROM tidemark.object_name k
         WHERE NOT EXISTS (SELECT FROM now n WHERE n.class = k.class AND n.id = k.id)
     RETURNING k.id::text AS word
    ), changed AS MATERIALIZED (
        SELECT n.class, n.id, n.name, k.name IS NULL AS is_new
          FROM now n LEFT JOIN tidemark.object_name k ON k.class = n.class AND k.id = n.id
         WHERE k.name IS DISTINCT FROM n.name
    ), kept AS (
        INSERT INTO tidemark.object_name SELECT c.class, c.id, c.name FROM changed c
            ON CONFLICT (class, id) DO UPDATE SET name = excluded.name
    )
    SELECT array_agg(w.word) INTO words
      FROM (SELECT g.word FROM gone g
             UNION
            -- Within a row or an array names have more quotes, and some types print no arguments.
            SELECT regexp_replace(translate(c.name, '"\', ''), '\(.*', '') FROM changed c
             WHERE NOT (c.is_new AND command LIKE 'CREATE %')) w;
    IF is_first OR words IS NULL THEN
        RETURN;
    END IF;
    FOR relation IN
        SELECT c.oid, n.nspname, c.relname, t.fields
          FROM tidemark.naming_tables() t
          JOIN pg_class c ON c.oid = t.table_id
          JOIN pg_namespace n ON n.oid = c.relnamespace
         ORDER BY c.oid
    LOOP
        -- A transaction with a snapshot of its own does not see all rows.
        is_found := cardinality(words) > words_max
            OR current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted');
        IF NOT is_found THEN
            BEGIN
                -- Rows that others are about to commit would not be seen.
                EXECUTE format('LOCK TABLE ONLY %I.%I IN SHARE MODE', relation.nspname, relation.relname);
            EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
                is_found := true;
            END;
        END IF;
        IF NOT is_found THEN
            EXECUTE format($query$
                SELECT EXISTS (
                    SELECT FROM ONLY %I.%I t
                     CROSS JOIN LATERAL (SELECT translate(ROW(%s)::text, '"\', '') AS said) x
                     WHERE EXISTS (SELECT FROM unnest($1) AS w(word) WHERE strpos(x.said, w.word) > 0))
                $query$, relation.nspname, relation.relname, relation.fields)
               INTO is_found USING words;
        END IF;
        IF is_found THEN
            RETURN NEXT relation.oid;
        END IF;
    END LOOP;
END
$tidemark$;

-- Tells the rows anew of the tables that name what a command renamed or dropped.
CREATE OR REPLACE FUNCTION tidemark.emit_renamed(command text) RETURNS void
 LANGUAGE plpgsql VOLATILE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
DECLARE
    relation record;
BEGIN
    FOR relation IN
        SELECT c.oid, n.nspname, c.relname
          FROM tidemark.renamed_tables(command) AS t(id)
          JOIN pg_class c ON c.oid = t.id
          JOIN pg_namespace n ON n.oid = c.relnamespace
         ORDER BY c.oid
    LOOP
        PERFORM tidemark.emit_schema(command, '{}', '{}', '{}', '{}', ARRAY[relation.oid]);
        BEGIN
            EXECUTE format('LOCK TABLE ONLY %I.%I IN SHARE MODE', relation.nspname, relation.relname);
            PERFORM tidemark.emit_rows(relation.oid);
        EXCEPTION WHEN lock_not_available THEN
            -- Those who write into it may wait for the command. Its rows are not known until a look that
            -- can tell them.
            INSERT INTO tidemark.seen VALUES (concat('untold ', relation.oid), '') ON CONFLICT DO NOTHING;
        END;
    END LOOP;
END
$tidemark$;
