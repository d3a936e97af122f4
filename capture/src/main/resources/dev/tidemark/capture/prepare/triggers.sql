-- Taken by every command that changes the schema before it reads what it made. A look at the catalog takes
-- seconds at most: it is awaited. Not in the server's queue for the lock, where a look that waits for the
-- command's own table, if only for a moment, would make a deadlock and the command its victim: so it is the
-- look that gives way, and is made again later.
CREATE OR REPLACE FUNCTION tidemark.await_look() RETURNS void
 LANGUAGE plpgsql VOLATILE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
DECLARE
    latest constant timestamptz := clock_timestamp() + interval '20s';
BEGIN
    WHILE NOT pg_try_advisory_xact_lock_shared(tidemark.schema_lock()) LOOP
        IF clock_timestamp() > latest THEN
            RAISE lock_not_available USING MESSAGE = 'a look at the catalog took too long';
        END IF;
        PERFORM pg_sleep(0.01);
    END LOOP;
END
$tidemark$;

-- States name other objects, and commands like ALTER SCHEMA change names that others use without waiting
-- for who is using them: each would tell what it sees, and neither what comes of both. So a change of names
-- and any other schema change keep apart, from their messages to their commits. Commands on tables and the
-- like do so themselves, by the locks of the tables.
CREATE OR REPLACE FUNCTION tidemark.hold_names(command text) RETURNS void
 LANGUAGE plpgsql VOLATILE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
DECLARE
    names_lock constant bigint := tidemark.schema_lock() + 1;
BEGIN
    IF command LIKE 'ALTER %' AND command !~ ('^ALTER (TABLE|INDEX|VIEW|MATERIALIZED VIEW|SEQUENCE|FOREIGN TABLE|'
            || 'TRIGGER|RULE|POLICY|STATISTICS|DEFAULT PRIVILEGES|EVENT TRIGGER|PUBLICATION)$') THEN
        PERFORM pg_advisory_xact_lock(names_lock);
    ELSE
        PERFORM pg_advisory_xact_lock_shared(names_lock);
    END IF;
END
$tidemark$;

-- Says what a command did, by the states of what it touched. No message when that is nothing.
CREATE OR REPLACE FUNCTION tidemark.emit_schema(
    command text, classes oid[], ids oid[], dropped oid[], gone text[], rewritten oid[]) RETURNS void
 LANGUAGE plpgsql VOLATILE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
DECLARE
    relation record;
    tables jsonb;
    objects jsonb;
    missing text[];
BEGIN
    IF classes = '{}' AND dropped = '{}' AND gone = '{}' AND rewritten = '{}' THEN
        RETURN; -- it touched temporary things only
    END IF;
    PERFORM tidemark.await_look();
    PERFORM tidemark.hold_names(command);
    -- Another transaction may be changing a table that the command touches without locking it, such as one
    -- with a column of an altered type: its change must not be told before it and taken back by us.
    FOR relation IN
        SELECT n.nspname, t.relname
          FROM unnest(classes, ids) AS a(class, id)
          JOIN pg_class t ON a.class = 'pg_class'::regclass AND t.oid = a.id AND t.relkind IN ('r', 'p')
          JOIN pg_namespace n ON n.oid = t.relnamespace
         ORDER BY t.oid
    LOOP
        EXECUTE format('LOCK TABLE ONLY %I.%I IN ACCESS SHARE MODE', relation.nspname, relation.relname);
    END LOOP;
    PERFORM FROM tidemark.catalog_told o
      -- As an array, so that these few are looked up, and not all read.
      WHERE o.reference = ANY (array(
                SELECT tidemark.object_references(a.class, a.id) FROM unnest(classes, ids) AS a(class, id)))
      ORDER BY o.reference FOR UPDATE;
    objects := tidemark.object_states(classes, ids);
    SELECT coalesce(jsonb_agg(tidemark.table_state(a.id) ORDER BY a.id), '[]') INTO tables
      FROM unnest(classes, ids) AS a(class, id)
     WHERE a.class = 'pg_class'::regclass AND tidemark.is_users_table(a.id);
    -- What was one of the archive's objects and is none now, such as a member of an extension.
    SELECT coalesce(array_agg(g.reference), '{}') INTO missing
      FROM (SELECT r.reference
              FROM unnest(classes, ids) AS a(class, id)
             CROSS JOIN LATERAL tidemark.object_references(a.class, a.id) AS r(reference)
             WHERE a.class NOT IN ('pg_authid'::regclass, 'pg_attrdef'::regclass)
               AND NOT (a.class = 'pg_class'::regclass AND tidemark.is_users_table(a.id))
            EXCEPT
            SELECT s.reference FROM tidemark.states('[]', objects) s) g;
    INSERT INTO tidemark.catalog_told AS o
    SELECT s.reference, tidemark.digest(s.state),
           CASE WHEN s.reference LIKE 'table:%' THEN tidemark.row_form((s.state ->> 'id')::oid) END
      FROM tidemark.states(tables, objects) s
        ON CONFLICT (reference) DO UPDATE SET digest = excluded.digest, row_form = excluded.row_form
     WHERE o.digest <> excluded.digest;
    DELETE FROM tidemark.catalog_told o
     WHERE o.reference = ANY (gone || missing || array(SELECT concat('table:', d.id) FROM unnest(dropped) AS d(id)));
    IF FOUND OR tables <> '[]' OR objects <> '[]' OR dropped <> '{}' OR gone <> '{}' OR rewritten <> '{}' THEN
        PERFORM tidemark.emit('schema', jsonb_build_object(
            'command', command, 'tables', tables, 'objects', objects,
            'dropped', to_jsonb(dropped::bigint[]), 'gone', to_jsonb(gone || missing),
            'rewritten', to_jsonb(rewritten::bigint[]))::text);
        -- Catalog rows are read as of the transaction's snapshot, which then may be older than the
        -- catalog that the command saw.
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            PERFORM tidemark.emit('dirty', command || ' in a transaction that is '
                || current_setting('transaction_isolation'));
        END IF;
    END IF;
