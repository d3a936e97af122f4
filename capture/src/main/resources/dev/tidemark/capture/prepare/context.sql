-- A text without blanks around it, and not longer than so many characters; NULL for an empty one. It has no
-- search_path of its own, so that it is a part of the query that calls it.
CREATE OR REPLACE FUNCTION tidemark.brief(said text, characters_max int) RETURNS text
 LANGUAGE sql IMMUTABLE
AS $tidemark$
SELECT CASE WHEN pg_catalog.length(pg_catalog.left(said, characters_max OPERATOR(pg_catalog.+) 1))
                     OPERATOR(pg_catalog.>) characters_max
                THEN pg_catalog.concat(pg_catalog.left(said, characters_max OPERATOR(pg_catalog.-) 1), '…')
            ELSE nullif(pg_catalog.btrim(said, E' \t\r\n'), '') END
$tidemark$;

-- An application says who acts in this transaction, why, and for which request. It is a claim: what the
-- server itself knows of the session stands beside it. Called again, the last call counts; one in a subtransaction
-- that is rolled back does not. Whatever goes wrong here is a warning and no more: an application must not
-- fail because of us. The function's name and arguments are what applications know of Tidemark, and stay.
CREATE OR REPLACE FUNCTION tidemark.set_context(actor text, reason text DEFAULT NULL, request text DEFAULT NULL)
 RETURNS void
 LANGUAGE plpgsql VOLATILE SECURITY DEFINER
 SET search_path = pg_catalog, pg_temp
AS $tidemark$
DECLARE
    content text;
    said text;
BEGIN
    -- Nothing is changed in it that somebody would have to answer for. A standby's transactions are so, too.
    IF current_setting('transaction_read_only')::boolean THEN
        RETURN;
    END IF;
    IF tidemark.brief(actor, 500) IS NULL THEN
        RAISE NOTICE 'tidemark.set_context names no actor: it stays unknown who acts in this transaction';
    END IF;
    content := json_strip_nulls(json_build_object(
        'actor', tidemark.brief(actor, 500),
        'reason', tidemark.brief(reason, 4000),
        'request', tidemark.brief(request, 500),
        'sessionUser', session_user,
        'application', nullif(current_setting('application_name'), ''),
        'address', host(inet_client_addr())));
    -- Some call it before each statement. What is said already, and not rolled back since, is not said again: each
    -- time would take a subtransaction, and many of these in a transaction slow down everybody.
    said := concat(pg_current_xact_id(), ' ', content);
    IF said = current_setting('tidemark.said', true) THEN
        RETURN;
    END IF;
    BEGIN
        PERFORM tidemark.emit('context', content);
        PERFORM set_config('tidemark.said', said, true);
    EXCEPTION WHEN OTHERS THEN
        RAISE WARNING 'tidemark could not record who acts in this transaction: %', SQLERRM;
    END;
END
$tidemark$;
