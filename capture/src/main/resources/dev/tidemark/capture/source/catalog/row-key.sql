-- The columns whose values tell the rows of table {table}, a row of pg_class, apart: an expression, a JSON array of
-- their numbers. Those of an index do if it is immediate, whole, over columns that are not null and are stored:
-- then each row version shows them and they differ at every moment.
coalesce((
               SELECT jsonb_agg(k.attnum ORDER BY k.place)
                 FROM pg_index i
                CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k(attnum, place)
                 JOIN pg_attribute a ON a.attrelid = {table}.oid AND a.attnum = k.attnum
                WHERE i.indrelid = {table}.oid
                  AND CASE {table}.relreplident WHEN 'i' THEN i.indisreplident ELSE i.indisprimary END
                  AND i.indisunique AND i.indimmediate AND i.indisvalid
                  AND i.indpred IS NULL AND i.indexprs IS NULL
                  AND k.place <= i.indnkeyatts
               HAVING bool_and(a.attnotnull AND a.attgenerated = '')), '[]')
