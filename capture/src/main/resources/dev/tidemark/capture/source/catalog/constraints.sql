-- Constraints of tables, indexes, how those of partitions belong together, and statistics objects.
-- Inherited checks and the copies that a foreign key has in partitions come with their parents.
SELECT CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'x' THEN 'exclusion'
                      WHEN 'f' THEN 'foreign key' WHEN 'n' THEN 'not null' ELSE 'check' END AS kind,
       'pg_constraint'::regclass AS class, k.oid AS id,
       n.nspname::text AS schema, k.conname::text AS name,
       ARRAY[format('ALTER TABLE %s%I.%I ADD CONSTRAINT %I %s',
                    CASE WHEN k.contype IN ('p', 'u', 'x') THEN 'ONLY ' ELSE '' END,
                    n.nspname, t.relname, k.conname, pg_get_constraintdef(k.oid))]
       || ARRAY(SELECT format('ALTER INDEX %I.%I SET (%s)', n.nspname, i.relname,
                              string_agg(format('%s = %L', o.name, o.value), ', ' ORDER BY o.place))
                  FROM pg_class i,
                       pg_options_to_table(i.reloptions) WITH ORDINALITY AS o(name, value, place)
                 WHERE i.oid = k.conindid AND k.contype IN ('p', 'u', 'x')
                 GROUP BY i.relname)
       || ARRAY(SELECT format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY USING INDEX %I',
                              n.nspname, t.relname, i.relname)
                  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
                 WHERE x.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
                   AND x.indisreplident AND t.relreplident = 'i')
       || ARRAY(SELECT format('ALTER TABLE ONLY %I.%I CLUSTER ON %I', n.nspname, t.relname, i.relname)
                  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
                 WHERE x.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x') AND x.indisclustered)
       || ARRAY(SELECT format('COMMENT ON INDEX %I.%I IS %L', n.nspname, i.relname, d.description)
                  FROM pg_class i
                  JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = i.oid
                                       AND d.objsubid = 0
                 WHERE i.oid = k.conindid AND k.contype IN ('p', 'u', 'x'))
       AS definition,
       'AFTER_ROWS' AS stage, 0::oid AS owner, NULL::aclitem[] AS acl,
       format('CONSTRAINT %I ON %I.%I', k.conname, n.nspname, t.relname) AS address
  FROM pg_constraint k
  JOIN pg_class t ON t.oid = k.conrelid
  JOIN pg_namespace n ON n.oid = t.relnamespace
 WHERE k.contype IN ('p', 'u', 'x')
    OR k.contype = 'f' AND k.conparentid = 0
    OR k.contype = 'c' AND k.conislocal
    OR k.contype = 'n' AND k.conislocal AND NOT k.convalidated
 UNION ALL
-- A child that was created after its parent's check or NOT NULL was added NOT VALID had no rows to break it; of a
-- partition the copy of a foreign key may be validated alone.
SELECT 'check validation', 'pg_constraint'::regclass, k.oid, n.nspname, k.conname,
       ARRAY[format('ALTER TABLE %I.%I VALIDATE CONSTRAINT %I', n.nspname, t.relname, k.conname)],
       'AFTER_ROWS', 0::oid, NULL, ''
  FROM pg_constraint k
  JOIN pg_class t ON t.oid = k.conrelid
  JOIN pg_namespace n ON n.oid = t.relnamespace
 WHERE k.contype IN ('c', 'n') AND NOT k.conislocal AND k.convalidated
   AND EXISTS (SELECT FROM pg_inherits h
                 JOIN pg_constraint p ON p.conrelid = h.inhparent AND p.conname = k.conname
                WHERE h.inhrelid = k.conrelid AND p.contype = k.contype AND NOT p.convalidated)
    OR k.contype = 'f' AND k.convalidated
   AND EXISTS (SELECT FROM pg_constraint p
                WHERE p.oid = k.conparentid AND p.conrelid <> k.conrelid AND NOT p.convalidated)
 UNION ALL
-- An index that a broken-off CREATE INDEX CONCURRENTLY left is no part of the schema.
SELECT 'index', 'pg_class'::regclass, i.oid, n.nspname, i.relname,
       ARRAY[pg_get_indexdef(i.oid)]
       || ARRAY(SELECT format('ALTER INDEX %I.%I ALTER COLUMN %s SET STATISTICS %s', n.nspname,
                              i.relname, a.attnum, a.attstattarget)
                  FROM pg_attribute a
                 WHERE a.attrelid = i.oid AND a.attstattarget >= 0 ORDER BY a.attnum)
       || ARRAY(SELECT format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY USING INDEX %I',
                              n.nspname, t.relname, i.relname)
                 WHERE x.indisreplident AND t.relreplident = 'i')
       || ARRAY(SELECT format('ALTER TABLE ONLY %I.%I CLUSTER ON %I', n.nspname, t.relname, i.relname)
                 WHERE x.indisclustered),
       'AFTER_ROWS', 0::oid, NULL, format('INDEX %I.%I', n.nspname, i.relname)
  FROM pg_index x
  JOIN pg_class i ON i.oid = x.indexrelid
  JOIN pg_class t ON t.oid = x.indrelid
  JOIN pg_namespace n ON n.oid = i.relnamespace
 WHERE t.relkind IN ('r', 'p', 'm') AND (x.indisvalid OR t.relkind = 'p') AND x.indisready
   AND NOT EXISTS (SELECT FROM pg_depend d
                    WHERE d.classid = 'pg_class'::regclass AND d.objid = i.oid
                      AND d.refclassid = 'pg_constraint'::regclass AND d.deptype = 'i')
 UNION ALL
SELECT 'index attachment', 'pg_class'::regclass, i.oid, n.nspname, i.relname,
       ARRAY[format('ALTER INDEX %I.%I ATTACH PARTITION %I.%I', pn.nspname, p.relname, n.nspname,
                    i.relname)],
       'AFTER_ROWS', 0::oid, NULL, ''
  FROM pg_inherits h
  JOIN pg_class i ON i.oid = h.inhrelid AND i.relkind IN ('i', 'I')
  JOIN pg_namespace n ON n.oid = i.relnamespace
  JOIN pg_class p ON p.oid = h.inhparent
  JOIN pg_namespace pn ON pn.oid = p.relnamespace
 UNION ALL
SELECT 'statistics', 'pg_statistic_ext'::regclass, s.oid, n.nspname, s.stxname,
       ARRAY[pg_get_statisticsobjdef(s.oid)]
       || ARRAY(SELECT format('ALTER STATISTICS %I.%I SET STATISTICS %s', n.nspname, s.stxname,
                              s.stxstattarget)
                 WHERE s.stxstattarget >= 0),
       'AFTER_ROWS', s.stxowner, NULL, format('STATISTICS %I.%I', n.nspname, s.stxname)
  FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace
