-- One row for each table t of schema n that meets {tables}: the table as the JSON form of the record
-- Table. It is both the body of tidemark.table_state and the base's reading of all tables.
SELECT jsonb_build_object(
           'id', t.oid::bigint,
           'version', 0,
           'schema', n.nspname::text,
           'name', t.relname::text,
           'kind', t.relkind::text,
           'persistence', t.relpersistence::text,
           'replicaIdentity', t.relreplident::text,
           'columns', (
               SELECT coalesce(jsonb_agg(jsonb_build_object(
                          'id', a.attnum,
                          'name', a.attname::text,
                          'type', format_type(a.atttypid, a.atttypmod),
                          -- A NOT NULL that is not validated (PostgreSQL 18), or comes from one, is a
                          -- constraint of its own.
                          'notNull', a.attnotnull AND coalesce(u.comes_with_column, true),
                          'notNullConstraint', CASE WHEN u.comes_with_column THEN jsonb_build_object(
                              'name', u.conname::text, 'inherited', NOT u.conislocal,
                              'noInherit', u.connoinherit,
                              'comment', obj_description(u.oid, 'pg_constraint')) END,
                          'defaultExpression', pg_get_expr(d.adbin, d.adrelid),
                          'generated', a.attgenerated::text,
                          'identity', a.attidentity::text,
                          'collation', CASE WHEN a.attcollation <> y.typcollation THEN (
                              SELECT format('%I.%I', s.nspname, c.collname)
                                FROM pg_collation c JOIN pg_namespace s ON s.oid = c.collnamespace
                               WHERE c.oid = a.attcollation) END,
                          -- Not a cast to text[]: the delimiter of box is not a comma.
                          'missing', CASE WHEN a.atthasmissing
                                          THEN array_to_string(a.attmissingval, '') END,
                          -- A child may have the type's own where its parent has another.
                          'storage', CASE WHEN a.attstorage <> y.typstorage
                                            OR y.typstorage <> 'p' AND a.attinhcount > 0
                                          THEN a.attstorage::text END,
                          'compression', a.attcompression::text,
                          'statistics', CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END,
                          'comment', col_description(t.oid, a.attnum),
                          'grants', to_jsonb(coalesce(a.attacl::text[], '{}')),
                          'inherited', NOT a.attislocal,
                          'options', to_jsonb(coalesce(a.attoptions, '{}')))
                          ORDER BY a.attnum), '[]')
                 FROM pg_attribute a
                 JOIN pg_type y ON y.oid = a.atttypid
                 LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                 LEFT JOIN LATERAL (
                           SELECT k.*, k.convalidated AND (k.conislocal OR NOT EXISTS (
                                      SELECT FROM pg_inherits i
                                        JOIN pg_constraint p ON p.conrelid = i.inhparent
                                       WHERE i.inhrelid = k.conrelid AND p.contype = 'n'
                                         AND p.conname = k.conname AND NOT p.convalidated))
                                  AS comes_with_column
                             FROM pg_constraint k
                            WHERE k.conrelid = a.attrelid AND k.contype = 'n'
                              AND k.conkey[1] = a.attnum) u ON true
                WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped),
           'key', {row-key t},
           'rewritten', false,
           'partitionKey', CASE WHEN t.relkind = 'p' THEN pg_get_partkeydef(t.oid) END,
           'partitionBound', CASE WHEN t.relispartition AND h.parents IS NOT NULL
                                  THEN pg_get_expr(t.relpartbound, t.oid) END,
           'parents', coalesce(h.parents, '[]'),
           'options', to_jsonb(coalesce(t.reloptions, '{}') || coalesce((
               SELECT array_agg('toast.' || o.option)
                 FROM pg_class toast, unnest(toast.reloptions) AS o(option)
                WHERE toast.oid = t.reltoastrelid), '{}')),
           'rowSecurity', concat_ws(' ', CASE WHEN t.relrowsecurity THEN 'enabled' END,
                                         CASE WHEN t.relforcerowsecurity THEN 'forced' END),
           'owner', pg_get_userbyid(t.relowner)::text,
           -- All rights taken away is not the same as none ever given: it is one that grants nothing.
           'grants', to_jsonb(CASE WHEN cardinality(t.relacl) = 0
                                   THEN ARRAY['=/' || quote_ident(pg_get_userbyid(t.relowner))]
                                   ELSE coalesce(t.relacl::text[], '{}') END),
           'comment', obj_description(t.oid, 'pg_class'),
           'references', coalesce(r.structural, '[]'),
           'defaultReferences', coalesce(r.ofdefaults, '[]'),
           'extension', (SELECT e.extname::text
                           FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
                          WHERE d.classid = 'pg_class'::regclass AND d.objid = t.oid AND d.objsubid = 0
                            AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'),
           -- Only of its own tables can whoever has no superuser read and publish the rows.
           'configuration', EXISTS (SELECT FROM pg_extension e WHERE t.oid = ANY (e.extconfig))
                            AND pg_has_role(t.relowner, 'USAGE'),
           'accessMethod', (SELECT m.amname::text FROM pg_am m
                             WHERE m.oid = t.relam AND (t.relkind = 'p' OR m.amname <> 'heap')))
  FROM pg_class t
  JOIN pg_namespace n ON n.oid = t.relnamespace
 CROSS JOIN LATERAL (
           SELECT jsonb_agg(i.inhparent::bigint ORDER BY i.inhseqno) AS parents
             FROM pg_inherits i
            WHERE i.inhrelid = t.oid AND NOT i.inhdetachpending) h
 CROSS JOIN LATERAL (
           SELECT jsonb_agg(DISTINCT u.reference) FILTER (WHERE u.structural) AS structural,
                  jsonb_agg(DISTINCT u.reference) FILTER (WHERE NOT u.structural) AS ofdefaults
             FROM (SELECT x.structural, {reference x.refclassid x.refobjid} AS reference
                     FROM (SELECT true AS structural, d.refclassid, d.refobjid
                             FROM pg_depend d
                            WHERE d.classid = 'pg_class'::regclass AND d.objid = t.oid
                            UNION ALL
                           SELECT a.attgenerated <> '', d.refclassid, d.refobjid
                             FROM pg_attrdef f
                             JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = f.adnum
                             JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass
                                             AND d.objid = f.oid
                            WHERE f.adrelid = t.oid) x
                    WHERE x.refobjid <> t.oid) u
            WHERE u.reference IS NOT NULL) r
 WHERE t.relkind IN ('r', 'p') AND {tables}
