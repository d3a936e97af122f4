-- A text that is another one when anything in the catalog is, at a hundredth of what reading it all costs: each
-- version of a row has its place and its transaction. Of temporary tables nothing is in it, and of dependencies
-- those that change alone.
CREATE OR REPLACE FUNCTION tidemark.catalog_version() RETURNS text
 LANGUAGE sql STABLE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
WITH passing AS MATERIALIZED (SELECT c.oid AS id FROM pg_class c WHERE c.relpersistence = 't')
SELECT md5(string_agg(concat(v.name, ' ', v.rows, ' ', v.sum), ','))
  FROM (
    SELECT 'class' AS name, count(*) AS rows, sum(hashtextextended(concat(t.ctid, t.xmin), 0)) AS sum
      FROM pg_class t WHERE t.relpersistence <> 't'
     UNION ALL SELECT 'attribute', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0))
      FROM pg_attribute t WHERE t.attrelid NOT IN (SELECT p.id FROM passing p)
     UNION ALL SELECT 'attrdef', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0))
      FROM pg_attrdef t WHERE t.adrelid NOT IN (SELECT p.id FROM passing p)
     UNION ALL SELECT 'constraint', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0))
      FROM pg_constraint t WHERE t.conrelid NOT IN (SELECT p.id FROM passing p)
     UNION ALL SELECT 'index', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0))
      FROM pg_index t WHERE t.indrelid NOT IN (SELECT p.id FROM passing p)
     UNION ALL SELECT 'sequence', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0))
      FROM pg_sequence t WHERE t.seqrelid NOT IN (SELECT p.id FROM passing p)
     UNION ALL SELECT 'type', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0))
      FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname !~ '^pg_(toast_)?temp_'
     UNION ALL SELECT 'depend', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0))
      FROM pg_depend t
     WHERE t.deptype IN ('e', 'x') OR t.classid = to_regclass('pg_publication_namespace')
        OR t.classid = 'pg_class'::regclass AND t.refclassid = 'pg_class'::regclass AND t.refobjsubid > 0
           AND t.objid NOT IN (SELECT p.id FROM passing p)
     UNION ALL SELECT 'roles', count(*), sum(hashtextextended(concat(t.oid, t.rolname), 0)) FROM pg_roles t
     UNION ALL SELECT 'subscription', count(*), sum(hashtextextended(concat(t.oid, t.subname, t.subowner), 0))
      FROM pg_subscription t
     UNION ALL SELECT 'inherits', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_inherits t
     UNION ALL SELECT 'partitioned_table', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_partitioned_table t
     UNION ALL SELECT 'trigger', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_trigger t
     UNION ALL SELECT 'rewrite', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_rewrite t
     UNION ALL SELECT 'policy', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_policy t
     UNION ALL SELECT 'statistic_ext', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_statistic_ext t
     UNION ALL SELECT 'enum', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_enum t
     UNION ALL SELECT 'range', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_range t
     UNION ALL SELECT 'proc', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_proc t
     UNION ALL SELECT 'aggregate', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_aggregate t
     UNION ALL SELECT 'operator', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_operator t
     UNION ALL SELECT 'opfamily', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_opfamily t
     UNION ALL SELECT 'opclass', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_opclass t
     UNION ALL SELECT 'amop', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_amop t
     UNION ALL SELECT 'amproc', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_amproc t
     UNION ALL SELECT 'cast', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_cast t
     UNION ALL SELECT 'transform', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_transform t
     UNION ALL SELECT 'namespace', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_namespace t
     UNION ALL SELECT 'extension', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_extension t
     UNION ALL SELECT 'language', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_language t
     UNION ALL SELECT 'am', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_am t
     UNION ALL SELECT 'collation', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_collation t
     UNION ALL SELECT 'conversion', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_conversion t
     UNION ALL SELECT 'ts_template', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_ts_template t
     UNION ALL SELECT 'ts_parser', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_ts_parser t
     UNION ALL SELECT 'ts_dict', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_ts_dict t
     UNION ALL SELECT 'ts_config', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_ts_config t
     UNION ALL SELECT 'ts_config_map', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_ts_config_map t
     UNION ALL SELECT 'foreign_data_wrapper', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_foreign_data_wrapper t
     UNION ALL SELECT 'foreign_server', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_foreign_server t
     UNION ALL SELECT 'foreign_table', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_foreign_table t
     UNION ALL SELECT 'event_trigger', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_event_trigger t
     UNION ALL SELECT 'publication', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_publication t
     UNION ALL SELECT 'publication_rel', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_publication_rel t
     UNION ALL SELECT 'default_acl', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_default_acl t
     UNION ALL SELECT 'description', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_description t
     UNION ALL SELECT 'shdescription', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_shdescription t
     UNION ALL SELECT 'user_mapping', count(*), sum(hashtextextended(concat(t.umid, t.srvname, t.usename, t.umoptions), 0))
      FROM pg_user_mappings t
     UNION ALL SELECT 'seclabel', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_seclabel t
     UNION ALL SELECT 'init_privs', count(*), sum(hashtextextended(concat(t.ctid, t.xmin), 0)) FROM pg_init_privs t
  ) v
