-- Rights that were changed on what belongs to PostgreSQL or to an extension: those that came, and those that
-- went. What it began with stands in pg_init_privs, or is what its kind comes with; of what is in
-- information_schema nothing tells it.
SELECT r.kind, r.id::bigint AS id, r.schema::text AS schema, r.name::text AS name,
       '{}'::text[] AS definition, 'AFTER_ROWS' AS stage, pg_get_userbyid(r.owner)::text AS owner,
       r.grants, r.revoked, r.column_grants, NULL AS comment, r.address, NULL AS part_of
  FROM (SELECT o.*, columns.grants AS column_grants,
               {rights a.now a.first} AS grants, {rights a.first a.now} AS revoked
          FROM (SELECT 'rights to relation' AS kind, 'pg_class'::regclass::oid AS class, c.oid AS id, n.nspname AS schema,
                       c.relname AS name, c.relowner AS owner, c.relacl AS acl,
                       CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char" AS type,
                       format('%s %I.%I', CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
                              n.nspname, c.relname) AS address
                  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
                 UNION ALL
                -- Named by the types of its arguments, an aggregate too.
                SELECT 'rights to function', 'pg_proc'::regclass, p.oid, n.nspname, p.proname, p.proowner, p.proacl, 'f',
                       format('ROUTINE %I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes))
                  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                 UNION ALL
                SELECT 'rights to type', 'pg_type'::regclass, t.oid, n.nspname, t.typname, t.typowner, t.typacl, 'T',
                       format('TYPE %I.%I', n.nspname, t.typname)
                  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
                 UNION ALL
                SELECT 'rights to schema', 'pg_namespace'::regclass, n.oid, n.nspname, n.nspname, n.nspowner, n.nspacl, 'n',
                       format('SCHEMA %I', n.nspname)
                  FROM pg_namespace n
                 WHERE n.nspname <> 'public'
                 UNION ALL
                SELECT 'rights to language', 'pg_language'::regclass, l.oid, '', l.lanname, l.lanowner, l.lanacl, 'l',
                       format('LANGUAGE %I', l.lanname)
                  FROM pg_language l
                 UNION ALL
                SELECT 'rights to foreign data wrapper', 'pg_foreign_data_wrapper'::regclass, w.oid, '', w.fdwname,
                       w.fdwowner, w.fdwacl, 'F', format('FOREIGN DATA WRAPPER %I', w.fdwname)
                  FROM pg_foreign_data_wrapper w) o
          LEFT JOIN pg_init_privs i ON i.objoid = o.id AND i.classoid = o.class AND i.objsubid = 0
         CROSS JOIN LATERAL (
                   SELECT coalesce(o.acl, acldefault(o.type, o.owner)) AS now,
                          coalesce(i.initprivs, acldefault(o.type, o.owner)) AS first) a
         CROSS JOIN LATERAL (
                   SELECT jsonb_agg(jsonb_build_object('column', c.name, 'grants', c.grants, 'revoked', c.revoked)
                                    ORDER BY c.place) AS grants
                     FROM (SELECT t.attnum AS place, t.attname::text AS name,
                                  {rights t.attacl ci.initprivs} AS grants, {rights ci.initprivs t.attacl} AS revoked
                             FROM pg_attribute t
                             LEFT JOIN pg_init_privs ci ON ci.objoid = t.attrelid AND ci.objsubid = t.attnum
                                                       AND ci.classoid = 'pg_class'::regclass
                            WHERE o.class = 'pg_class'::regclass AND t.attrelid = o.id AND NOT t.attisdropped
                              AND (t.attacl IS NOT NULL OR ci.initprivs IS NOT NULL)) c
                    WHERE c.grants <> '{}' OR c.revoked <> '{}') columns
         WHERE {which o.class o.id}
           AND (o.id < 16384 AND o.schema IN ('', 'pg_catalog')
                OR EXISTS (SELECT FROM pg_depend e
                            WHERE e.classid = o.class AND e.objid = o.id AND e.objsubid = 0 AND e.deptype = 'e'))
           AND (o.acl IS NOT NULL OR i.initprivs IS NOT NULL OR columns.grants IS NOT NULL)) r
 WHERE r.grants <> '{}' OR r.revoked <> '{}' OR r.column_grants IS NOT NULL
