-- What the objects of {which} need, tables left out, each as kind:id. A sequence does not need the
-- column that owns it ('a'), unless it is an identity's ('i'). Each address is looked up once.
WITH dependency AS MATERIALIZED (
    SELECT d.classid AS class, d.objid AS id, d.refclassid AS needed_class, d.refobjid AS needed_id
      FROM pg_depend d
     WHERE d.objid >= 16384
       AND {which d.classid d.objid}
       AND d.deptype IN ('n', 'a', 'i', 'P', 'S', 'x')
       AND (d.refobjid >= 16384 OR d.refclassid = 'pg_namespace'::regclass)
       AND NOT (d.classid = 'pg_class'::regclass AND d.deptype = 'a'
                AND EXISTS (SELECT FROM pg_sequence s WHERE s.seqrelid = d.objid))
       -- A table's row type, toast table and the like, and the triggers of a foreign key.
       AND NOT (d.deptype = 'i'
                AND d.classid IN ('pg_type'::regclass, 'pg_trigger'::regclass)
                AND d.refclassid IN ('pg_class'::regclass, 'pg_constraint'::regclass))
       AND NOT (d.classid = 'pg_trigger'::regclass AND d.refclassid = 'pg_trigger'::regclass)
       AND NOT (d.classid = 'pg_trigger'::regclass
                AND EXISTS (SELECT FROM pg_trigger g
                             WHERE g.oid = d.objid AND g.tgisinternal AND g.tgparentid = 0))
       AND NOT (d.classid = 'pg_class'::regclass
                AND EXISTS (SELECT FROM pg_class c
                             WHERE c.oid = d.objid AND c.relkind IN ('r', 'p', 't')))
       AND NOT (d.classid = 'pg_attrdef'::regclass
                AND EXISTS (SELECT FROM pg_attrdef a JOIN pg_class c ON c.oid = a.adrelid
                             WHERE a.oid = d.objid AND c.relkind IN ('r', 'p')))
), address AS MATERIALIZED (
    SELECT place.class, place.id, {reference place.class place.id} AS reference
      FROM (SELECT d.class, d.id FROM dependency d
             UNION
            SELECT d.needed_class, d.needed_id FROM dependency d
             UNION
            SELECT 'pg_class'::regclass, x.index
              FROM pg_inherits h
              JOIN pg_index i ON i.indexrelid = h.inhrelid
             CROSS JOIN LATERAL unnest(ARRAY[h.inhrelid, h.inhparent]) AS x(index)
             WHERE {which 'pg_class'::regclass h.inhrelid}) place
), named AS MATERIALIZED ( -- to look up in: the planner expects few rows and would compare each with each
    SELECT jsonb_object_agg(concat(a.class, ' ', a.id), a.reference) AS by_address FROM address a
)
SELECT u.object, u.reference
  FROM (SELECT m.by_address ->> concat(d.class, ' ', d.id) AS object,
               m.by_address ->> concat(d.needed_class, ' ', d.needed_id) AS reference
          FROM dependency d CROSS JOIN named m
         UNION
        SELECT 'index attachment:' || h.inhrelid, a.reference
          FROM pg_inherits h
          JOIN pg_index i ON i.indexrelid = h.inhrelid
          JOIN address a ON a.class = 'pg_class'::regclass AND a.id IN (h.inhrelid, h.inhparent)
         WHERE {which 'pg_class'::regclass h.inhrelid}
         UNION
        SELECT 'refresh:' || c.oid, 'materialized view:' || c.oid
          FROM pg_class c
         WHERE c.relkind = 'm' AND {which 'pg_class'::regclass c.oid}
         UNION
        -- A partition's copy of a trigger comes with the first one: those between are no objects.
        SELECT 'trigger:' || g.oid, 'trigger:' || root.id
          FROM pg_trigger g
         CROSS JOIN LATERAL (
                   WITH RECURSIVE up(id) AS (
                       SELECT g.tgparentid
                        UNION ALL
                       SELECT p.tgparentid FROM up u JOIN pg_trigger p ON p.oid = u.id
                   )
                   SELECT p.oid AS id FROM up u JOIN pg_trigger p ON p.oid = u.id WHERE p.tgparentid = 0) root
         WHERE g.tgparentid <> 0 AND {which 'pg_trigger'::regclass g.oid}
         UNION
        SELECT 'typed table:' || c.oid, 'table:' || c.oid
          FROM pg_class c
         WHERE c.reloftype <> 0 AND {which 'pg_class'::regclass c.oid}) u
 WHERE u.object <> u.reference