$tidemark$;

-- Are the event triggers on? While one is off, schema changes and rewrites go unseen: nothing is exact until
-- it is on again and a look came after that. Says so once.
CREATE OR REPLACE FUNCTION tidemark.look_at_triggers(OUT state text, OUT are_well boolean, OUT were_changed boolean)
 LANGUAGE plpgsql VOLATILE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
BEGIN
    SELECT coalesce(string_agg(concat_ws(' ', e.evtname, e.evtenabled, e.xmin), ', ' ORDER BY e.evtname), ''),
           count(*) FILTER (WHERE e.evtenabled = 'A') = 3
      INTO state, are_well
      FROM pg_event_trigger e
     WHERE e.evtname IN ('tidemark_ddl', 'tidemark_drop', 'tidemark_rewrite');
    were_changed := state IS DISTINCT FROM (SELECT s.state FROM tidemark.seen s WHERE s.what = 'triggers');
    IF were_changed THEN
        IF NOT are_well THEN
            PERFORM tidemark.emit('dirty', 'event triggers are missing or off: ' || state);
        END IF;
        INSERT INTO tidemark.seen VALUES ('triggers', state)
            ON CONFLICT (what) DO UPDATE SET state = excluded.state;
    END IF;
END
$tidemark$;

-- Reads the whole catalog and tells what differs from what was told, because no event trigger tells of it,
-- one failed, or there is none; of a table whose rows may be others than the stream said, also the rows.
-- What it tells was changed after 'from'; all that was changed up to 'at' is told with it.
-- Answers false when it must be tried again: a schema command is under way, whose own message could come
-- before this one and tell of a later state.
CREATE OR REPLACE FUNCTION tidemark.look(is_told_anyway boolean) RETURNS boolean
 LANGUAGE plpgsql VOLATILE SECURITY DEFINER
 SET search_path = pg_catalog, pg_temp
 SET lock_timeout = '200ms'
 SET row_security = off
 SET jit = off -- compiling these queries takes ten times as long as running them
AS $tidemark$
DECLARE
    is_polling boolean := (SELECT s.is_polling FROM tidemark.setting s);
    looked_at pg_lsn := pg_current_wal_insert_lsn();
    looked_when timestamptz := clock_timestamp();
    looked jsonb;
    is_first boolean;
    triggers record;
    were_triggers_changed boolean := false;
    are_rewrites_untold boolean;
    version text;
    rows_seen jsonb;
    forms_seen jsonb;
    tables jsonb;
    objects jsonb;
    message jsonb;
    reshaped oid[];
    relation record;
    untold bigint[] := '{}';
    locked bigint[] := '{}';
    table_id oid;
