-- Types that users make.
SELECT 'enum' AS kind, 'pg_type'::regclass AS class, t.oid AS id, n.nspname::text AS schema,
       t.typname::text AS name,
       ARRAY[format('CREATE TYPE %I.%I AS ENUM (%s)', n.nspname, t.typname,
                    (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder)
                       FROM pg_enum e WHERE e.enumtypid = t.oid))] AS definition,
       'BEFORE_ROWS' AS stage, t.typowner AS owner, t.typacl AS acl,
       format('TYPE %I.%I', n.nspname, t.typname) AS address
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE t.typtype = 'e'
 UNION ALL
SELECT 'domain', 'pg_type'::regclass, t.oid, n.nspname, t.typname,
       ARRAY[format('CREATE DOMAIN %I.%I AS %s', n.nspname, t.typname,
                    format_type(t.typbasetype, t.typtypmod))
             || CASE WHEN t.typcollation <> b.typcollation THEN (
                    SELECT format(' COLLATE %I.%I', s.nspname, c.collname)
                      FROM pg_collation c JOIN pg_namespace s ON s.oid = c.collnamespace
                     WHERE c.oid = t.typcollation) ELSE '' END
             || coalesce(' DEFAULT ' || pg_get_expr(t.typdefaultbin, 0), '')
             || coalesce(' CONSTRAINT ' || quote_ident(k.conname), '')
             || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END]
       || ARRAY(SELECT format('COMMENT ON CONSTRAINT %I ON DOMAIN %I.%I IS %L', k.conname, n.nspname,
                              t.typname, d.description)
                  FROM pg_description d
                 WHERE d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid),
       'BEFORE_ROWS', t.typowner, t.typacl, format('DOMAIN %I.%I', n.nspname, t.typname)
  FROM pg_type t
  JOIN pg_type b ON b.oid = t.typbasetype
  JOIN pg_namespace n ON n.oid = t.typnamespace
  LEFT JOIN pg_constraint k ON k.contypid = t.oid AND k.contype = 'n'
 WHERE t.typtype = 'd'
 UNION ALL
-- A check that some value may break must not refuse the rows.
SELECT 'domain check', 'pg_constraint'::regclass, k.oid, n.nspname, k.conname,
       ARRAY[format('ALTER DOMAIN %I.%I ADD CONSTRAINT %I %s', n.nspname, t.typname, k.conname,
                    pg_get_constraintdef(k.oid))],
       CASE WHEN k.convalidated THEN 'BEFORE_ROWS' ELSE 'AFTER_ROWS' END, 0::oid, NULL,
       format('CONSTRAINT %I ON DOMAIN %I.%I', k.conname, n.nspname, t.typname)
  FROM pg_constraint k
  JOIN pg_type t ON t.oid = k.contypid
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE k.contype = 'c'
 UNION ALL
SELECT 'composite', 'pg_type'::regclass, t.oid, n.nspname, t.typname,
       ARRAY[format('CREATE TYPE %I.%I AS (%s)', n.nspname, t.typname, (
           SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
                      || CASE WHEN a.attcollation <> y.typcollation THEN (
                             SELECT format(' COLLATE %I.%I', s.nspname, l.collname)
                               FROM pg_collation l JOIN pg_namespace s ON s.oid = l.collnamespace
                              WHERE l.oid = a.attcollation) ELSE '' END, ', ' ORDER BY a.attnum)
             FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))]
       || ARRAY(SELECT format('COMMENT ON COLUMN %I.%I.%I IS %L', n.nspname, t.typname, a.attname,
                              d.description)
                  FROM pg_attribute a
                  JOIN pg_description d ON d.classoid = 'pg_class'::regclass
                                       AND d.objoid = c.oid AND d.objsubid = a.attnum
                 WHERE a.attrelid = c.oid AND NOT a.attisdropped ORDER BY a.attnum),
       'BEFORE_ROWS', t.typowner, t.typacl, format('TYPE %I.%I', n.nspname, t.typname)
  FROM pg_type t
  JOIN pg_class c ON c.oid = t.typrelid
  JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE t.typtype = 'c' AND c.relkind = 'c'
 UNION ALL
