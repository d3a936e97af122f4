-- How large tables are, and whether each is still the one that the transaction's snapshot shows. The rows
-- of pg_class and pg_attribute are as of the snapshot; the functions tell what is now. So a column that took
-- over the name of a dropped one is seen too.
SELECT c.oid::bigint AS id,
       pg_relation_filenode(c.oid) = c.relfilenode
           AND to_regclass(format('%I.%I', n.nspname, c.relname)) = c.oid
           AND NOT EXISTS (
               SELECT FROM pg_attribute a, pg_get_object_address(
                          'table column', ARRAY[n.nspname, c.relname, a.attname]::text[], '{}') now
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                  AND now.objsubid <> a.attnum) AS is_unchanged,
       pg_relation_size(c.oid) / current_setting('block_size')::int AS pages,
       current_setting('block_size')::int AS page_bytes,
       c.reltuples AS rows
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.oid = ANY ({ids}::oid[])
