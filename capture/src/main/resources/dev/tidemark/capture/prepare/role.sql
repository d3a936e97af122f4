-- The capture role may stream, write its sign of life and check signatures. It has no right to any table;
-- rows it reads by functions only.
DO $tidemark$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {role:literal}) THEN
        CREATE ROLE {role} LOGIN REPLICATION;
        COMMENT ON ROLE {role} IS {comment:literal};
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles
                    WHERE rolname = {role:literal} AND rolcanlogin AND (rolreplication OR rolsuper)) THEN
        RAISE EXCEPTION 'role % exists and may not log in and replicate', {role:literal}
            USING HINT = pg_catalog.format('Name another role, or run: ALTER ROLE %I LOGIN REPLICATION', {role:literal});
    END IF;
    -- Everybody may connect unless somebody forbade it: then a grant, which would stay, is left out.
    IF NOT pg_catalog.has_database_privilege({role:literal}, pg_catalog.current_database(), 'CONNECT') THEN
        EXECUTE pg_catalog.format('GRANT CONNECT ON DATABASE %I TO %I', pg_catalog.current_database(), {role:literal});
    END IF;
END
$tidemark$;
GRANT USAGE ON SCHEMA tidemark TO PUBLIC, {role}; -- whoever says who acts enters it
GRANT EXECUTE ON FUNCTION
    tidemark.heartbeat(),
    tidemark.look(boolean),
    tidemark.is_signed(text, bigint, text, text),
    tidemark.is_schema_for_engine(name, name),
    tidemark.lock_tables(bigint[]),
    tidemark.open_rows(bigint, bigint, bigint),
    tidemark.next_rows(bigint)
 TO {role};
