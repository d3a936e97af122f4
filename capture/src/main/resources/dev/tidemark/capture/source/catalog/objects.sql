-- Objects of one query {objects} that users made: not those of the server, of an extension, of
-- Tidemark. Numbers below 16384 were given by initdb; of those only the schema public counts.
SELECT o.kind, o.id::bigint, o.schema, o.name, o.definition, o.stage,
       coalesce(r.rolname::text, '') AS owner, coalesce(o.acl::text[], '{}') AS grants,
       CASE WHEN o.kind NOT IN ('refresh', 'typed table', 'index attachment', 'role')
            THEN obj_description(o.id, (SELECT c.relname FROM pg_class c WHERE c.oid = o.class))
       END AS comment,
       o.address
  FROM ({objects}) o
  LEFT JOIN pg_roles r ON r.oid = o.owner
 WHERE o.schema !~ '^(pg_|information_schema$|tidemark$)'
   AND (o.id >= 16384 OR o.kind = 'schema')
   AND NOT EXISTS (SELECT FROM pg_depend e
                    WHERE e.classid = o.class AND e.objid = o.id AND e.objsubid = 0
                      AND (e.deptype = 'e'
                           -- The constructors and the cast of a range come with its type.
                           OR e.deptype = 'i'
                              AND o.class IN ('pg_proc'::regclass, 'pg_cast'::regclass)))