END
$tidemark$;

-- A command of the user must not fail because of us: he is warned, and the log says that the schema
-- is not known from here on.
CREATE OR REPLACE FUNCTION tidemark.emit_failure(command text, reason text) RETURNS void
 LANGUAGE plpgsql VOLATILE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
BEGIN
    RAISE WARNING 'tidemark could not record the schema after %: %', command, reason
        USING HINT = 'The next look at the catalog tells of it: see capture.catalog-interval.';
    BEGIN
        -- What failed gave the lock back, and a look must not clear what it does not see.
        BEGIN
            PERFORM tidemark.await_look();
        EXCEPTION WHEN lock_not_available THEN
            NULL; -- a look that takes as long as that is followed by another one, which this message asks for
        END;
        PERFORM tidemark.emit('dirty', command || ': ' || reason);
    EXCEPTION WHEN OTHERS THEN
        RAISE WARNING 'tidemark could not mark the schema as unknown either: %', SQLERRM;
    END;
    BEGIN
        -- A look tells the rows: a later command must not, which does not even hold the tables' locks.
        WITH left_over AS (
            DELETE FROM tidemark.rewritten RETURNING table_id
        )
        INSERT INTO tidemark.seen SELECT concat('untold ', l.table_id), '' FROM left_over l ON CONFLICT DO NOTHING;
    EXCEPTION WHEN OTHERS THEN
        RAISE WARNING 'tidemark could not forget which tables it was to tell: %', SQLERRM;
    END;
END
$tidemark$;

-- Gives an identity to each table among what a command touched that lacks one.
CREATE OR REPLACE FUNCTION tidemark.give_identities(classes oid[], ids oid[]) RETURNS void
 LANGUAGE plpgsql VOLATILE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
DECLARE
    relation oid;
BEGIN
    FOR relation IN
        -- An identity that the user set is his; one that is gone with its index is nobody's.
        SELECT t.oid
          FROM unnest(classes, ids) AS a(class, id)
          JOIN pg_class t ON a.class = 'pg_class'::regclass AND t.oid = a.id
         WHERE t.relkind = 'r' AND t.relpersistence <> 't' AND t.relreplident <> 'n'
    LOOP
        IF tidemark.give_identity(relation) NOT IN ('key', 'full') THEN
            RAISE WARNING 'UPDATE and DELETE on table % will fail: it has no usable replica identity', relation::regclass
                USING HINT = 'Give it a primary key or a unique index without generated columns.';
        END IF;
    END LOOP;
END
$tidemark$;

