-- Is it a table whose schema the archive holds: a user's, not temporary, not made by an extension?
CREATE OR REPLACE FUNCTION tidemark.is_users_table(id oid) RETURNS boolean
 LANGUAGE sql STABLE STRICT
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
SELECT EXISTS (
    SELECT FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
     WHERE t.oid = id AND t.relkind IN ('r', 'p') AND t.relpersistence <> 't'
       AND n.nspname !~ '^(pg_|information_schema$|tidemark$)'
       AND NOT EXISTS (SELECT FROM pg_depend e
                        WHERE e.classid = 'pg_class'::regclass AND e.objid = t.oid
                          AND e.objsubid = 0 AND e.deptype = 'e'))
$tidemark$;

-- Gives a table a replica identity, so that the source's own UPDATE does not fail once the table is
-- published; remembers what it was. Answers how it stands then: key, full, none or generated.
CREATE OR REPLACE FUNCTION tidemark.give_identity(id oid) RETURNS text
 LANGUAGE plpgsql VOLATILE STRICT
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
DECLARE
    relation record;
    full_fails boolean;
BEGIN
    SELECT t.oid, n.nspname, t.relname, t.relreplident AS was, {identity-state t} AS state INTO relation
      FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
     WHERE t.oid = id AND t.relkind = 'r' AND t.relpersistence = 'p' AND n.nspname <> 'tidemark';
    IF NOT FOUND OR relation.state IN ('key', 'full') THEN
        RETURN coalesce(relation.state, 'key');
    END IF;
    full_fails := current_setting('server_version_num')::int >= 180000
        AND EXISTS (SELECT FROM pg_attribute a
                     WHERE a.attrelid = id AND a.attgenerated <> '' AND NOT a.attisdropped);
    IF relation.state = 'none' AND NOT full_fails THEN
        INSERT INTO tidemark.replica_identity VALUES (id, relation.was) ON CONFLICT DO NOTHING;
        EXECUTE format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY FULL', relation.nspname, relation.relname);
        RETURN 'full';
    END IF;
    -- FULL was ours and fails since a generated column came: a primary key that came too may do.
    IF relation.was = 'f' AND EXISTS (SELECT FROM tidemark.replica_identity r WHERE r.table_id = id)
       AND EXISTS (SELECT FROM pg_index x
                    WHERE x.indrelid = id AND x.indisprimary AND x.indimmediate AND x.indisvalid) THEN
        EXECUTE format('ALTER TABLE ONLY %I.%I REPLICA IDENTITY DEFAULT', relation.nspname, relation.relname);
        DELETE FROM tidemark.replica_identity r WHERE r.table_id = id;
        RETURN 'key';
    END IF;
    RETURN relation.state;
END
$tidemark$;

-- Says what a command did to tables. No message when it touched none.
CREATE OR REPLACE FUNCTION tidemark.emit_schema(command text, touched oid[], dropped oid[], rewritten oid[]) RETURNS void
 LANGUAGE plpgsql VOLATILE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
DECLARE
    states jsonb;
BEGIN
    SELECT coalesce(jsonb_agg(tidemark.table_state(x.id) ORDER BY x.id), '[]') INTO states
      FROM (SELECT DISTINCT unnest(touched) AS id) x
     WHERE tidemark.is_users_table(x.id);
    IF states <> '[]' OR cardinality(dropped) > 0 OR cardinality(rewritten) > 0 THEN
        PERFORM tidemark.emit('schema', jsonb_build_object(
            'command', command, 'tables', states,
            'dropped', to_jsonb(dropped::bigint[]), 'rewritten', to_jsonb(rewritten::bigint[]))::text);
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
        USING HINT = 'Run ''tidemark check'' and take a new base.';
    BEGIN
        PERFORM tidemark.emit('dirty', command || ': ' || reason);
    EXCEPTION WHEN OTHERS THEN
        RAISE WARNING 'tidemark could not mark the schema as unknown either: %', SQLERRM;
    END;
END
$tidemark$;

-- The tables whose state depends on an altered object: those of a type, of a table's rows, of what a
-- default calls; children of a table; all tables for a schema, whose name stands in many texts.
CREATE OR REPLACE FUNCTION tidemark.dependents(class oid, object oid, command text) RETURNS SETOF oid
 LANGUAGE sql STABLE STRICT
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
WITH RECURSIVE of_object(id) AS (
    SELECT object WHERE class = 'pg_class'::regclass
    UNION ALL
    SELECT x.indrelid FROM pg_index x WHERE class = 'pg_class'::regclass AND x.indexrelid = object
    UNION ALL
    SELECT k.conrelid FROM pg_constraint k WHERE class = 'pg_constraint'::regclass AND k.oid = object
), descendants(id) AS (
    SELECT id FROM of_object
    UNION
    SELECT i.inhrelid FROM pg_inherits i JOIN descendants d ON d.id = i.inhparent
     WHERE command LIKE 'ALTER %'
), types(id) AS (
    SELECT t.oid FROM pg_type t
     WHERE CASE class WHEN 'pg_type'::regclass THEN t.oid = object OR t.typelem = object
                      WHEN 'pg_class'::regclass THEN t.typrelid = object OR t.typelem = (
                          SELECT c.reltype FROM pg_class c WHERE c.oid = object AND c.reltype <> 0) END
)
SELECT id FROM descendants
UNION
SELECT a.attrelid FROM pg_attribute a JOIN types t ON t.id = a.atttypid
 WHERE command LIKE 'ALTER %' AND a.attnum > 0 AND NOT a.attisdropped
