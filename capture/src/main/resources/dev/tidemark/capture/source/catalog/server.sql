-- The database, one row. Column names differ between versions 14 to 18, so they are read by name.
SELECT current_setting('server_version_num')::int AS version,
       pg_encoding_to_char(d.encoding) AS encoding,
       d.datcollate::text AS collation,
       d.datctype::text AS ctype,
       coalesce(j.fields ->> 'datlocprovider', 'c') AS provider,
       coalesce(j.fields ->> 'datlocale', j.fields ->> 'daticulocale') AS locale,
       j.fields ->> 'datcollversion' AS collation_version,
       (SELECT array_agg(e.extname::text ORDER BY e.extname) FROM pg_extension e) AS extensions,
       (SELECT array_agg(e.extversion ORDER BY e.extname) FROM pg_extension e) AS extension_versions,
       coalesce((SELECT s.setconfig FROM pg_db_role_setting s
                  WHERE s.setdatabase = d.oid AND s.setrole = 0), '{}') AS settings
  FROM pg_database d
 CROSS JOIN LATERAL (SELECT to_jsonb(d) AS fields) j
 WHERE d.datname = current_database()
