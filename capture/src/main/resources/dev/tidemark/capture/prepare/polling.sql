-- What a look does where no event triggers are (source.schema-changes: polling).

-- Does the publication tell of this table's rows?
CREATE OR REPLACE FUNCTION tidemark.is_published(table_id oid) RETURNS boolean
 LANGUAGE sql STABLE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
SELECT EXISTS (SELECT FROM pg_publication p JOIN tidemark.setting s ON s.publication = p.pubname
                WHERE p.puballtables
                   OR EXISTS (SELECT FROM pg_publication_rel r WHERE r.prpubid = p.oid AND r.prrelid = table_id))
$tidemark$;

-- The tables with rows that the publication lacks and its owner may add: those that he owns.
CREATE OR REPLACE FUNCTION tidemark.unpublished(OUT id oid, OUT schema name, OUT name name) RETURNS SETOF record
 LANGUAGE sql STABLE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
SELECT t.oid, n.nspname, t.relname
  FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
 WHERE t.relkind = 'r' AND t.relpersistence = 'p' AND tidemark.holds_rows(t.oid)
   AND pg_has_role(t.relowner, 'USAGE') AND NOT tidemark.is_published(t.oid)
 ORDER BY t.oid
$tidemark$;

-- Publishes the tables that came since. Under a lock that keeps writers away until the look has told the rows
-- so far: the stream has those after it. One that is in use waits for the next look, and is not known until then.
CREATE OR REPLACE FUNCTION tidemark.publish_tables() RETURNS void
 LANGUAGE plpgsql VOLATILE
 SET search_path = pg_catalog, pg_temp
 SET lock_timeout = '200ms'
AS $tidemark$
DECLARE
    publication name := (SELECT s.publication FROM tidemark.setting s);
    relation record;
BEGIN
    FOR relation IN SELECT u.* FROM tidemark.unpublished() u LOOP
        BEGIN
            EXECUTE format('LOCK TABLE ONLY %I.%I IN SHARE MODE', relation.schema, relation.name);
            IF tidemark.give_identity(relation.id) IN ('key', 'full') THEN
                EXECUTE format('ALTER PUBLICATION %I ADD TABLE ONLY %I.%I', publication, relation.schema, relation.name);
                INSERT INTO tidemark.seen VALUES (concat('untold ', relation.id), '') ON CONFLICT DO NOTHING;
            END IF;
        EXCEPTION WHEN lock_not_available OR undefined_table OR invalid_schema_name OR insufficient_privilege
                    OR deadlock_detected THEN
            RAISE WARNING 'tidemark could not publish table %.%: %', relation.schema, relation.name, SQLERRM;
        END;
    END LOOP;
END
$tidemark$;

-- What a publication leaves out for a while is missing without a trace. Whatever somebody did to it, even if he
-- took it back, left other rows in the catalog.
CREATE OR REPLACE FUNCTION tidemark.look_at_publication() RETURNS void
 LANGUAGE plpgsql VOLATILE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
DECLARE
    publication name := (SELECT s.publication FROM tidemark.setting s);
    state_now text := (SELECT concat(p.oid, ' ', p.xmin) FROM pg_publication p WHERE p.pubname = publication);
BEGIN
    IF EXISTS (SELECT FROM tidemark.seen s WHERE s.what = 'publication' AND s.state IS DISTINCT FROM state_now)
       OR EXISTS (SELECT FROM tidemark.seen s
                    JOIN pg_class t ON t.oid = substr(s.what, 11)::oid
                    LEFT JOIN pg_publication_rel r ON r.prrelid = t.oid AND s.state = concat(r.oid, ' ', r.xmin)
                   WHERE s.what LIKE 'published %' AND r.oid IS NULL) THEN
        PERFORM tidemark.emit('publication',
            jsonb_build_object('command', 'ALTER PUBLICATION', 'publication', publication)::text);
    END IF;
    DELETE FROM tidemark.seen s WHERE s.what = 'publication' OR s.what LIKE 'published %';
    IF state_now IS NOT NULL THEN
        PERFORM tidemark.publish_tables();
    END IF;
    INSERT INTO tidemark.seen
    SELECT 'publication', state_now WHERE state_now IS NOT NULL
     UNION ALL
    SELECT concat('published ', r.prrelid), concat(r.oid, ' ', r.xmin)
      FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid
     WHERE p.pubname = publication;
END
$tidemark$;

-- The tables whose rows print in another way than at the look before, see emit_retexted.
CREATE OR REPLACE FUNCTION tidemark.retexted() RETURNS SETOF oid
 LANGUAGE plpgsql VOLATILE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
DECLARE
    types oid[];
BEGIN
    -- One statement: what comes between two would be remembered and never told.
    WITH now AS MATERIALIZED (
        SELECT l.oid, l.enumtypid, l.enumlabel FROM pg_enum l
    ), renamed AS MATERIALIZED (
        SELECT n.enumtypid FROM now n JOIN tidemark.enum_label k ON k.label_id = n.oid AND k.label <> n.enumlabel
    ), kept AS (
        INSERT INTO tidemark.enum_label AS k
        SELECT n.oid, n.enumlabel FROM now n
            ON CONFLICT (label_id) DO UPDATE SET label = excluded.label WHERE k.label <> excluded.label
    )
    SELECT coalesce(array_agg(DISTINCT r.enumtypid), '{}') INTO types FROM renamed r;
    SELECT types || coalesce(array_agg(f.type), '{}') INTO types
      FROM tidemark.type_forms(tidemark.all_relations()) f
      JOIN tidemark.seen s ON s.what = concat('form ', f.relation) AND s.state <> f.form;
    RETURN QUERY SELECT t.id FROM tidemark.tables_with(types) AS t(id);
END
$tidemark$;
