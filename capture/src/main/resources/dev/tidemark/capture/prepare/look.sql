-- Every row of the catalog that may be an object of users, or say what one needs.
CREATE OR REPLACE FUNCTION tidemark.all_addresses(OUT class oid, OUT id oid) RETURNS SETOF record
 LANGUAGE sql STABLE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
SELECT 'pg_class'::regclass::oid, c.oid FROM pg_class c
 WHERE c.oid >= 16384 AND c.relkind <> 't' AND c.relpersistence <> 't'
 UNION ALL SELECT 'pg_constraint'::regclass, k.oid FROM pg_constraint k WHERE k.oid >= 16384
 UNION ALL SELECT 'pg_trigger'::regclass, g.oid FROM pg_trigger g WHERE g.oid >= 16384
 UNION ALL SELECT 'pg_rewrite'::regclass, w.oid FROM pg_rewrite w WHERE w.oid >= 16384
 UNION ALL SELECT 'pg_policy'::regclass, p.oid FROM pg_policy p
 UNION ALL SELECT 'pg_authid'::regclass, role.id FROM pg_policy p, unnest(p.polroles) AS role(id)
 UNION ALL SELECT 'pg_attrdef'::regclass, f.oid FROM pg_attrdef f WHERE f.oid >= 16384
 UNION ALL SELECT 'pg_statistic_ext'::regclass, s.oid FROM pg_statistic_ext s
 UNION ALL SELECT 'pg_type'::regclass, t.oid FROM pg_type t WHERE t.oid >= 16384
 UNION ALL SELECT 'pg_proc'::regclass, p.oid FROM pg_proc p WHERE p.oid >= 16384
 UNION ALL SELECT 'pg_operator'::regclass, o.oid FROM pg_operator o WHERE o.oid >= 16384
 UNION ALL SELECT 'pg_opfamily'::regclass, f.oid FROM pg_opfamily f WHERE f.oid >= 16384
 UNION ALL SELECT 'pg_opclass'::regclass, c.oid FROM pg_opclass c WHERE c.oid >= 16384
 UNION ALL SELECT 'pg_amop'::regclass, a.oid FROM pg_amop a WHERE a.oid >= 16384
 UNION ALL SELECT 'pg_amproc'::regclass, a.oid FROM pg_amproc a WHERE a.oid >= 16384
 UNION ALL SELECT 'pg_cast'::regclass, c.oid FROM pg_cast c WHERE c.oid >= 16384
 UNION ALL SELECT 'pg_transform'::regclass, t.oid FROM pg_transform t WHERE t.oid >= 16384
 UNION ALL SELECT 'pg_namespace'::regclass, n.oid FROM pg_namespace n
 UNION ALL SELECT 'pg_extension'::regclass, e.oid FROM pg_extension e
 UNION ALL SELECT 'pg_language'::regclass, l.oid FROM pg_language l
 UNION ALL SELECT 'pg_am'::regclass, m.oid FROM pg_am m WHERE m.oid >= 16384
 UNION ALL SELECT 'pg_collation'::regclass, c.oid FROM pg_collation c WHERE c.oid >= 16384
 UNION ALL SELECT 'pg_conversion'::regclass, c.oid FROM pg_conversion c WHERE c.oid >= 16384
 UNION ALL SELECT 'pg_ts_template'::regclass, t.oid FROM pg_ts_template t WHERE t.oid >= 16384
 UNION ALL SELECT 'pg_ts_parser'::regclass, p.oid FROM pg_ts_parser p WHERE p.oid >= 16384
 UNION ALL SELECT 'pg_ts_dict'::regclass, d.oid FROM pg_ts_dict d WHERE d.oid >= 16384
 UNION ALL SELECT 'pg_ts_config'::regclass, c.oid FROM pg_ts_config c WHERE c.oid >= 16384
 UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, f.oid FROM pg_foreign_data_wrapper f
 UNION ALL SELECT 'pg_foreign_server'::regclass, s.oid FROM pg_foreign_server s
 UNION ALL SELECT 'pg_event_trigger'::regclass, e.oid FROM pg_event_trigger e
 UNION ALL SELECT 'pg_publication'::regclass, p.oid FROM pg_publication p
 UNION ALL SELECT 'pg_default_acl'::regclass, d.oid FROM pg_default_acl d
$tidemark$;

-- Reads the whole catalog and tells what differs from what was told, because no event trigger tells of it
-- or one failed; of a table also the rows, since some may have come with fields that nobody told of.
-- Answers false when it must be tried again: a schema command is under way, whose own message could come
-- before this one and tell of a later state.
CREATE OR REPLACE FUNCTION tidemark.look(is_told_anyway boolean) RETURNS boolean
 LANGUAGE plpgsql VOLATILE SECURITY DEFINER
 SET search_path = pg_catalog, pg_temp
 SET lock_timeout = '200ms'
AS $tidemark$
DECLARE
    is_first boolean;
    triggers text;
    are_triggers_well boolean;
    were_triggers_changed boolean;
    classes oid[];
    ids oid[];
    tables jsonb;
    objects jsonb;
    message jsonb;
    relation record;
    untold bigint[] := '{}';
    locked bigint[] := '{}';
    table_id oid;
