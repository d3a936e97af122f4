-- What decides how rows are read, in the second way of writing it: look.sql compares no others: the stored columns, their types, whether rows are archived, and the key that
-- tells them apart.
CREATE OR REPLACE FUNCTION tidemark.row_form(id oid) RETURNS text
 LANGUAGE sql STABLE STRICT
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
SELECT '2 ' || md5(concat(t.relpersistence, (
           SELECT string_agg(format('%s %s %s %s', a.attnum, quote_ident(a.attname), a.atttypid, a.atttypmod), ','
                             ORDER BY a.attnum)
             FROM pg_attribute a
            WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
           ' ', {row-key t}))
  FROM pg_class t WHERE t.oid = id
$tidemark$;
