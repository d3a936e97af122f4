-- With these the capture reads whole tables, when it takes a new base of those that a command rewrote. It
-- has no right to the tables themselves, whatever their owners and row level security say. A role that may
-- replicate reads all of the server anyway, so this gives it nothing that it does not have.

-- Keeps tables as the transaction's snapshot shows them, and describes them; other tables are passed over.
CREATE OR REPLACE FUNCTION tidemark.lock_tables(ids bigint[])
 RETURNS TABLE (id bigint, is_unchanged boolean, pages bigint, page_bytes int, rows real, state jsonb)
 LANGUAGE plpgsql VOLATILE SECURITY DEFINER
 SET search_path = pg_catalog, pg_temp
 -- A command that changes the table is let through, and the base taken after it.
 SET lock_timeout = '5s'
AS $tidemark$
#variable_conflict use_column
DECLARE
    relation record;
    wanted oid[];
BEGIN
    SELECT coalesce(array_agg(t.oid), '{}') INTO wanted
      FROM pg_class t
     WHERE t.oid = ANY (ids::oid[]) AND t.relkind = 'r' AND t.relpersistence = 'p'
       AND tidemark.holds_rows(t.oid)
       -- A base is of no use where no publication tells what comes after it.
       AND (NOT (SELECT s.is_polling FROM tidemark.setting s) OR tidemark.is_published(t.oid));
    FOR relation IN
        SELECT n.nspname, t.relname
          FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
         WHERE t.oid = ANY (wanted) ORDER BY t.oid
    LOOP
        EXECUTE format('LOCK TABLE ONLY %I.%I IN ACCESS SHARE MODE', relation.nspname, relation.relname);
    END LOOP;
    RETURN QUERY SELECT s.*, tidemark.table_state(s.id::oid) FROM (
{table-sizes}
    ) s ORDER BY s.id;
END
$tidemark$;

-- Opens the cursor tidemark_rows over a table's rows, or those of some of its pages.
CREATE OR REPLACE FUNCTION tidemark.open_rows(id bigint, first_page bigint, end_page bigint) RETURNS void
 LANGUAGE plpgsql VOLATILE SECURITY DEFINER
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
DECLARE
    tidemark_rows refcursor := 'tidemark_rows';
BEGIN
    IF NOT tidemark.holds_rows(id::oid) THEN
        RAISE EXCEPTION 'not a table that is captured: %', id;
    END IF;
    -- A range of ctid reads just its pages.
    OPEN tidemark_rows NO SCROLL FOR EXECUTE tidemark.rows_query(id::oid)
        || format(' WHERE t.ctid >= ''(%s,0)''', first_page)
        || CASE WHEN end_page IS NULL THEN '' ELSE format(' AND t.ctid < ''(%s,0)''', end_page) END;
END
$tidemark$;

-- The next rows of that cursor: about a megabyte, so that neither side holds much.
CREATE OR REPLACE FUNCTION tidemark.next_rows(row_bytes_max bigint) RETURNS SETOF text
 LANGUAGE plpgsql VOLATILE
AS $tidemark$
DECLARE
    tidemark_rows refcursor := 'tidemark_rows';
    line text;
    size bigint := 0;
BEGIN
    WHILE size < 1000000 LOOP
        FETCH tidemark_rows INTO line;
        EXIT WHEN NOT FOUND;
        IF pg_catalog.octet_length(line) > row_bytes_max THEN
            RAISE EXCEPTION 'a row is text of % bytes, and capture takes up to %',
                pg_catalog.octet_length(line), row_bytes_max;
        END IF;
        RETURN NEXT line;
        size := size + 100 + pg_catalog.length(line);
    END LOOP;
END
$tidemark$;
