-- Where the sequences of {which} stand and whom they serve. The value is NULL before the first call. Who
-- may not read a sequence does not know more than its first value.
SELECT s.seqrelid::bigint AS id, format('%I.%I', n.nspname, c.relname) AS name,
       CASE WHEN has_sequence_privilege(s.seqrelid, 'SELECT') THEN pg_sequence_last_value(s.seqrelid)
            ELSE s.seqstart END AS last_value,
       d.refobjid::bigint AS owner_table, d.refobjsubid AS owner_column, d.deptype = 'i' AS identity
  FROM pg_sequence s
  JOIN pg_class c ON c.oid = s.seqrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
                       AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
                       AND d.refobjsubid > 0
 WHERE {which 'pg_class'::regclass s.seqrelid}
   AND n.nspname !~ '^(pg_|information_schema$|tidemark$)'
