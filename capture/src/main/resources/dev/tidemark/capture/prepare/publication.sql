DO $tidemark$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_publication WHERE pubname = {publication:literal} AND NOT puballtables) THEN
        RAISE EXCEPTION 'publication % exists and is not for all tables', {publication:literal}
            USING HINT = 'Drop it, or give the source another name.';
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_publication WHERE pubname = {publication:literal}) THEN
        CREATE PUBLICATION {publication} FOR ALL TABLES
            WITH (publish = 'insert, update, delete, truncate', publish_via_partition_root = false);
    END IF;
    -- Not when it is right: the event trigger tells every change of it.
    IF EXISTS (SELECT FROM pg_catalog.pg_publication
                WHERE pubname = {publication:literal}
                  AND NOT (pubinsert AND pubupdate AND pubdelete AND pubtruncate AND NOT pubviaroot)) THEN
        ALTER PUBLICATION {publication}
            SET (publish = 'insert, update, delete, truncate', publish_via_partition_root = false);
    END IF;
END
$tidemark$;
