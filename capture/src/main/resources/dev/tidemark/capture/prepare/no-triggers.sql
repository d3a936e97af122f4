-- Looks tell all here: event triggers that an earlier init made would tell the half of it.
DO $tidemark$
BEGIN
    IF EXISTS (SELECT FROM pg_catalog.pg_event_trigger WHERE evtname IN ('tidemark_ddl', 'tidemark_drop', 'tidemark_rewrite')) THEN
        DROP EVENT TRIGGER IF EXISTS tidemark_ddl;
        DROP EVENT TRIGGER IF EXISTS tidemark_drop;
        DROP EVENT TRIGGER IF EXISTS tidemark_rewrite;
    END IF;
END
$tidemark$;