BEGIN
    IF NOT pg_try_advisory_xact_lock(tidemark.schema_lock()) THEN
        RETURN false;
    END IF;
    -- While a trigger is off, schema changes and rewrites go unseen: nothing is exact until it is on again.
    SELECT coalesce(string_agg(concat_ws(' ', e.evtname, e.evtenabled, e.xmin), ', ' ORDER BY e.evtname), ''),
           count(*) FILTER (WHERE e.evtenabled = 'A') = 3
      INTO triggers, are_triggers_well
      FROM pg_event_trigger e
     WHERE e.evtname IN ('tidemark_ddl', 'tidemark_drop', 'tidemark_rewrite');
    were_triggers_changed := triggers IS DISTINCT FROM (SELECT s.state FROM tidemark.seen s WHERE s.what = 'triggers');
    IF NOT are_triggers_well THEN
        IF were_triggers_changed THEN
            PERFORM tidemark.emit('dirty', 'event triggers are missing or off: ' || triggers);
            INSERT INTO tidemark.seen VALUES ('triggers', triggers)
                ON CONFLICT (what) DO UPDATE SET state = excluded.state;
        END IF;
        RETURN true;
    END IF;
    is_first := NOT EXISTS (SELECT FROM tidemark.catalog_told);
    SELECT array_agg(a.class), array_agg(a.id) INTO classes, ids FROM tidemark.all_addresses() a;
    SELECT coalesce(jsonb_agg(tidemark.table_state(t.oid)), '[]') INTO tables
      FROM pg_class t WHERE t.relkind IN ('r', 'p') AND tidemark.is_users_table(t.oid);
    objects := tidemark.object_states(classes, ids);
    WITH now AS MATERIALIZED (
        SELECT s.reference, s.part_of, s.state, tidemark.digest(s.state) AS digest
          FROM tidemark.states(tables, objects) s
    ), changed AS (
        SELECT n.reference, n.digest
          FROM now n LEFT JOIN tidemark.catalog_told o ON o.reference = n.reference
         WHERE o.digest IS DISTINCT FROM n.digest
    ), told AS ( -- what is told with all its parts, as every state is
        SELECT n.reference, n.state FROM now n
         WHERE n.reference IN (SELECT c.reference FROM changed c)
            OR n.part_of IN (SELECT c.reference FROM changed c)
    ), gone AS (
        DELETE FROM tidemark.catalog_told o
         WHERE NOT EXISTS (SELECT FROM now n WHERE n.reference = o.reference)
     RETURNING o.reference
    ), kept AS (
        INSERT INTO tidemark.catalog_told AS o SELECT c.reference, c.digest FROM changed c
            ON CONFLICT (reference) DO UPDATE SET digest = excluded.digest
     RETURNING o.reference
    )
    SELECT jsonb_build_object(
               'command', 'look', 'reread', true,
               'tables', coalesce((SELECT jsonb_agg(t.state) FROM told t WHERE t.reference LIKE 'table:%'), '[]'),
               'objects', coalesce((SELECT jsonb_agg(t.state) FROM told t WHERE t.reference NOT LIKE 'table:%'), '[]'),
               'dropped', coalesce((SELECT jsonb_agg(substr(g.reference, 7)::bigint) FROM gone g
                                     WHERE g.reference LIKE 'table:%'), '[]'),
               'gone', coalesce((SELECT jsonb_agg(g.reference) FROM gone g
                                  WHERE g.reference NOT LIKE 'table:%'), '[]'))
      INTO message
      FROM (SELECT count(*) FROM kept) k;
    FOR relation IN
        SELECT t.oid, n.nspname, t.relname
          FROM pg_class t
          JOIN pg_namespace n ON n.oid = t.relnamespace
         WHERE NOT is_first AND t.relkind = 'r' AND tidemark.is_users_table(t.oid)
           AND (t.oid IN (SELECT (s.state ->> 'id')::oid FROM jsonb_array_elements(message -> 'tables') AS s(state))
                -- A rewrite gives the table another file.
                OR were_triggers_changed AND t.relfilenode::text IS DISTINCT FROM (
                       SELECT s.state FROM tidemark.seen s WHERE s.what = concat('file ', t.oid))
                -- The look before could not lock it.
                OR EXISTS (SELECT FROM tidemark.seen s WHERE s.what = concat('untold ', t.oid)))
         ORDER BY t.oid
    LOOP
        BEGIN
            EXECUTE format('LOCK TABLE ONLY %I.%I IN SHARE MODE NOWAIT', relation.nspname, relation.relname);
            locked := locked || relation.oid::bigint;
            DELETE FROM tidemark.seen s WHERE s.what = concat('untold ', relation.oid);
        EXCEPTION WHEN lock_not_available THEN
            -- Somebody writes into it: its rows are not known until a look that can tell them.
            INSERT INTO tidemark.seen VALUES (concat('untold ', relation.oid), '') ON CONFLICT DO NOTHING;
        END;
        untold := untold || relation.oid::bigint;
    END LOOP;
    message := message || jsonb_build_object('rewritten', to_jsonb(untold));
    IF is_told_anyway OR were_triggers_changed OR untold <> '{}' OR message ->> 'tables' <> '[]' OR message ->> 'objects' <> '[]'
       OR message ->> 'dropped' <> '[]' OR message ->> 'gone' <> '[]' THEN
        PERFORM tidemark.emit('schema', message::text);
    END IF;
    FOREACH table_id IN ARRAY locked LOOP
        PERFORM tidemark.emit_image(table_id);
    END LOOP;
    INSERT INTO tidemark.seen AS s
    SELECT concat('file ', t.oid), t.relfilenode::text FROM pg_class t
     WHERE t.relkind = 'r' AND tidemark.is_users_table(t.oid)
     UNION ALL
    SELECT 'triggers', triggers
        ON CONFLICT (what) DO UPDATE SET state = excluded.state WHERE s.state <> excluded.state;
    DELETE FROM tidemark.seen s
     WHERE s.what <> 'triggers'
       AND NOT EXISTS (SELECT FROM pg_class t WHERE s.what IN (concat('file ', t.oid), concat('untold ', t.oid)));
    RETURN true;
END
$tidemark$;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA tidemark FROM PUBLIC;

-- From here on the log tells of all changes of what this found.
SELECT tidemark.look(true);
