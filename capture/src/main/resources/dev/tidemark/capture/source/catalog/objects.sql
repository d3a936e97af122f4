-- The objects of one query {objects}, and of {which}, that users made: not those of the server, of an
-- extension, of Tidemark. Numbers below 16384 were given by initdb; of those only the schema public counts.
SELECT o.kind, o.id::bigint, o.schema, o.name,
       o.definition
       || ARRAY(SELECT format('ALTER %s DEPENDS ON EXTENSION %I', o.address, e.extname)
                  FROM pg_depend d
                  JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
                 WHERE d.classid = o.class AND d.objid = o.id AND d.deptype = 'x'
                   AND o.kind IN ('function', 'procedure', 'trigger', 'index', 'materialized view')
                 ORDER BY e.extname) AS definition,
       o.stage,
       coalesce(r.rolname::text, '') AS owner,
       -- All rights taken away is not the same as none ever given: it is one that grants nothing.
       CASE WHEN cardinality(o.acl) = 0 THEN ARRAY['=/' || quote_ident(r.rolname)]
            ELSE coalesce(o.acl::text[], '{}') END AS grants,
       '{}'::text[] AS revoked,
       CASE WHEN o.kind IN ('view', 'materialized view', 'foreign table')
            THEN (SELECT jsonb_agg(jsonb_build_object('column', a.attname::text,
                                                      'grants', to_jsonb(a.attacl::text[]),
                                                      'revoked', '[]'::jsonb)
                                   ORDER BY a.attnum)
                    FROM pg_attribute a
                   WHERE a.attrelid = o.id AND a.attnum > 0 AND NOT a.attisdropped
                     AND a.attacl IS NOT NULL)
       END AS column_grants,
       CASE WHEN o.kind NOT IN ('refresh', 'typed table', 'index attachment', 'check validation', 'role')
            THEN obj_description(o.id, (SELECT c.relname FROM pg_class c WHERE c.oid = o.class))
       END AS comment,
       o.address,
       CASE WHEN whole.id <> 0 THEN {reference whole.class whole.id} END AS part_of
  FROM ({objects}) o
  LEFT JOIN pg_roles r ON r.oid = o.owner
 CROSS JOIN LATERAL (
           SELECT CASE WHEN o.kind = 'domain check' THEN 'pg_type'::regclass
                       ELSE 'pg_class'::regclass END AS class,
                  CASE o.class
                      WHEN 'pg_constraint'::regclass THEN (
                          SELECT greatest(k.conrelid, k.contypid) FROM pg_constraint k WHERE k.oid = o.id)
                      WHEN 'pg_trigger'::regclass THEN (
                          SELECT g.tgrelid FROM pg_trigger g WHERE g.oid = o.id)
                      WHEN 'pg_rewrite'::regclass THEN (
                          SELECT u.ev_class FROM pg_rewrite u WHERE u.oid = o.id)
                      WHEN 'pg_policy'::regclass THEN (
                          SELECT p.polrelid FROM pg_policy p WHERE p.oid = o.id)
                      WHEN 'pg_statistic_ext'::regclass THEN (
                          SELECT s.stxrelid FROM pg_statistic_ext s WHERE s.oid = o.id)
                      WHEN 'pg_class'::regclass THEN
                          CASE WHEN o.kind IN ('refresh', 'typed table') THEN o.id
                               WHEN o.kind IN ('index', 'index attachment') THEN (
                                   SELECT x.indrelid FROM pg_index x WHERE x.indexrelid = o.id)
                               WHEN o.kind = 'sequence' THEN (
                                   SELECT d.refobjid FROM pg_depend d
                                    WHERE d.classid = 'pg_class'::regclass AND d.objid = o.id
                                      AND d.objsubid = 0 AND d.deptype = 'i'
                                      AND d.refclassid = 'pg_class'::regclass)
                          END
                  END AS id) whole
 WHERE {which o.class o.id}
   AND o.schema !~ '^(pg_|information_schema$|tidemark(_restore)?$)'
   AND (o.id >= 16384 OR o.kind = 'schema')
   AND NOT EXISTS (SELECT FROM pg_depend e
                    WHERE (e.classid = o.class AND e.objid = o.id
                           OR e.deptype = 'e' AND e.classid = whole.class AND e.objid = whole.id)
                      AND e.objsubid = 0
                      AND (e.deptype = 'e'
                           -- The constructors and the cast of a range come with its type.
                           OR e.deptype = 'i'
                              AND o.class IN ('pg_proc'::regclass, 'pg_cast'::regclass)))
