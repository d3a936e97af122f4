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
      LEFT JOIN pg_type y ON a.class = 'pg_type'::regclass AND y.oid = a.id
      JOIN pg_class c ON c.oid = CASE WHEN a.class = 'pg_class'::regclass THEN a.id ELSE y.typrelid END
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

-- The types of which values name objects.
CREATE OR REPLACE FUNCTION tidemark.naming_types() RETURNS SETOF oid
 LANGUAGE sql STABLE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
SELECT t.oid FROM pg_type t
 WHERE t.typnamespace = 'pg_catalog'::regnamespace
   AND t.typname IN ('regclass', 'regcollation', 'regconfig', 'regdictionary', 'regnamespace', 'regoper',
                     'regoperator', 'regproc', 'regprocedure', 'regrole', 'regtype')
$tidemark$;

-- Is one of these, tables or types, made of such types? Asked of the few that a command touched, from their
-- columns down.
CREATE OR REPLACE FUNCTION tidemark.is_naming(classes oid[], ids oid[]) RETURNS boolean
 LANGUAGE sql STABLE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
WITH RECURSIVE made_of(type) AS (
    SELECT coalesce(a.atttypid, u.id)
      FROM unnest(classes, ids) AS u(class, id)
      LEFT JOIN pg_attribute a ON u.class = 'pg_class'::regclass AND a.attrelid = u.id AND a.attnum > 0
     WHERE a.attrelid IS NOT NULL OR u.class = 'pg_type'::regclass
     UNION
    SELECT part.type
      FROM made_of m
     CROSS JOIN LATERAL (
               SELECT x.type FROM pg_type t, LATERAL (VALUES (t.typelem), (t.typbasetype)) AS x(type) WHERE t.oid = m.type
                UNION ALL
               SELECT r.rngsubtype FROM pg_range r WHERE r.rngtypid = m.type
                UNION ALL
               SELECT r.rngtypid FROM pg_range r WHERE r.rngmultitypid = m.type
                UNION ALL
               SELECT a.atttypid FROM pg_type t JOIN pg_attribute a ON a.attrelid = t.typrelid
                WHERE t.oid = m.type AND t.typrelid <> 0 AND a.attnum > 0
           ) part(type)
     WHERE part.type <> 0
)
SELECT EXISTS (SELECT FROM made_of m WHERE m.type IN (SELECT n.id FROM tidemark.naming_types() AS n(id)))
$tidemark$;

-- The tables that have values of regclass and the like, and those of their columns that may hold them. Reads the
-- whole catalog, some times.
CREATE OR REPLACE FUNCTION tidemark.naming_tables(OUT table_id oid, OUT fields text) RETURNS SETOF record
 LANGUAGE sql STABLE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
WITH RECURSIVE naming(type) AS (
    SELECT t.id FROM tidemark.naming_types() AS t(id)
     UNION
    SELECT made.type
      FROM naming n
      JOIN (SELECT t.oid, t.typarray FROM pg_type t WHERE t.typarray <> 0
             UNION ALL
            SELECT t.typbasetype, t.oid FROM pg_type t WHERE t.typbasetype <> 0
             UNION ALL
            SELECT r.rngsubtype, r.rngtypid FROM pg_range r
             UNION ALL
            SELECT r.rngtypid, r.rngmultitypid FROM pg_range r
             UNION ALL
            SELECT a.atttypid, c.reltype FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
             WHERE a.attrelid >= 16384 AND c.reltype <> 0 AND a.attnum > 0 AND NOT a.attisdropped
           ) AS made(of, type) ON made.of = n.type
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

-- Keeps the names, and answers with the tables of which rows print another name than they did. Where no table
-- has such values, only what a command touched may have got some.
CREATE OR REPLACE FUNCTION tidemark.renamed_tables(command text, classes oid[], ids oid[]) RETURNS SETOF oid
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
    IF command <> 'look' AND EXISTS (SELECT FROM tidemark.seen s WHERE s.what = 'no names')
       AND NOT tidemark.is_naming(classes, ids) THEN
        RETURN;
    END IF;
    IF NOT EXISTS (SELECT FROM tidemark.naming_tables()) THEN
        DELETE FROM tidemark.object_name;
        INSERT INTO tidemark.seen VALUES ('no names', '') ON CONFLICT DO NOTHING;
        RETURN;
    END IF;
    DELETE FROM tidemark.seen s WHERE s.what = 'no names';
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
CREATE OR REPLACE FUNCTION tidemark.emit_renamed(command text, classes oid[], ids oid[]) RETURNS void
 LANGUAGE plpgsql VOLATILE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
DECLARE
    relation record;
BEGIN
    FOR relation IN
        SELECT c.oid, n.nspname, c.relname
          FROM tidemark.renamed_tables(command, classes, ids) AS t(id)
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