-- These functions wait for locks less long than a deadlock takes to be noticed (a second by default): what
-- they wait for must not make a command of somebody else the victim. A look tells what they could not.
CREATE OR REPLACE FUNCTION tidemark.on_ddl() RETURNS event_trigger
 LANGUAGE plpgsql SECURITY DEFINER
 SET search_path = pg_catalog, pg_temp
 SET standard_conforming_strings = on
 SET lock_timeout = '200ms'
 SET jit = off -- compiling these queries takes ten times as long as running them
AS $tidemark$
DECLARE
    classes oid[];
    ids oid[];
    id oid;
BEGIN
    -- An extension's members come and go with it, but for tables, whose rows its script may change;
    -- and temporary things with their session.
    SELECT coalesce(array_agg(c.classid), '{}'), coalesce(array_agg(c.objid), '{}') INTO classes, ids
      FROM pg_event_trigger_ddl_commands() c
     WHERE c.objid IS NOT NULL
       AND (NOT c.in_extension OR c.classid = 'pg_class'::regclass AND tidemark.is_users_table(c.objid))
       AND c.schema_name IS DISTINCT FROM 'pg_temp' AND coalesce(c.schema_name, '') !~ '^tidemark(_restore)?$';
    IF tg_tag IN ('GRANT', 'REVOKE', 'DROP OWNED', 'ALTER DEFAULT PRIVILEGES') THEN
        SELECT classes || coalesce(array_agg(w.class), '{}'), ids || coalesce(array_agg(w.id), '{}')
          INTO classes, ids FROM tidemark.written() w;
    END IF;
    IF ids <> '{}' THEN
        SELECT t.all_classes, t.all_ids INTO classes, ids FROM tidemark.touched(tg_tag, classes, ids) t;
        PERFORM tidemark.give_identities(classes, ids);
        PERFORM tidemark.emit_schema(tg_tag, classes, ids, '{}', '{}', '{}');
        IF tg_tag IN ('CREATE TYPE', 'ALTER TYPE', 'ALTER TABLE', 'ALTER FOREIGN TABLE', 'CREATE VIEW') THEN
            PERFORM tidemark.emit_retexted(tg_tag, classes, ids);
        END IF;
        IF tg_tag NOT IN ('COMMENT', 'GRANT', 'REVOKE', 'REFRESH MATERIALIZED VIEW', 'SECURITY LABEL') THEN
            PERFORM tidemark.emit_renamed(tg_tag, classes, ids);
        END IF;
    END IF;
    FOR id IN DELETE FROM tidemark.rewritten RETURNING table_id LOOP
        PERFORM tidemark.emit_image(id);
        PERFORM tidemark.remember_rows(ARRAY[id]);
    END LOOP;
    -- What a publication leaves out for a while is missing without a trace: looking at it now and then
    -- would not see that.
    PERFORM tidemark.emit('publication', jsonb_build_object('command', tg_tag, 'publication', p.pubname)::text)
       FROM pg_event_trigger_ddl_commands() c
       JOIN pg_publication p ON c.classid = 'pg_publication'::regclass AND p.oid = c.objid
      WHERE p.pubname LIKE 'tidemark\_%';
EXCEPTION WHEN OTHERS THEN
    PERFORM tidemark.emit_failure(tg_tag, SQLERRM);
END
$tidemark$;

CREATE OR REPLACE FUNCTION tidemark.on_drop() RETURNS event_trigger
 LANGUAGE plpgsql SECURITY DEFINER
 SET search_path = pg_catalog, pg_temp
 SET standard_conforming_strings = on
 SET lock_timeout = '200ms'
 SET jit = off -- compiling these queries takes ten times as long as running them
AS $tidemark$
DECLARE
    classes oid[];
    ids oid[];
    dropped oid[];
    gone text[];
