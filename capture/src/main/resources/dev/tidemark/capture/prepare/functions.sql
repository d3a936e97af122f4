-- HMAC-SHA256 of a message of this transaction or another one. Not callable by others.
CREATE OR REPLACE FUNCTION tidemark.signature(kind text, xid bigint, content text) RETURNS text
 LANGUAGE sql STABLE STRICT
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
SELECT encode(sha256(s.outer_pad || sha256(s.inner_pad
           || convert_to(kind || ':' || xid || ':' || content, 'UTF8'))), 'hex')
  FROM tidemark.secret s
$tidemark$;

-- Writes a signed message into the log, in order with the rows of this transaction. The number is the
-- transaction's as the stream has it: 32 bits, and that of the outermost transaction.
CREATE OR REPLACE FUNCTION tidemark.emit(kind text, content text) RETURNS void
 LANGUAGE plpgsql VOLATILE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
DECLARE
    signature text := tidemark.signature(kind, pg_current_xact_id()::text::bigint & 4294967295, content);
BEGIN
    IF signature IS NULL THEN
        RAISE EXCEPTION 'the secret of tidemark''s messages is missing' USING HINT = 'Run ''tidemark init'' again.';
    END IF;
    PERFORM pg_logical_emit_message(true, 'tidemark.' || kind, signature || ' ' || content);
    -- Decoding gives a message the position of its record's end, which is where the next record starts,
    -- and merges a transaction with its subtransactions by position: a row that follows at once could
    -- come before the message. So something else follows: a record that is not decoded.
    PERFORM setval('tidemark.spacer', 1);
END
$tidemark$;

CREATE OR REPLACE FUNCTION tidemark.is_signed(kind text, xid bigint, content text, signature text) RETURNS boolean
 LANGUAGE sql STABLE STRICT SECURITY DEFINER
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
SELECT coalesce(tidemark.signature(kind, xid, content) = signature, false)
$tidemark$;

-- Where sequences stand, each with its number, value and whether that was handed out. They are asked
-- themselves, some in one statement, in a subtransaction that fails on purpose: so no lock is kept, where one
-- for each of thousands would take all that the server has for everybody.
CREATE OR REPLACE FUNCTION tidemark.sequence_values(ids oid[]) RETURNS TABLE (id oid, last bigint, called boolean)
 LANGUAGE plpgsql STABLE
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
DECLARE
    batch_max constant int := 100;
    query text;
    batch jsonb;
BEGIN
    FOR start IN 1 .. cardinality(ids) BY batch_max LOOP
        SELECT string_agg(format('SELECT %s AS id, last_value AS last, is_called AS called FROM %I.%I',
                                 c.oid, n.nspname, c.relname), ' UNION ALL ')
          INTO query
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.oid = ANY (ids[start : start + batch_max - 1]);
        CONTINUE WHEN query IS NULL;
        BEGIN
            EXECUTE 'SELECT jsonb_agg(to_jsonb(s)) FROM (' || query || ') s' INTO batch;
            RAISE SQLSTATE 'TD001';
        EXCEPTION WHEN SQLSTATE 'TD001' THEN
            RETURN QUERY SELECT (s.state ->> 'id')::oid, (s.state ->> 'last')::bigint, (s.state ->> 'called')::boolean
                           FROM jsonb_array_elements(batch) AS s(state);
        END;
    END LOOP;
END
$tidemark$;

-- Where the users' sequences stand.
CREATE OR REPLACE FUNCTION tidemark.sequences() RETURNS jsonb
 LANGUAGE plpgsql VOLATILE
 SET search_path = pg_catalog, pg_temp
 SET lock_timeout = '100ms'
AS $tidemark$
BEGIN
    RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('id', v.id::bigint, 'last', v.last, 'called', v.called)
                                      ORDER BY v.id), '[]')
              FROM tidemark.sequence_values(array(
                       SELECT s.seqrelid
                         FROM pg_sequence s
                         JOIN pg_class c ON c.oid = s.seqrelid
                         JOIN pg_namespace n ON n.oid = c.relnamespace
                        WHERE n.nspname !~ '^(pg_|information_schema$|tidemark(_restore)?$)'
                          AND has_sequence_privilege(s.seqrelid, 'SELECT'))) v);
