-- What needs what among the objects other than tables, each as kind:id. A sequence does not need the
-- column that owns it ('a'), unless it is an identity's ('i').
SELECT DISTINCT u.object, u.reference
  FROM (SELECT {reference d.classid d.objid} AS object,
               {reference d.refclassid d.refobjid} AS reference
          FROM pg_depend d
         WHERE d.objid >= 16384
           AND d.deptype IN ('n', 'a', 'i', 'P', 'S')
           AND d.refclassid <> 0
           AND (d.refobjid >= 16384 OR d.refclassid = 'pg_namespace'::regclass)
           AND NOT (d.classid = 'pg_class'::regclass AND d.deptype = 'a'
                    AND EXISTS (SELECT FROM pg_sequence s WHERE s.seqrelid = d.objid))
         UNION ALL
        SELECT 'index attachment:' || h.inhrelid, {reference 'pg_class'::regclass x.index}
          FROM pg_inherits h
          JOIN pg_index i ON i.indexrelid = h.inhrelid
         CROSS JOIN LATERAL unnest(ARRAY[h.inhrelid, h.inhparent]) AS x(index)
         UNION ALL
        SELECT 'refresh:' || c.oid, 'materialized view:' || c.oid
          FROM pg_class c
         WHERE c.relkind = 'm'
         UNION ALL
        SELECT 'typed table:' || c.oid, 'table:' || c.oid
          FROM pg_class c
         WHERE c.reloftype <> 0) u
 WHERE u.object <> u.reference AND u.object NOT LIKE 'table:%'
