-- What a row of the catalog is a part of: an index, a constraint, a trigger and the like of their table,
-- a table's row type of the table, an array type of its element; itself when it is no part.
CREATE OR REPLACE FUNCTION tidemark.whole(class oid, id oid, OUT whole_class oid, OUT whole_id oid)
 LANGUAGE sql STABLE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
WITH element AS (
    SELECT coalesce((SELECT l.oid FROM pg_type l JOIN pg_type r ON l.oid = r.typelem AND l.typarray = r.oid
                      WHERE r.oid = $2),
                    (SELECT r.rngtypid FROM pg_range r WHERE r.rngmultitypid = $2), $2) AS id
     WHERE $1 = 'pg_type'::regclass
), relation AS (
    SELECT CASE $1
               WHEN 'pg_class'::regclass THEN coalesce(
                   (SELECT x.indrelid FROM pg_index x WHERE x.indexrelid = $2),
                   (SELECT d.refobjid FROM pg_depend d
                     WHERE d.classid = 'pg_class'::regclass AND d.objid = $2 AND d.objsubid = 0
                       AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i'), $2)
               WHEN 'pg_constraint'::regclass THEN (SELECT k.conrelid FROM pg_constraint k WHERE k.oid = $2)
               WHEN 'pg_trigger'::regclass THEN (SELECT g.tgrelid FROM pg_trigger g WHERE g.oid = $2)
               WHEN 'pg_rewrite'::regclass THEN (SELECT w.ev_class FROM pg_rewrite w WHERE w.oid = $2)
               WHEN 'pg_policy'::regclass THEN (SELECT p.polrelid FROM pg_policy p WHERE p.oid = $2)
               WHEN 'pg_attrdef'::regclass THEN (SELECT f.adrelid FROM pg_attrdef f WHERE f.oid = $2)
               WHEN 'pg_statistic_ext'::regclass
                   THEN (SELECT s.stxrelid FROM pg_statistic_ext s WHERE s.oid = $2)
               WHEN 'pg_type'::regclass
                   THEN (SELECT t.typrelid FROM pg_type t JOIN element e ON t.oid = e.id)
           END AS id
), type AS (
    SELECT CASE $1
               WHEN 'pg_type'::regclass THEN (SELECT e.id FROM element e)
               WHEN 'pg_constraint'::regclass THEN (SELECT k.contypid FROM pg_constraint k WHERE k.oid = $2)
               WHEN 'pg_class'::regclass
                   THEN (SELECT c.reltype FROM pg_class c WHERE c.oid = $2 AND c.relkind = 'c')
               WHEN 'pg_proc'::regclass THEN (
                   SELECT d.refobjid FROM pg_depend d
                    WHERE d.classid = 'pg_proc'::regclass AND d.objid = $2 AND d.deptype = 'i'
                      AND d.refclassid = 'pg_type'::regclass)
           END AS id
), operator_class AS (
    SELECT d.refobjid AS id FROM pg_depend d
     WHERE $1 IN ('pg_amop'::regclass, 'pg_amproc'::regclass) AND d.classid = $1 AND d.objid = $2
       AND d.refclassid = 'pg_opclass'::regclass
     LIMIT 1
)
SELECT w.class, w.id
  FROM (SELECT 1 AS place, 'pg_class'::regclass::oid AS class, c.oid AS id
          FROM relation r JOIN pg_class c ON c.oid = r.id AND c.relkind <> 'c'
         UNION ALL
        SELECT 2, 'pg_type'::regclass, t.id FROM type t WHERE t.id <> 0
         UNION ALL
        SELECT 3, 'pg_opclass'::regclass, o.id FROM operator_class o
         UNION ALL
        SELECT 4, $1, $2) w
 ORDER BY w.place
 LIMIT 1
$tidemark$;

-- All that a command may have changed, from what it names: the whole of each thing, its parts, tables that
-- inherit; after ALTER also the things whose definition names it.
CREATE OR REPLACE FUNCTION tidemark.touched(
    command text, classes oid[], ids oid[], OUT all_classes oid[], OUT all_ids oid[])
 LANGUAGE plpgsql STABLE
 SET search_path = pg_catalog, pg_temp
 -- These would read all of the catalog, however large, to join it with the few things of a command.
 SET enable_hashjoin = off
 SET enable_mergejoin = off
AS $tidemark$
BEGIN
    WITH RECURSIVE named AS (
        SELECT u.class, u.id FROM unnest(classes, ids) AS u(class, id)
         UNION
        -- Their names hold that of their schema.
        SELECT d.classid, d.objid
          FROM unnest(classes, ids) AS u(class, id)
          JOIN pg_depend d ON d.refclassid = u.class AND d.refobjid = u.id
         WHERE command = 'ALTER SCHEMA' AND u.class = 'pg_namespace'::regclass AND d.deptype = 'n'
            OR u.class = 'pg_extension'::regclass AND d.deptype = 'e'
               AND (command = 'ALTER EXTENSION'
                    -- Its tables have rows, and its members may have rights that its script does not give.
                    OR command = 'CREATE EXTENSION'
                       AND (d.classid = 'pg_class'::regclass OR EXISTS (SELECT FROM pg_default_acl)
                            OR EXISTS (SELECT FROM pg_proc p
                                        WHERE d.classid = 'pg_proc'::regclass AND p.oid = d.objid AND {altered p d})))
    ), tree(class, id) AS (
        SELECT w.whole_class, w.whole_id
          FROM named n CROSS JOIN LATERAL tidemark.whole(n.class, n.id) w
         UNION
        SELECT 'pg_class'::regclass::oid, i.inhrelid
          FROM tree t JOIN pg_inherits i ON i.inhparent = t.id
         WHERE t.class = 'pg_class'::regclass AND command NOT IN ('COMMENT', 'GRANT', 'REVOKE')
    ), attached(class, id) AS (
        -- ATTACH and DETACH name the parent only; the partition's row is as new as this transaction.
        SELECT w.whole_class, w.whole_id
          FROM pg_class c CROSS JOIN LATERAL tidemark.whole('pg_class'::regclass, c.oid) w
         WHERE command IN ('ALTER TABLE', 'ALTER INDEX') AND c.relkind IN ('r', 'p', 'f', 'i', 'I')
           AND EXISTS (SELECT FROM tree t JOIN pg_class p ON p.oid = t.id
                        WHERE t.class = 'pg_class'::regclass AND p.relkind = 'p')
           AND age(c.xmin) <= age(pg_current_xact_id()::xid)
    ), changed(class, id) AS (
        SELECT * FROM tree UNION SELECT * FROM attached
    ), spoken(class, id) AS ( -- also by the names of their row and array types
        SELECT * FROM changed
         UNION
        SELECT 'pg_type'::regclass, x.id
          FROM changed s
          JOIN pg_class c ON s.class = 'pg_class'::regclass AND c.oid = s.id
          JOIN pg_type t ON t.oid = c.reltype
         CROSS JOIN LATERAL (VALUES (t.oid), (t.typarray)) AS x(id)
         UNION
        SELECT 'pg_type'::regclass, t.typarray
          FROM changed s JOIN pg_type t ON s.class = 'pg_type'::regclass AND t.oid = s.id
    ), dependents(class, id) AS (
        SELECT d.classid, d.objid
          FROM spoken s JOIN pg_depend d ON d.refclassid = s.class AND d.refobjid = s.id
         WHERE command LIKE 'ALTER %' AND s.id <> 0 AND d.deptype IN ('n', 'a', 'i')
    ), speaking(class, id) AS (
        SELECT * FROM dependents
         UNION
        -- Members of operator classes and families say the types of their operators and functions.
        SELECT m.classid, m.objid
          FROM dependents d JOIN pg_depend m ON m.refclassid = d.class AND m.refobjid = d.id
         WHERE m.classid IN ('pg_amop'::regclass, 'pg_amproc'::regclass)
    ), wholes(class, id) AS (
        SELECT * FROM changed
         UNION
        -- Of a dependent that is a part, such as a foreign key, the rest does not change.
        SELECT CASE WHEN p.is_alone THEN s.class ELSE w.whole_class END,
               CASE WHEN p.is_alone THEN s.id ELSE w.whole_id END
          FROM speaking s
         CROSS JOIN LATERAL tidemark.whole(s.class, s.id) w
         CROSS JOIN LATERAL (
                   SELECT s.class IN ('pg_constraint'::regclass, 'pg_trigger'::regclass,
                                      'pg_policy'::regclass, 'pg_statistic_ext'::regclass)
                          OR s.class = 'pg_class'::regclass
                             AND EXISTS (SELECT FROM pg_index x WHERE x.indexrelid = s.id)
                          OR s.class = 'pg_rewrite'::regclass
                             AND EXISTS (SELECT FROM pg_rewrite r WHERE r.oid = s.id AND r.rulename <> '_RETURN')
                          AS is_alone) p
    ), relations AS MATERIALIZED (
        SELECT w.id FROM wholes w WHERE w.class = 'pg_class'::regclass
    ), types AS MATERIALIZED (
        SELECT w.id FROM wholes w WHERE w.class = 'pg_type'::regclass
    ), families AS MATERIALIZED (
        SELECT w.id FROM wholes w WHERE w.class = 'pg_opfamily'::regclass
         UNION
        SELECT c.opcfamily FROM wholes w JOIN pg_opclass c ON w.class = 'pg_opclass'::regclass AND c.oid = w.id
    ), parts(class, id) AS (
        SELECT 'pg_class'::regclass, x.indexrelid FROM pg_index x JOIN relations r ON x.indrelid = r.id
         UNION ALL
        SELECT 'pg_constraint'::regclass, k.oid FROM pg_constraint k JOIN relations r ON k.conrelid = r.id
         UNION ALL
        SELECT 'pg_constraint'::regclass, k.oid FROM pg_constraint k JOIN types t ON k.contypid = t.id
         UNION ALL
        SELECT 'pg_trigger'::regclass, g.oid FROM pg_trigger g JOIN relations r ON g.tgrelid = r.id
         UNION ALL
        -- Those of a foreign key are on other relations too, and name it.
        SELECT 'pg_trigger'::regclass, g.oid
          FROM pg_constraint k
          JOIN relations r ON k.conrelid = r.id
          JOIN pg_trigger g ON g.tgconstraint = k.oid
         UNION ALL
        SELECT 'pg_rewrite'::regclass, w.oid FROM pg_rewrite w JOIN relations r ON w.ev_class = r.id
         UNION ALL
        SELECT 'pg_policy'::regclass, p.oid FROM pg_policy p JOIN relations r ON p.polrelid = r.id
         UNION ALL
        SELECT 'pg_authid'::regclass, role.id
          FROM pg_policy p JOIN relations r ON p.polrelid = r.id, unnest(p.polroles) AS role(id)
         UNION ALL
        SELECT 'pg_statistic_ext'::regclass, s.oid FROM pg_statistic_ext s JOIN relations r ON s.stxrelid = r.id
         UNION ALL
        SELECT 'pg_attrdef'::regclass, f.oid FROM pg_attrdef f JOIN relations r ON f.adrelid = r.id
         UNION ALL
        SELECT 'pg_class'::regclass, d.objid
          FROM pg_depend d JOIN relations r ON d.refobjid = r.id
         WHERE d.refclassid = 'pg_class'::regclass AND d.classid = 'pg_class'::regclass AND d.deptype = 'i'
         UNION ALL
        SELECT 'pg_class'::regclass, y.typrelid
          FROM pg_type y JOIN types t ON y.oid = t.id WHERE y.typrelid <> 0
         UNION ALL
        SELECT d.classid, d.objid
          FROM wholes w JOIN pg_depend d ON d.refclassid = w.class AND d.refobjid = w.id
         WHERE w.class = 'pg_publication'::regclass
         UNION ALL
        SELECT 'pg_amop'::regclass, o.oid FROM pg_amop o JOIN families f ON o.amopfamily = f.id WHERE o.oid >= 16384
         UNION ALL
        SELECT 'pg_amproc'::regclass, p.oid FROM pg_amproc p JOIN families f ON p.amprocfamily = f.id WHERE p.oid >= 16384
    )
    SELECT coalesce(array_agg(a.class), '{}'), coalesce(array_agg(a.id), '{}')
      INTO all_classes, all_ids
      FROM (SELECT w.class, w.id FROM wholes w UNION SELECT p.class, p.id FROM parts p) a
     WHERE a.id <> 0;
END
$tidemark$;

-- What the commands changed that do not name it (GRANT and the like): all whose row in the catalog is as
-- new as this transaction.
CREATE OR REPLACE FUNCTION tidemark.written(OUT class oid, OUT id oid) RETURNS SETOF record
 LANGUAGE sql STABLE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
SELECT w.class, w.id
  FROM (SELECT 'pg_class'::regclass::oid AS class, c.oid AS id, c.xmin FROM pg_class c
         UNION ALL SELECT 'pg_class'::regclass, a.attrelid, a.xmin FROM pg_attribute a
         UNION ALL SELECT 'pg_proc'::regclass, p.oid, p.xmin FROM pg_proc p
         UNION ALL SELECT 'pg_type'::regclass, t.oid, t.xmin FROM pg_type t
         UNION ALL SELECT 'pg_namespace'::regclass, n.oid, n.xmin FROM pg_namespace n
         UNION ALL SELECT 'pg_language'::regclass, l.oid, l.xmin FROM pg_language l
         UNION ALL SELECT 'pg_policy'::regclass, p.oid, p.xmin FROM pg_policy p
         UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, f.oid, f.xmin FROM pg_foreign_data_wrapper f
         UNION ALL SELECT 'pg_foreign_server'::regclass, s.oid, s.xmin FROM pg_foreign_server s
         UNION ALL SELECT 'pg_default_acl'::regclass, d.oid, d.xmin FROM pg_default_acl d) w
 WHERE age(w.xmin) <= age(pg_current_xact_id()::xid)
$tidemark$;

-- All the references, as kind:id, that a table or object may have that was or is the row id of class.
CREATE OR REPLACE FUNCTION tidemark.object_references(class oid, id oid) RETURNS SETOF text
 LANGUAGE sql STABLE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
SELECT kind || ':' || $2
  FROM unnest(CASE $1
           WHEN 'pg_class'::regclass
               THEN ARRAY['table', 'index', 'index attachment', 'view', 'materialized view', 'refresh', 'sequence',
                          'foreign table', 'typed table', 'rights to relation', 'labels of relation']
           WHEN 'pg_constraint'::regclass
               THEN ARRAY['primary key', 'unique', 'exclusion', 'foreign key', 'check', 'check validation',
                          'not null', 'domain check']
           WHEN 'pg_type'::regclass
               THEN ARRAY['enum', 'domain', 'composite', 'range', 'base type', 'rights to type', 'labels of type']
           WHEN 'pg_proc'::regclass
               THEN ARRAY['function', 'procedure', 'aggregate', 'rights to function', 'altered function',
                          'labels of routine']
           WHEN 'pg_namespace'::regclass THEN ARRAY['schema', 'rights to schema', 'labels of schema']
           WHEN 'pg_language'::regclass THEN ARRAY['language', 'rights to language', 'labels of language']
           WHEN 'pg_event_trigger'::regclass THEN ARRAY['event trigger', 'labels of event trigger']
           WHEN 'pg_publication'::regclass THEN ARRAY['publication', 'labels of publication']
           WHEN 'pg_foreign_data_wrapper'::regclass
               THEN ARRAY['foreign data wrapper', 'rights to foreign data wrapper']
           WHEN 'pg_trigger'::regclass THEN ARRAY['trigger', 'internal trigger']
           WHEN 'pg_rewrite'::regclass THEN ARRAY['rule']
           WHEN 'pg_subscription'::regclass THEN ARRAY['subscription']
           WHEN 'pg_default_acl'::regclass THEN ARRAY['default privileges']
           ELSE ARRAY[split_part({reference $1 $2}, ':', 1)]
       END) AS kind
 WHERE kind <> ''
$tidemark$;
