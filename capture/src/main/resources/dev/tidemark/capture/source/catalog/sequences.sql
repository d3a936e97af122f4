-- Sequences of {which}, and whom they serve. Who may not read a sequence does not know more than its first
-- value.
SELECT s.seqrelid::bigint AS id, format('%I.%I', n.nspname, c.relname) AS name,
       has_sequence_privilege(s.seqrelid, 'SELECT') AS is_readable, s.seqstart AS first_value,
       d.refobjid::bigint AS owner_table, d.refobjsubid AS owner_column,
       coalesce(d.deptype = 'i', false) AS identity
  FROM pg_sequence s
  JOIN pg_class c ON c.oid = s.seqrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
                       AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
                       AND d.refobjsubid > 0
 WHERE {which 'pg_class'::regclass s.seqrelid}
   AND n.nspname !~ '^(pg_|information_schema$|tidemark(_restore)?$)'
