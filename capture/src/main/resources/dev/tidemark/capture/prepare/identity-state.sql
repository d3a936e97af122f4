-- How the source's UPDATE and DELETE on the table {table} (an alias of pg_class) find a row in the
-- stream: 'key', 'full', 'none' (they fail as soon as a publication names the table) or 'generated'
-- (PostgreSQL 18: they fail, since the identity holds a generated column, which is not published).
CASE WHEN {table}.relreplident = 'f' THEN
         CASE WHEN current_setting('server_version_num')::int >= 180000
               AND EXISTS (SELECT FROM pg_attribute a
                            WHERE a.attrelid = {table}.oid AND a.attgenerated <> '' AND NOT a.attisdropped)
              THEN 'generated' ELSE 'full' END
     ELSE coalesce((
         SELECT CASE WHEN current_setting('server_version_num')::int >= 180000
                      AND EXISTS (SELECT FROM pg_attribute a
                                   WHERE a.attrelid = {table}.oid AND a.attgenerated <> ''
                                     AND a.attnum = ANY (x.indkey::int2[]))
                     THEN 'generated' ELSE 'key' END
           FROM pg_index x
          WHERE x.indrelid = {table}.oid AND x.indisvalid AND x.indimmediate
            AND CASE {table}.relreplident WHEN 'd' THEN x.indisprimary WHEN 'i' THEN x.indisreplident END
          LIMIT 1), 'none') END