SELECT 'range', 'pg_type'::regclass, t.oid, n.nspname, t.typname,
       ARRAY[format('CREATE TYPE %I.%I AS RANGE (%s)', n.nspname, t.typname, concat_ws(', ',
           'SUBTYPE = ' || format_type(r.rngsubtype, NULL),
           (SELECT format('SUBTYPE_OPCLASS = %I.%I', s.nspname, o.opcname)
              FROM pg_opclass o JOIN pg_namespace s ON s.oid = o.opcnamespace
             WHERE o.oid = r.rngsubopc),
           (SELECT format('COLLATION = %I.%I', s.nspname, c.collname)
              FROM pg_collation c
              JOIN pg_namespace s ON s.oid = c.collnamespace
              JOIN pg_type b ON b.oid = r.rngsubtype
             WHERE c.oid = r.rngcollation AND r.rngcollation <> b.typcollation),
           (SELECT format('MULTIRANGE_TYPE_NAME = %I.%I', s.nspname, m.typname)
              FROM pg_type m JOIN pg_namespace s ON s.oid = m.typnamespace
             WHERE m.oid = r.rngmultitypid),
           CASE WHEN r.rngcanonical <> 0 THEN 'CANONICAL = ' || r.rngcanonical END,
           CASE WHEN r.rngsubdiff <> 0 THEN 'SUBTYPE_DIFF = ' || r.rngsubdiff END))],
       'BEFORE_ROWS', t.typowner, t.typacl, format('TYPE %I.%I', n.nspname, t.typname)
  FROM pg_range r
  JOIN pg_type t ON t.oid = r.rngtypid
  JOIN pg_namespace n ON n.oid = t.typnamespace
 UNION ALL
-- First the shell that its functions need; it may have stayed one.
SELECT 'base type', 'pg_type'::regclass, t.oid, n.nspname, t.typname,
       ARRAY[format('CREATE TYPE %I.%I', n.nspname, t.typname)]
       || ARRAY(SELECT format('CREATE TYPE %I.%I (%s)', n.nspname, t.typname, concat_ws(', ',
                    'INPUT = ' || t.typinput, 'OUTPUT = ' || t.typoutput,
                    CASE WHEN t.typreceive <> 0 THEN 'RECEIVE = ' || t.typreceive END,
                    CASE WHEN t.typsend <> 0 THEN 'SEND = ' || t.typsend END,
                    CASE WHEN t.typmodin <> 0 THEN 'TYPMOD_IN = ' || t.typmodin END,
                    CASE WHEN t.typmodout <> 0 THEN 'TYPMOD_OUT = ' || t.typmodout END,
                    CASE WHEN t.typanalyze <> 0 THEN 'ANALYZE = ' || t.typanalyze END,
                    CASE WHEN t.typsubscript <> 0 THEN 'SUBSCRIPT = ' || t.typsubscript END,
                    'INTERNALLENGTH = ' || CASE t.typlen WHEN -1 THEN 'VARIABLE' ELSE t.typlen::text END,
                    CASE WHEN t.typbyval THEN 'PASSEDBYVALUE' END,
                    'ALIGNMENT = ' || CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2'
                                                      WHEN 'd' THEN 'double' ELSE 'int4' END,
                    'STORAGE = ' || CASE t.typstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external'
                                                      WHEN 'm' THEN 'main' ELSE 'extended' END,
                    format('CATEGORY = %L', t.typcategory),
                    CASE WHEN t.typispreferred THEN 'PREFERRED = true' END,
                    'DEFAULT = ' || quote_literal(t.typdefault),
                    CASE WHEN t.typelem <> 0 THEN 'ELEMENT = ' || format_type(t.typelem, NULL) END,
                    format('DELIMITER = %L', t.typdelim),
                    CASE WHEN t.typcollation <> 0 THEN 'COLLATABLE = true' END))
                 WHERE t.typisdefined),
       'BEFORE_ROWS', t.typowner, t.typacl, format('TYPE %I.%I', n.nspname, t.typname)
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
    OR t.typtype = 'p' AND NOT t.typisdefined
