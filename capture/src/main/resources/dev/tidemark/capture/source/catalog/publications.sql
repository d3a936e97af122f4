-- Publications of users, and what each was given to publish: tables, from PostgreSQL 15 on schemas too.
SELECT 'publication' AS kind, 'pg_publication'::regclass AS class, p.oid AS id, '' AS schema,
       p.pubname::text AS name,
       ARRAY[format('CREATE PUBLICATION %I%s WITH (%s)', p.pubname,
           CASE WHEN p.puballtables THEN ' FOR ALL TABLES' END,
           concat_ws(', ',
               format('publish = %L', concat_ws(', ',
                   CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
                   CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END)),
               CASE WHEN p.pubviaroot THEN 'publish_via_partition_root = true' END,
               CASE WHEN to_jsonb(p) ->> 'pubgencols' = 's' THEN 'publish_generated_columns = stored' END))]
       AS definition,
       'AFTER_ROWS' AS stage, p.pubowner AS owner, NULL::aclitem[] AS acl,
       format('PUBLICATION %I', p.pubname) AS address
  FROM pg_publication p
 WHERE p.pubname !~ '^tidemark_'
 UNION ALL
SELECT 'publication table', 'pg_publication_rel'::regclass, r.oid, '',
       format('%I.%I IN %I', n.nspname, t.relname, p.pubname),
       ARRAY[format('ALTER PUBLICATION %I ADD TABLE ONLY %I.%I%s%s', p.pubname, n.nspname, t.relname,
           (SELECT ' (' || string_agg(quote_ident(a.attname), ', ' ORDER BY k.place) || ')'
              FROM unnest(x.columns::smallint[]) WITH ORDINALITY AS k(attnum, place)
              JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum),
           ' WHERE (' || pg_get_expr(x.condition, t.oid) || ')')],
       'AFTER_ROWS', 0::oid, NULL, ''
       -- PostgreSQL 14 has no such columns: there the names below are these.
  FROM (SELECT NULL::int2vector AS prattrs, NULL::pg_node_tree AS prqual) absent
 CROSS JOIN pg_publication_rel r
  JOIN pg_publication p ON p.oid = r.prpubid
  JOIN pg_class t ON t.oid = r.prrelid
  JOIN pg_namespace n ON n.oid = t.relnamespace
 CROSS JOIN LATERAL (SELECT (SELECT prattrs FROM pg_publication_rel s WHERE s.oid = r.oid) AS columns,
                            (SELECT prqual FROM pg_publication_rel s WHERE s.oid = r.oid) AS condition) x
 WHERE p.pubname !~ '^tidemark_' AND n.nspname !~ '^tidemark(_restore)?$'
 UNION ALL
-- By their dependencies, since PostgreSQL 14 has no table of them.
SELECT 'publication schema', to_regclass('pg_publication_namespace'), d.objid, '', format('%I IN %I', n.nspname, p.pubname),
       ARRAY[format('ALTER PUBLICATION %I ADD TABLES IN SCHEMA %I', p.pubname, n.nspname)],
       'AFTER_ROWS', 0::oid, NULL, ''
  FROM pg_depend d
  JOIN pg_publication p ON d.refclassid = 'pg_publication'::regclass AND p.oid = d.refobjid
  JOIN pg_depend o ON o.classid = d.classid AND o.objid = d.objid AND o.refclassid = 'pg_namespace'::regclass
  JOIN pg_namespace n ON n.oid = o.refobjid
 WHERE d.classid = to_regclass('pg_publication_namespace')
   AND p.pubname !~ '^tidemark_' AND n.nspname !~ '^tidemark(_restore)?$'