UNION
SELECT f.adrelid
  FROM pg_depend d JOIN pg_attrdef f ON f.oid = d.objid
 WHERE command LIKE 'ALTER %' AND d.classid = 'pg_attrdef'::regclass
   AND d.refclassid = class AND d.refobjid = object
UNION
SELECT t.oid FROM pg_class t
 WHERE command LIKE 'ALTER %' AND class = 'pg_namespace'::regclass AND t.relkind IN ('r', 'p')
UNION
-- DETACH PARTITION names the parent only; the child's row in the catalog is as new as this transaction.
SELECT t.oid FROM pg_class t
 WHERE command = 'ALTER TABLE' AND t.relkind IN ('r', 'p')
   AND EXISTS (SELECT FROM pg_class p WHERE p.oid = object AND p.relkind = 'p')
   AND age(t.xmin) <= age(pg_current_xact_id()::xid)
$tidemark$;

CREATE OR REPLACE FUNCTION tidemark.on_ddl() RETURNS event_trigger
 LANGUAGE plpgsql SECURITY DEFINER
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
DECLARE
    touched oid[];
    id oid;
BEGIN
    SELECT coalesce(array_agg(DISTINCT t.id), '{}') INTO touched
      FROM pg_event_trigger_ddl_commands() c
     CROSS JOIN LATERAL tidemark.dependents(c.classid, c.objid, c.command_tag) AS t(id)
      JOIN pg_class r ON r.oid = t.id
     WHERE r.relkind IN ('r', 'p') AND r.relpersistence <> 't';
    FOREACH id IN ARRAY touched LOOP
        -- An identity that the user set is his; one that is gone with its index is nobody's.
        IF (SELECT r.relreplident <> 'n' FROM pg_class r WHERE r.oid = id)
           AND tidemark.give_identity(id) NOT IN ('key', 'full') THEN
            RAISE WARNING 'UPDATE and DELETE on table % will fail: it has no usable replica identity', id::regclass
                USING HINT = 'Give it a primary key or a unique index without generated columns.';
        END IF;
    END LOOP;
    PERFORM tidemark.emit_schema(tg_tag, touched, '{}', '{}');
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
AS $tidemark$
DECLARE
    touched oid[];
    dropped oid[];
    id oid;
BEGIN
    SELECT coalesce(array_agg(d.objid) FILTER (
               WHERE d.object_type = 'table' AND d.schema_name !~ '^(pg_|tidemark$)'), '{}'),
           coalesce(array_agg(
               CASE WHEN d.object_type = 'table column' THEN d.objid
                    WHEN d.object_type IN ('default value', 'table constraint')
                        THEN to_regclass(format('%I.%I', d.address_names[1], d.address_names[2])) END)
               FILTER (WHERE d.object_type IN ('table column', 'default value', 'table constraint')), '{}')
      INTO dropped, touched
      FROM pg_event_trigger_dropped_objects() d
     WHERE NOT d.is_temporary;
    -- A dropped index does not say whose it was: those that lost the index of their identity.
    IF EXISTS (SELECT FROM pg_event_trigger_dropped_objects() d WHERE d.object_type = 'index') THEN
        touched := touched || array(
            SELECT t.oid FROM pg_class t
             WHERE t.relreplident = 'i' AND t.relkind IN ('r', 'p') AND t.relpersistence <> 't'
               AND NOT EXISTS (SELECT FROM pg_index x WHERE x.indrelid = t.oid AND x.indisreplident));
    END IF;
    FOREACH id IN ARRAY touched LOOP
        IF (SELECT r.relreplident <> 'n' FROM pg_class r WHERE r.oid = id) THEN
            PERFORM tidemark.give_identity(id);
        END IF;
    END LOOP;
    PERFORM tidemark.emit_schema(tg_tag, touched, dropped, '{}');
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
AS $tidemark$
DECLARE
    rewritten oid := pg_event_trigger_table_rewrite_oid();
BEGIN
    IF pg_event_trigger_table_rewrite_reason() <> 8 AND tidemark.is_users_table(rewritten) THEN
        PERFORM tidemark.emit_schema(tg_tag, '{}', '{}', ARRAY[rewritten]);
    END IF;
EXCEPTION WHEN OTHERS THEN
    PERFORM tidemark.emit_failure(tg_tag, SQLERRM);
END
$tidemark$;

-- None of them may be called by others.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA tidemark FROM PUBLIC;

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
