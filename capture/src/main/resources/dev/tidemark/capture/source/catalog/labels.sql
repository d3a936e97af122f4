-- Security labels, those of a relation with those of its columns. They have no numbers of their own.
SELECT k.kind, l.objoid::bigint AS id, '' AS schema, k.name, l.definition,
       'AFTER_ROWS' AS stage, '' AS owner, '{}'::text[] AS grants, '{}'::text[] AS revoked,
       NULL::jsonb AS column_grants, NULL AS comment, '' AS address,
       CASE WHEN l.classoid = 'pg_class'::regclass THEN {reference l.classoid l.objoid} END AS part_of
  FROM (SELECT s.classoid, s.objoid,
               array_agg(format('SECURITY LABEL FOR %I ON %s %s IS %L', s.provider,
                                CASE WHEN s.objsubid > 0 THEN 'COLUMN'
                                     WHEN s.classoid = 'pg_proc'::regclass THEN 'ROUTINE'
                                     WHEN i.type = 'composite type' THEN 'TYPE'
                                     ELSE upper(i.type) END, i.identity, s.label)
                         ORDER BY s.objsubid, s.provider COLLATE "C") AS definition
          FROM pg_seclabel s
         CROSS JOIN LATERAL pg_identify_object(s.classoid, s.objoid, s.objsubid) i
         WHERE {which s.classoid s.objoid}
         GROUP BY s.classoid, s.objoid) l
 CROSS JOIN LATERAL (
           SELECT CASE l.classoid
                      WHEN 'pg_class'::regclass THEN 'labels of relation'
                      WHEN 'pg_proc'::regclass THEN 'labels of routine'
                      WHEN 'pg_type'::regclass THEN 'labels of type'
                      WHEN 'pg_namespace'::regclass THEN 'labels of schema'
                      WHEN 'pg_language'::regclass THEN 'labels of language'
                      WHEN 'pg_event_trigger'::regclass THEN 'labels of event trigger'
                      WHEN 'pg_publication'::regclass THEN 'labels of publication'
                  END AS kind,
                  i.identity AS name, coalesce(i.schema, '') AS schema
             FROM pg_identify_object(l.classoid, l.objoid, 0) i) k
 WHERE k.kind IS NOT NULL AND k.schema !~ '^tidemark(_restore)?$' AND k.name !~ '^tidemark(_restore)?$'
   AND NOT (k.kind IN ('labels of event trigger', 'labels of publication') AND k.name LIKE 'tidemark\_%')
