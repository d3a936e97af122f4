-- Sequences, views, materialised views, foreign tables and what makes a table one of a type.
SELECT 'sequence' AS kind, 'pg_class'::regclass AS class, c.oid AS id, n.nspname::text AS schema,
       c.relname::text AS name,
       CASE WHEN i.objid IS NULL
           THEN ARRAY[format('CREATE %sSEQUENCE %I.%I AS %s %s',
                       CASE c.relpersistence WHEN 'u' THEN 'UNLOGGED ' ELSE '' END,
                       n.nspname, c.relname, format_type(s.seqtypid, NULL), x.options)]
           ELSE ARRAY[format('ALTER TABLE %I.%I ALTER COLUMN %I ADD GENERATED %s AS IDENTITY '
                       '(SEQUENCE NAME %I.%I%s)', tn.nspname, t.relname, a.attname,
                       CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END,
                       n.nspname, c.relname,
                       CASE WHEN a.atttypid = s.seqtypid THEN ' ' || x.options END)]
             -- CREATE TABLE (LIKE … INCLUDING IDENTITY) makes a bigint sequence for an integer column.
             || CASE WHEN a.atttypid <> s.seqtypid
                     THEN ARRAY[format('ALTER SEQUENCE %I.%I AS %s %s', n.nspname, c.relname,
                                       format_type(s.seqtypid, NULL), x.options)]
                     ELSE '{}' END END AS definition,
       'BEFORE_ROWS' AS stage, c.relowner AS owner, c.relacl AS acl,
       format('SEQUENCE %I.%I', n.nspname, c.relname) AS address
  FROM pg_sequence s
  JOIN pg_class c ON c.oid = s.seqrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_depend i ON i.classid = 'pg_class'::regclass AND i.objid = c.oid AND i.objsubid = 0
                       AND i.refclassid = 'pg_class'::regclass AND i.deptype = 'i'
  LEFT JOIN pg_class t ON t.oid = i.refobjid
  LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
  LEFT JOIN pg_attribute a ON a.attrelid = i.refobjid AND a.attnum = i.refobjsubid
 CROSS JOIN LATERAL (SELECT format(
           'START WITH %s INCREMENT BY %s MINVALUE %s MAXVALUE %s CACHE %s%s', s.seqstart,
           s.seqincrement, s.seqmin, s.seqmax, s.seqcache,
           CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END) AS options) x
 UNION ALL
