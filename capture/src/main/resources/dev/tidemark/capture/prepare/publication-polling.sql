DO $tidemark$
DECLARE
    tables text;
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_publication WHERE pubname = {publication:literal}) THEN
        RETURN; -- a look adds what it lacks, with the rows so far
    END IF;
    BEGIN
        CREATE PUBLICATION {publication} FOR ALL TABLES
            WITH (publish = 'insert, update, delete, truncate', publish_via_partition_root = false);
    EXCEPTION WHEN insufficient_privilege THEN
        SELECT pg_catalog.string_agg(pg_catalog.format('TABLE ONLY %I.%I', u.schema, u.name), ', ') INTO tables
          FROM tidemark.unpublished() u;
        EXECUTE pg_catalog.concat_ws(' ', 'CREATE PUBLICATION {publication}', 'FOR ' || tables,
            'WITH (publish = ''insert, update, delete, truncate'', publish_via_partition_root = false)');
    END;
END
$tidemark$;
