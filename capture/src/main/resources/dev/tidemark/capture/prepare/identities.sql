-- One transaction for each table, since its lock is exclusive; new tables are the work of triggers and looks.
DO $tidemark$
DECLARE
    relation record;
BEGIN
    FOR relation IN
        SELECT t.oid FROM pg_catalog.pg_class t
         WHERE t.relkind = 'r' AND t.relpersistence = 'p' AND t.oid >= 16384
           AND pg_catalog.pg_has_role(t.relowner, 'USAGE') ORDER BY t.oid
    LOOP
        PERFORM tidemark.give_identity(relation.oid);
        COMMIT;
    END LOOP;
END
$tidemark$;