SELECT CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END, 'pg_class'::regclass, c.oid,
       n.nspname, c.relname,
       ARRAY[format('CREATE %s %I.%I%s%s AS %s%s', x.kind, n.nspname, c.relname,
           CASE WHEN NOT x.can_change_method THEN ' USING ' || quote_ident(x.method) END,
           (SELECT ' WITH (' || string_agg(format('%s = %L', o.name, o.value), ', ' ORDER BY o.place) || ')'
              FROM pg_options_to_table(c.reloptions) WITH ORDINALITY AS o(name, value, place)),
           rtrim(pg_get_viewdef(c.oid), ';'),
           CASE c.relkind WHEN 'm' THEN E'\n WITH NO DATA' ELSE '' END)]
       || CASE WHEN x.can_change_method AND x.method IS NOT NULL
               THEN ARRAY[format('ALTER %s %I.%I SET ACCESS METHOD %I', x.kind, n.nspname, c.relname, x.method)]
               ELSE '{}' END
       || ARRAY(SELECT format('ALTER VIEW %I.%I ALTER COLUMN %I SET DEFAULT %s', n.nspname, c.relname,
                              a.attname, pg_get_expr(d.adbin, d.adrelid))
                  FROM pg_attrdef d
                  JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
                 WHERE d.adrelid = c.oid ORDER BY d.adnum)
       || ARRAY(SELECT format('COMMENT ON COLUMN %I.%I.%I IS %L', n.nspname, c.relname, a.attname,
                              d.description)
                  FROM pg_attribute a
                  JOIN pg_description d ON d.classoid = 'pg_class'::regclass
                                       AND d.objoid = c.oid AND d.objsubid = a.attnum
                 WHERE a.attrelid = c.oid ORDER BY a.attnum)
       || ARRAY(SELECT format('ALTER %s %I.%I ALTER COLUMN %I %s', x.kind, n.nspname, c.relname,
                              a.attname, s.setting)
                  FROM pg_attribute a
                  JOIN pg_type y ON y.oid = a.atttypid
                 CROSS JOIN LATERAL (
                           VALUES (1, 'SET STORAGE ' || CASE WHEN a.attstorage <> y.typstorage THEN
                                          CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'm' THEN 'MAIN'
                                                            WHEN 'e' THEN 'EXTERNAL' ELSE 'EXTENDED' END END),
                                  (2, 'SET COMPRESSION ' || CASE a.attcompression WHEN 'p' THEN 'pglz'
                                                                                  WHEN 'l' THEN 'lz4' END),
                                  (3, 'SET STATISTICS ' || CASE WHEN a.attstattarget >= 0
                                                                THEN a.attstattarget END),
                                  (4, (SELECT 'SET (' || string_agg(format('%s = %L', o.name, o.value), ', ') || ')'
                                         FROM pg_options_to_table(a.attoptions) AS o(name, value)))
                           ) AS s(place, setting)
                 WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND s.setting IS NOT NULL AND c.relkind = 'm'
                 ORDER BY a.attnum, s.place),
       'AFTER_ROWS', c.relowner, c.relacl, format('%s %I.%I', x.kind, n.nspname, c.relname)
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
 CROSS JOIN LATERAL (SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'MATERIALIZED VIEW' END AS kind,
                           -- By a statement of its own, so that a server without this method keeps the view.
                           current_setting('server_version_num')::int >= 150000 AS can_change_method,
                           (SELECT m.amname FROM pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap') AS method) x
 WHERE c.relkind IN ('v', 'm')
 UNION ALL
SELECT 'refresh', 'pg_class'::regclass, c.oid, n.nspname, c.relname,
       ARRAY[format('REFRESH MATERIALIZED VIEW %I.%I', n.nspname, c.relname)],
       'AFTER_ROWS', 0::oid, NULL, ''
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'm' AND c.relispopulated
 UNION ALL
SELECT 'foreign table', 'pg_class'::regclass, c.oid, n.nspname, c.relname,
       ARRAY[format('CREATE FOREIGN TABLE %I.%I (%s)%s SERVER %I%s', n.nspname, c.relname, (
           SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
                  || coalesce((SELECT ' OPTIONS (' || string_agg(format('%I %L', o.option_name,
                                          o.option_value), ', ' ORDER BY o.option_name) || ')'
                                 FROM pg_options_to_table(a.attfdwoptions) o), '')
                  || CASE WHEN a.attcollation <> y.typcollation THEN (
                         SELECT format(' COLLATE %I.%I', s.nspname, l.collname)
                           FROM pg_collation l JOIN pg_namespace s ON s.oid = l.collnamespace
                          WHERE l.oid = a.attcollation) ELSE '' END
                  || CASE WHEN d.adbin IS NULL THEN ''
                          WHEN a.attgenerated = '' THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)
                          ELSE format(' GENERATED ALWAYS AS (%s) %s', pg_get_expr(d.adbin, d.adrelid),
                               CASE a.attgenerated WHEN 'v' THEN 'VIRTUAL' ELSE 'STORED' END) END
                  || CASE WHEN k.convalidated THEN format(' CONSTRAINT %I', k.conname) ELSE '' END
                  || CASE WHEN a.attnotnull AND coalesce(k.convalidated, true) THEN ' NOT NULL' ELSE '' END
                  || CASE WHEN k.convalidated AND k.connoinherit THEN ' NO INHERIT' ELSE '' END, ', ' ORDER BY a.attnum)
             FROM pg_attribute a
             JOIN pg_type y ON y.oid = a.atttypid
             LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
             LEFT JOIN pg_constraint k ON k.conrelid = a.attrelid AND k.contype = 'n'
                                      AND k.conkey[1] = a.attnum
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
           CASE WHEN NOT c.relispartition THEN (
               SELECT ' INHERITS (' || string_agg(format('%I.%I', pn.nspname, p.relname), ', '
                                                  ORDER BY i.inhseqno) || ')'
                 FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
                 JOIN pg_namespace pn ON pn.oid = p.relnamespace
                WHERE i.inhrelid = c.oid) END,
           s.srvname,
           (SELECT ' OPTIONS (' || string_agg(format('%I %L', o.option_name, o.option_value), ', '
                                              ORDER BY o.option_name) || ')'
              FROM pg_options_to_table(f.ftoptions) o))]
       || ARRAY(SELECT format('ALTER TABLE %I.%I ATTACH PARTITION %I.%I %s', pn.nspname, p.relname,
                              n.nspname, c.relname, pg_get_expr(c.relpartbound, c.oid))
                  FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
                  JOIN pg_namespace pn ON pn.oid = p.relnamespace
                 WHERE i.inhrelid = c.oid AND c.relispartition)
       || ARRAY(SELECT format('COMMENT ON COLUMN %I.%I.%I IS %L', n.nspname, c.relname, a.attname,
                              d.description)
                  FROM pg_attribute a
                  JOIN pg_description d ON d.classoid = 'pg_class'::regclass
                                       AND d.objoid = c.oid AND d.objsubid = a.attnum
                 WHERE a.attrelid = c.oid ORDER BY a.attnum)
       || ARRAY(SELECT format('COMMENT ON CONSTRAINT %I ON %I.%I IS %L', k.conname, n.nspname, c.relname,
                              d.description)
                  FROM pg_constraint k
                  JOIN pg_description d ON d.classoid = 'pg_constraint'::regclass AND d.objoid = k.oid
                 WHERE k.conrelid = c.oid AND k.contype = 'n' AND k.convalidated ORDER BY k.conkey)
       || ARRAY(SELECT format('ALTER %s %I.%I ALTER COLUMN %I %s', 'FOREIGN TABLE', n.nspname, c.relname,
                              a.attname, s.setting)
                  FROM pg_attribute a
                  JOIN pg_type y ON y.oid = a.atttypid
                 CROSS JOIN LATERAL (
                           VALUES (1, 'SET STORAGE ' || CASE WHEN a.attstorage <> y.typstorage THEN
                                          CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'm' THEN 'MAIN'
                                                            WHEN 'e' THEN 'EXTERNAL' ELSE 'EXTENDED' END END),
                                  (2, 'SET COMPRESSION ' || CASE a.attcompression WHEN 'p' THEN 'pglz'
                                                                                  WHEN 'l' THEN 'lz4' END),
                                  (3, 'SET STATISTICS ' || CASE WHEN a.attstattarget >= 0
                                                                THEN a.attstattarget END),
                                  (4, (SELECT 'SET (' || string_agg(format('%s = %L', o.name, o.value), ', ') || ')'
                                         FROM pg_options_to_table(a.attoptions) AS o(name, value)))
                           ) AS s(place, setting)
                 WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND s.setting IS NOT NULL
                 ORDER BY a.attnum, s.place),
       'BEFORE_ROWS', c.relowner, c.relacl, format('FOREIGN TABLE %I.%I', n.nspname, c.relname)
  FROM pg_foreign_table f
  JOIN pg_class c ON c.oid = f.ftrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_foreign_server s ON s.oid = f.ftserver
 UNION ALL
SELECT 'typed table', 'pg_class'::regclass, c.oid, n.nspname, c.relname,
       ARRAY[format('ALTER TABLE ONLY %I.%I OF %s', n.nspname, c.relname, format_type(c.reloftype, NULL))],
       'AFTER_ROWS', 0::oid, NULL, ''
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.reloftype <> 0 AND c.relkind IN ('r', 'p')
 UNION ALL
SELECT 'foreign data wrapper', 'pg_foreign_data_wrapper'::regclass, w.oid, '', w.fdwname,
       ARRAY[format('CREATE FOREIGN DATA WRAPPER %I%s%s%s', w.fdwname,
           CASE WHEN w.fdwhandler <> 0 THEN ' HANDLER ' || w.fdwhandler::regproc ELSE '' END,
           CASE WHEN w.fdwvalidator <> 0 THEN ' VALIDATOR ' || w.fdwvalidator::regproc ELSE '' END,
           (SELECT ' OPTIONS (' || string_agg(format('%I %L', o.option_name, o.option_value), ', '
                                              ORDER BY o.option_name) || ')'
              FROM pg_options_to_table(w.fdwoptions) o))],
       'BEFORE_ROWS', w.fdwowner, w.fdwacl, format('FOREIGN DATA WRAPPER %I', w.fdwname)
  FROM pg_foreign_data_wrapper w
 UNION ALL
SELECT 'server', 'pg_foreign_server'::regclass, s.oid, '', s.srvname,
       ARRAY[format('CREATE SERVER %I%s%s FOREIGN DATA WRAPPER %I%s', s.srvname,
           ' TYPE ' || quote_literal(s.srvtype), ' VERSION ' || quote_literal(s.srvversion), w.fdwname,
           (SELECT ' OPTIONS (' || string_agg(format('%I %L', o.option_name, o.option_value), ', '
                                              ORDER BY o.option_name) || ')'
              FROM pg_options_to_table(s.srvoptions) o))],
       'BEFORE_ROWS', s.srvowner, s.srvacl, format('SERVER %I', s.srvname)
  FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw
 UNION ALL
-- Without the options that may be secret: every wrapper has its own, so these are the ones that are known not to be.
SELECT 'user mapping', 'pg_user_mapping'::regclass, m.umid, '',
       format('%s at %s', CASE m.umuser WHEN 0 THEN 'public' ELSE m.usename END, m.srvname),
       ARRAY[format('CREATE USER MAPPING FOR %s SERVER %I%s',
           CASE m.umuser WHEN 0 THEN 'PUBLIC' ELSE quote_ident(m.usename) END, m.srvname,
           (SELECT ' OPTIONS (' || string_agg(format('%I %L', o.option_name, o.option_value), ', '
                                              ORDER BY o.option_name) || ')'
              FROM pg_options_to_table(m.umoptions) o
             WHERE o.option_name IN ('user', 'username', 'password_required', 'sslcert', 'sslkey')))],
       'AFTER_ROWS', 0::oid, NULL, ''
  FROM pg_user_mappings m