BEGIN
    SELECT coalesce(array_agg(d.objid) FILTER (
               WHERE d.object_type = 'table' AND d.schema_name !~ '^(pg_|tidemark(_restore)?$)'), '{}'),
           coalesce(array_agg(t.id) FILTER (WHERE t.id IS NOT NULL), '{}')
      INTO dropped, ids
      FROM pg_event_trigger_dropped_objects() d
     CROSS JOIN LATERAL (
               SELECT CASE WHEN d.object_type IN ('table column', 'composite type column', 'foreign table column')
                               THEN d.objid
                           WHEN d.object_type IN ('default value', 'table constraint')
                               THEN to_regclass(format('%I.%I', d.address_names[1], d.address_names[2])) END) t(id)
     WHERE NOT d.is_temporary;
    SELECT coalesce(array_agg(r.reference), '{}') INTO gone
      FROM pg_event_trigger_dropped_objects() d
     CROSS JOIN LATERAL tidemark.object_references(d.classid, d.objid) AS r(reference)
     WHERE NOT d.is_temporary AND d.objsubid = 0 AND d.object_type <> 'table'
       AND coalesce(d.schema_name, '') !~ '^tidemark(_restore)?$';
    -- A dropped index does not say whose it was: those that lost the index of their identity.
    IF EXISTS (SELECT FROM pg_event_trigger_dropped_objects() d WHERE d.object_type = 'index') THEN
        ids := ids || array(
            SELECT t.oid FROM pg_class t
             WHERE t.relreplident = 'i' AND t.relkind IN ('r', 'p') AND t.relpersistence <> 't'
               AND NOT EXISTS (SELECT FROM pg_index x WHERE x.indrelid = t.oid AND x.indisreplident));
    END IF;
    ids := array(SELECT DISTINCT t.oid FROM pg_class t WHERE t.oid = ANY (ids));
    classes := array_fill('pg_class'::regclass::oid, ARRAY[cardinality(ids)]);
    SELECT t.all_classes, t.all_ids INTO classes, ids FROM tidemark.touched(tg_tag, classes, ids) t;
    PERFORM tidemark.give_identities(classes, ids);
    PERFORM tidemark.emit_schema(tg_tag, classes, ids, dropped, gone, '{}');
    IF tg_tag LIKE 'DROP %' THEN
        PERFORM tidemark.emit_retexted(tg_tag, classes, ids);
    END IF;
    IF EXISTS (SELECT FROM pg_event_trigger_dropped_objects() d WHERE NOT d.is_temporary) THEN
        PERFORM tidemark.emit_renamed(tg_tag, '{}', '{}');
    END IF;
    PERFORM tidemark.emit('publication', jsonb_build_object('command', tg_tag, 'publication', d.object_name)::text)
       FROM pg_event_trigger_dropped_objects() d
      WHERE d.object_type = 'publication' AND d.object_name LIKE 'tidemark\_%';
EXCEPTION WHEN OTHERS THEN
    PERFORM tidemark.emit_failure(tg_tag, SQLERRM);
END
$tidemark$;

-- The rows change without any event. A new access method (8) alone changes no value.
CREATE OR REPLACE FUNCTION tidemark.on_rewrite() RETURNS event_trigger
 LANGUAGE plpgsql SECURITY DEFINER
 SET search_path = pg_catalog, pg_temp
 SET lock_timeout = '200ms'
 SET jit = off -- compiling these queries takes ten times as long as running them
AS $tidemark$
DECLARE
    rewritten oid := pg_event_trigger_table_rewrite_oid();
BEGIN
    IF pg_event_trigger_table_rewrite_reason() <> 8 AND tidemark.is_users_table(rewritten) THEN
        PERFORM tidemark.emit_schema(tg_tag, '{}', '{}', '{}', '{}', ARRAY[rewritten]);
        INSERT INTO tidemark.rewritten VALUES (rewritten) ON CONFLICT DO NOTHING;
    END IF;
EXCEPTION WHEN OTHERS THEN
    PERFORM tidemark.emit_failure(tg_tag, SQLERRM);
END
$tidemark$;

DO $tidemark$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_event_trigger WHERE evtname = 'tidemark_ddl') THEN
        CREATE EVENT TRIGGER tidemark_ddl ON ddl_command_end EXECUTE FUNCTION tidemark.on_ddl();
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_event_trigger WHERE evtname = 'tidemark_drop') THEN
        CREATE EVENT TRIGGER tidemark_drop ON sql_drop EXECUTE FUNCTION tidemark.on_drop();
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_event_trigger WHERE evtname = 'tidemark_rewrite') THEN
        CREATE EVENT TRIGGER tidemark_rewrite ON table_rewrite EXECUTE FUNCTION tidemark.on_rewrite();
    END IF;
END
$tidemark$;
-- Also in sessions that apply another server's changes (session_replication_role = replica).
ALTER EVENT TRIGGER tidemark_ddl ENABLE ALWAYS;
ALTER EVENT TRIGGER tidemark_drop ENABLE ALWAYS;
ALTER EVENT TRIGGER tidemark_rewrite ENABLE ALWAYS;
