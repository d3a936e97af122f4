-- Tidemark's own things, all in one schema. Others enter it for tidemark.set_context, and for nothing else.
CREATE SCHEMA IF NOT EXISTS tidemark;
-- What stands in a schema of somebody else is his, and would act with the rights of whoever prepares.
DO $tidemark$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_roles r ON r.oid = n.nspowner
                    WHERE n.nspname = 'tidemark'
                      AND (r.rolsuper OR pg_catalog.pg_has_role(r.oid, 'USAGE')
                           AND NOT (SELECT u.rolsuper FROM pg_catalog.pg_roles u WHERE u.rolname = current_user))) THEN
        RAISE EXCEPTION 'the schema tidemark belongs to another role'
            USING HINT = 'Tidemark makes it itself: find out who made it, and drop or rename it.';
    END IF;
END
$tidemark$;
REVOKE ALL ON SCHEMA tidemark FROM PUBLIC;

-- The key of a signature, as the two pads of HMAC-SHA256 (RFC 2104). It is made here, so that it
-- stands in no statement and no log. 3 UUIDs hold 366 random bits; the hash takes 256 of them.
CREATE TABLE IF NOT EXISTS tidemark.secret (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    inner_pad bytea NOT NULL CHECK (length(inner_pad) = 64),
    outer_pad bytea NOT NULL CHECK (length(outer_pad) = 64));
REVOKE ALL ON TABLE tidemark.secret FROM PUBLIC;
WITH secret AS MATERIALIZED (
    SELECT pg_catalog.sha256(pg_catalog.convert_to(
               pg_catalog.concat(pg_catalog.gen_random_uuid(), pg_catalog.gen_random_uuid(),
                                 pg_catalog.gen_random_uuid()), 'UTF8'))
           || pg_catalog.decode(pg_catalog.repeat('00', 32), 'hex') AS padded)
INSERT INTO tidemark.secret (inner_pad, outer_pad)
SELECT pg_catalog.string_agg(pg_catalog.set_byte('\x00', 0, pg_catalog.get_byte(padded, i) # 54), '' ORDER BY i),
       pg_catalog.string_agg(pg_catalog.set_byte('\x00', 0, pg_catalog.get_byte(padded, i) # 92), '' ORDER BY i)
  FROM secret, pg_catalog.generate_series(0, 63) AS i
    ON CONFLICT DO NOTHING;

-- What 'tidemark init' was told, one row.
CREATE TABLE IF NOT EXISTS tidemark.setting (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    image_max_bytes bigint NOT NULL);
REVOKE ALL ON TABLE tidemark.setting FROM PUBLIC;
ALTER TABLE tidemark.setting ADD COLUMN IF NOT EXISTS is_polling boolean NOT NULL DEFAULT false;
ALTER TABLE tidemark.setting ADD COLUMN IF NOT EXISTS publication name NOT NULL DEFAULT '';
INSERT INTO tidemark.setting (image_max_bytes, is_polling, publication)
VALUES ({image-max-bytes}, {is-polling}, {publication:literal})
    ON CONFLICT (only_row) DO UPDATE SET image_max_bytes = excluded.image_max_bytes,
                                         is_polling = excluded.is_polling, publication = excluded.publication;

-- The catalog as the log has it: a digest of each state that was told last. Its rows are also locks, so that
-- of two transactions that touch an object the second reads what the first made of it. Of a table also the
-- form of its rows.
CREATE TABLE IF NOT EXISTS tidemark.catalog_told (
    reference text PRIMARY KEY,
    digest bytea NOT NULL);
ALTER TABLE tidemark.catalog_told ADD COLUMN IF NOT EXISTS row_form text;
REVOKE ALL ON TABLE tidemark.catalog_told FROM PUBLIC;

-- What a look compares with the one before it: where in the log that was, the state of the event triggers or of
-- the publication, of each table what a rewrite replaces, and that its rows are still to be told.
CREATE TABLE IF NOT EXISTS tidemark.seen (
    what text PRIMARY KEY,
    state text NOT NULL);
REVOKE ALL ON TABLE tidemark.seen FROM PUBLIC;

-- The tables that a command has rewritten, from then until its end.
CREATE TABLE IF NOT EXISTS tidemark.rewritten (table_id oid PRIMARY KEY);
REVOKE ALL ON TABLE tidemark.rewritten FROM PUBLIC;

-- The labels of enums, since the catalog alone does not tell that one got another name.
CREATE TABLE IF NOT EXISTS tidemark.enum_label (
    label_id oid PRIMARY KEY,
    label name NOT NULL);
REVOKE ALL ON TABLE tidemark.enum_label FROM PUBLIC;
INSERT INTO tidemark.enum_label
SELECT oid, enumlabel FROM pg_catalog.pg_enum
    ON CONFLICT (label_id) DO UPDATE SET label = excluded.label;

-- The names of what values of regclass and the like may name, while tables have such values.
CREATE TABLE IF NOT EXISTS tidemark.object_name (
    class oid NOT NULL,
    id oid NOT NULL,
    name text NOT NULL,
    PRIMARY KEY (class, id));
REVOKE ALL ON TABLE tidemark.object_name FROM PUBLIC;

-- The tables whose replica identity Tidemark set to FULL, and what it was: 'tidemark deinit' gives it back.
CREATE TABLE IF NOT EXISTS tidemark.replica_identity (
    table_id oid PRIMARY KEY,
    was "char" NOT NULL);
REVOKE ALL ON TABLE tidemark.replica_identity FROM PUBLIC;

-- Written to after each message, and of no meaning otherwise: see tidemark.emit.
CREATE SEQUENCE IF NOT EXISTS tidemark.spacer;
REVOKE ALL ON SEQUENCE tidemark.spacer FROM PUBLIC;

-- What the archive's newest manifest was when somebody had it written down here, where those who can write the
-- archive cannot: 'tidemark verify --anchor source' holds the archive against the newest one.
CREATE TABLE IF NOT EXISTS tidemark.anchor (
    number bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    content text NOT NULL);
REVOKE ALL ON TABLE tidemark.anchor FROM PUBLIC;
