-- Writes the rows of a table into the log, after a command that changed them without any event and still
-- holds the table's lock: each as the text of a record of its stored columns. Beyond the limit, or when
-- they cannot be written, the rows stay unknown. An unlogged table's rows are not archived.
CREATE OR REPLACE FUNCTION tidemark.emit_image(id oid) RETURNS void
{attributes}
AS $tidemark$
DECLARE
    relation record;
    columns int;
    line text;
    lines text[] := '{}';
    size bigint := 0;
BEGIN
    SELECT t.oid, t.relpersistence, pg_table_size(t.oid) AS bytes,
           (SELECT s.image_max_bytes FROM tidemark.setting s) AS bytes_max
      INTO relation
      FROM pg_class t
     WHERE t.oid = id AND t.relkind = 'r';
    IF NOT FOUND OR relation.bytes > relation.bytes_max AND relation.relpersistence = 'p' THEN
        RETURN;
    END IF;
    IF relation.relpersistence = 'p' THEN
        SELECT count(*) INTO columns
          FROM pg_attribute a
         WHERE a.attrelid = id AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '';
        FOR line IN EXECUTE tidemark.rows_query(id) LOOP
            lines := lines || line;
            size := size + length(line);
            IF size > 500000 THEN
                PERFORM tidemark.emit('image', jsonb_build_object('table', id::bigint, 'columns', columns, 'rows', lines)::text);
                lines := '{}';
                size := 0;
            END IF;
        END LOOP;
        PERFORM tidemark.emit('image', jsonb_build_object('table', id::bigint, 'columns', columns, 'rows', lines)::text);
    END IF;
    PERFORM tidemark.emit('schema', jsonb_build_object('command', 'image', 'restated', ARRAY[id::bigint])::text);
END
$tidemark$;