BEGIN
    -- A transaction is in the log a moment before others see what it did.
    PERFORM pg_sleep(0.1);
    IF NOT pg_try_advisory_xact_lock(tidemark.schema_lock()) THEN
        RETURN false;
    END IF;
    looked := jsonb_build_object(
        'from', coalesce((SELECT s.state FROM tidemark.seen s WHERE s.what = 'looked'),
                         CASE WHEN is_polling THEN '0/0' ELSE looked_at::text END),
        'at', looked_at::text,
        'time', to_char(looked_when AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'by', CASE WHEN is_polling THEN 'POLLING' ELSE 'TRIGGERS' END);
    version := tidemark.catalog_version(); -- before all else, so that what comes meanwhile is looked at next time
    IF NOT is_polling THEN
        SELECT t.* INTO triggers FROM tidemark.look_at_triggers() t;
        IF NOT triggers.are_well THEN
            RETURN true;
        END IF;
        were_triggers_changed := triggers.were_changed;
    END IF;
    IF NOT is_told_anyway AND NOT were_triggers_changed
       AND version = (SELECT s.state FROM tidemark.seen s WHERE s.what = 'version')
       AND NOT EXISTS (SELECT FROM tidemark.seen s WHERE s.what LIKE 'untold %') THEN
        PERFORM tidemark.emit('look', looked::text);
        UPDATE tidemark.seen SET state = looked_at::text WHERE what = 'looked';
        RETURN true;
    END IF;
    -- Without triggers a command may come while we look: what is remembered at the end is of the beginning.
    SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') INTO rows_seen FROM tidemark.row_files(tidemark.all_relations()) f;
    SELECT coalesce(jsonb_agg(to_jsonb(f)), '[]') INTO forms_seen FROM tidemark.type_forms(tidemark.all_relations()) f;
    IF is_polling THEN
        PERFORM tidemark.look_at_publication();
    END IF;
    is_first := NOT EXISTS (SELECT FROM tidemark.catalog_told);
    tables := tidemark.all_table_states();
    objects := tidemark.all_object_states();
    SELECT array(SELECT substr(o.reference, 7)::oid FROM tidemark.catalog_told o
                  WHERE o.reference LIKE 'table:%'
                    AND o.row_form LIKE '2 %' -- else an older version wrote it
                    AND o.row_form <> tidemark.row_form(substr(o.reference, 7)::oid)) INTO reshaped;
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
    -- What has no form yet is new.
    reshaped := reshaped || array(
        SELECT (s.state ->> 'id')::oid FROM jsonb_array_elements(message -> 'tables') AS s(state)
          JOIN tidemark.catalog_told o ON o.reference = concat('table:', s.state ->> 'id') AND o.row_form IS NULL);
    UPDATE tidemark.catalog_told o SET row_form = tidemark.row_form(substr(o.reference, 7)::oid)
     WHERE o.reference LIKE 'table:%'
       AND o.row_form IS DISTINCT FROM tidemark.row_form(substr(o.reference, 7)::oid);
    -- Where triggers work well they have told of all rewrites.
    are_rewrites_untold := is_polling OR were_triggers_changed OR is_told_anyway;
    IF are_rewrites_untold THEN
        reshaped := reshaped || array(SELECT tidemark.retexted());
    END IF;
    reshaped := reshaped || array(SELECT r.id FROM tidemark.renamed_tables('look', '{}', '{}') AS r(id));
    FOR relation IN
        SELECT t.oid, n.nspname, t.relname, t.relpersistence,
               EXISTS (SELECT FROM tidemark.seen s WHERE s.what = concat('untold ', t.oid)) AS was_untold
          FROM pg_class t
          JOIN pg_namespace n ON n.oid = t.relnamespace
         WHERE NOT is_first AND t.relkind = 'r' AND tidemark.is_users_table(t.oid)
           AND (NOT is_polling OR tidemark.holds_rows(t.oid))
           AND (t.oid = ANY (reshaped)
                OR are_rewrites_untold
                   AND t.oid IN (SELECT f.id FROM tidemark.row_files(tidemark.all_relations()) f
                                   JOIN tidemark.seen s ON s.what = concat('file ', f.id) AND s.state <> f.file
                                   JOIN tidemark.seen c ON c.what = concat('columns ', f.id) AND c.state <> f.columns)
                -- The look before could not tell them.
                OR EXISTS (SELECT FROM tidemark.seen s WHERE s.what = concat('untold ', t.oid)))
         ORDER BY t.oid
    LOOP
        IF is_polling AND relation.relpersistence = 'p' AND NOT tidemark.is_published(relation.oid) THEN
            -- Its rows are not known as long as no publication tells of them.
            INSERT INTO tidemark.seen VALUES (concat('untold ', relation.oid), '') ON CONFLICT DO NOTHING;
            IF NOT relation.was_untold THEN
                untold := untold || relation.oid::bigint;
            END IF;
            CONTINUE;
        END IF;
        BEGIN
            EXECUTE format('LOCK TABLE ONLY %I.%I IN SHARE MODE', relation.nspname, relation.relname);
            -- Without triggers a command may have come in between; then the next look tells both.
            IF tidemark.digest(tidemark.table_state(relation.oid)) IS DISTINCT FROM (
                   SELECT o.digest FROM tidemark.catalog_told o WHERE o.reference = concat('table:', relation.oid)) THEN
                RAISE object_not_in_prerequisite_state;
            END IF;
            locked := locked || relation.oid::bigint;
            DELETE FROM tidemark.seen s WHERE s.what = concat('untold ', relation.oid);
        EXCEPTION WHEN lock_not_available OR object_not_in_prerequisite_state OR undefined_table
                    OR invalid_schema_name OR deadlock_detected THEN
            -- Somebody writes into it: its rows are not known until a look that can tell them.
            INSERT INTO tidemark.seen VALUES (concat('untold ', relation.oid), '') ON CONFLICT DO NOTHING;
        END;
        untold := untold || relation.oid::bigint;
    END LOOP;
    message := message || jsonb_build_object('rewritten', to_jsonb(untold), 'look', looked);
    IF is_told_anyway OR were_triggers_changed OR untold <> '{}' OR message ->> 'tables' <> '[]' OR message ->> 'objects' <> '[]'
       OR message ->> 'dropped' <> '[]' OR message ->> 'gone' <> '[]' THEN
        PERFORM tidemark.emit('schema', message::text);
    ELSE
        PERFORM tidemark.emit('look', looked::text);
    END IF;
    FOREACH table_id IN ARRAY locked LOOP
        BEGIN
            PERFORM tidemark.emit_image(table_id);
        EXCEPTION WHEN insufficient_privilege THEN
            INSERT INTO tidemark.seen VALUES (concat('untold ', table_id), '') ON CONFLICT DO NOTHING;
        END;
    END LOOP;
    INSERT INTO tidemark.seen AS s
    SELECT concat('file ', f.row ->> 'id'), f.row ->> 'file' FROM jsonb_array_elements(rows_seen) AS f(row)
     UNION ALL
    SELECT concat('columns ', f.row ->> 'id'), f.row ->> 'columns' FROM jsonb_array_elements(rows_seen) AS f(row)
     WHERE f.row ->> 'columns' IS NOT NULL
     UNION ALL
    SELECT concat('form ', f.row ->> 'relation'), f.row ->> 'form' FROM jsonb_array_elements(forms_seen) AS f(row)
     UNION ALL
    SELECT 'version', version
     UNION ALL
    SELECT 'looked', looked_at::text
        ON CONFLICT (what) DO UPDATE SET state = excluded.state WHERE s.state <> excluded.state;
    DELETE FROM tidemark.seen s
     WHERE s.what ~ '^(file|columns|untold|form) '
       AND NOT EXISTS (SELECT FROM pg_class t WHERE t.oid = substr(s.what, strpos(s.what, ' ') + 1)::oid);
    RETURN true;
END
$tidemark$;

-- From here on the log tells of all changes of what this found.
SELECT tidemark.look(true);