END
$tidemark$;

-- Called by the capture now and then: a sign of life with the server's time, and the sequences. They
-- are left out this time when one is locked or just dropped: a long migration must not stop the clock.
CREATE OR REPLACE FUNCTION tidemark.heartbeat() RETURNS void
 LANGUAGE plpgsql VOLATILE SECURITY DEFINER
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
DECLARE
    -- All that is committed up to here got its numbers before they are read below.
    before pg_lsn := pg_current_wal_insert_lsn();
    states jsonb;
BEGIN
    PERFORM tidemark.emit('heartbeat',
        to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'));
    BEGIN
        states := tidemark.sequences();
    EXCEPTION WHEN OTHERS THEN
        RETURN;
    END;
    PERFORM tidemark.emit('sequences', jsonb_build_object('at', before, 'sequences', states)::text);
END
$tidemark$;

-- The engine reads all types when it starts, though nothing here uses them, and fails on an enum without
-- labels and on a domain over an enum. The condition of its query is nspname != 'pg_toast', and in its
-- sessions this schema comes before pg_catalog: so it is this operator that answers, and leaves it the
-- types of pg_catalog, which have neither.
CREATE OR REPLACE FUNCTION tidemark.is_schema_for_engine(name, name) RETURNS boolean
 LANGUAGE sql IMMUTABLE STRICT
AS $tidemark$
SELECT CASE WHEN $2 OPERATOR(pg_catalog.=) 'pg_toast'::name THEN $1 OPERATOR(pg_catalog.=) 'pg_catalog'::name
            ELSE $1 OPERATOR(pg_catalog.<>) $2 END
$tidemark$;
DO $tidemark$
BEGIN
    IF pg_catalog.to_regoperator('tidemark.<>(name,name)') IS NULL THEN
        CREATE OPERATOR tidemark.<> (LEFTARG = name, RIGHTARG = name, FUNCTION = tidemark.is_schema_for_engine);
    END IF;
END
$tidemark$;

-- Is it a table whose schema the archive holds: a user's or an extension's, not temporary?
CREATE OR REPLACE FUNCTION tidemark.is_users_table(id oid) RETURNS boolean
 LANGUAGE sql STABLE STRICT
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
SELECT EXISTS (
    SELECT FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
     WHERE t.oid = id AND t.relkind IN ('r', 'p') AND t.relpersistence <> 't'
       AND n.nspname !~ '^(pg_|information_schema$|tidemark(_restore)?$)')
$tidemark$;

-- Are its rows archived: is it a user's table, or configuration of an extension?
CREATE OR REPLACE FUNCTION tidemark.holds_rows(id oid) RETURNS boolean
 LANGUAGE sql STABLE STRICT
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
SELECT tidemark.is_users_table(id)
   AND (NOT EXISTS (SELECT FROM pg_depend e
                     WHERE e.classid = 'pg_class'::regclass AND e.objid = id AND e.objsubid = 0 AND e.deptype = 'e')
        OR EXISTS (SELECT FROM pg_extension e JOIN pg_class t ON t.oid = id
                    WHERE id = ANY (e.extconfig) AND pg_has_role(t.relowner, 'USAGE')))
$tidemark$;

-- The query of a table's rows, each as the text of a record of its stored columns; the table's alias is t.
CREATE OR REPLACE FUNCTION tidemark.rows_query(id oid) RETURNS text
 LANGUAGE sql STABLE STRICT
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
SELECT format('SELECT format(''%%s'', ROW(%s)) FROM ONLY %I.%I t', (
           SELECT coalesce(string_agg(format('t.%I', a.attname), ', ' ORDER BY a.attnum), '')
             FROM pg_attribute a
            WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
           n.nspname, t.relname)
  FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
 WHERE t.oid = id
$tidemark$;
