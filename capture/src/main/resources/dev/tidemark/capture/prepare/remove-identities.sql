-- Only where it is still as Tidemark set it. An index that was the identity is gone: then the default.
DO $tidemark$
DECLARE
    relation record;
BEGIN
    IF pg_catalog.to_regclass('tidemark.replica_identity') IS NULL THEN
        RETURN;
    END IF;
    FOR relation IN
        SELECT n.nspname, t.relname, r.was
          FROM tidemark.replica_identity r
          JOIN pg_catalog.pg_class t ON t.oid = r.table_id AND t.relreplident = 'f'
          JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
         ORDER BY t.oid
    LOOP
        EXECUTE pg_catalog.format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY %s', relation.nspname, relation.relname,
            CASE relation.was WHEN 'n' THEN 'NOTHING' ELSE 'DEFAULT' END);
        COMMIT;
    END LOOP;
END
$tidemark$;
