-- Whose the objects of catalog.sql are, and who may do what with them. Roles are the server's.
DO $$ BEGIN CREATE ROLE "Chief = ""x""/*"; EXCEPTION WHEN duplicate_object THEN END $$;
DO $$ BEGIN CREATE ROLE clerk; EXCEPTION WHEN duplicate_object THEN END $$;
DO $$ BEGIN CREATE ROLE trainee; EXCEPTION WHEN duplicate_object THEN END $$;
DO $$ BEGIN CREATE ROLE captain SUPERUSER; EXCEPTION WHEN duplicate_object THEN END $$;

-- Owners of every kind.
ALTER SCHEMA app OWNER TO "Chief = ""x""/*";
GRANT CREATE, USAGE ON SCHEMA app, "Odd ""Schema"" 'x'", public TO clerk, "Chief = ""x""/*";
GRANT USAGE ON SCHEMA app TO trainee;
ALTER TABLE app.hen OWNER TO clerk;
ALTER TABLE app."Konto ""x""" OWNER TO "Chief = ""x""/*";
ALTER TABLE app.orders OWNER TO clerk;
ALTER TABLE app.orders_2024_north OWNER TO "Chief = ""x""/*";
ALTER VIEW app.hens OWNER TO clerk;
ALTER MATERIALIZED VIEW app.z_first OWNER TO clerk;
ALTER FOREIGN TABLE app.logins OWNER TO clerk;
ALTER SEQUENCE app.free OWNER TO clerk;
ALTER FUNCTION app.first(integer) OWNER TO clerk;
ALTER FUNCTION app.aaa_uses_first(integer, text[]) OWNER TO "Chief = ""x""/*";
ALTER PROCEDURE app.nothing OWNER TO clerk;
ALTER AGGREGATE app.total(integer) OWNER TO clerk;
ALTER AGGREGATE app.nth(double precision ORDER BY anyelement) OWNER TO clerk;
ALTER TYPE app."Stage" OWNER TO clerk;
ALTER TYPE app.address OWNER TO clerk;
ALTER DOMAIN app.short OWNER TO clerk;
ALTER OPERATOR app.=== (text, app."Stage") OWNER TO clerk;
ALTER OPERATOR FAMILY app.lengths USING btree OWNER TO captain;
ALTER OPERATOR CLASS app.length_ops USING btree OWNER TO captain;
ALTER COLLATION app.german OWNER TO clerk;
ALTER TEXT SEARCH DICTIONARY app.plain OWNER TO clerk;
ALTER TEXT SEARCH CONFIGURATION app.words OWNER TO clerk;
ALTER STATISTICS app.stats OWNER TO "Chief = ""x""/*";
CREATE FOREIGN DATA WRAPPER nowhere;
ALTER FOREIGN DATA WRAPPER nowhere OWNER TO captain;
GRANT USAGE ON FOREIGN DATA WRAPPER nowhere TO clerk WITH GRANT OPTION;
CREATE SERVER nothing FOREIGN DATA WRAPPER nowhere;
ALTER SERVER nothing OWNER TO clerk;
GRANT USAGE ON FOREIGN SERVER nothing TO trainee;
CREATE TRUSTED LANGUAGE plnew HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler;
ALTER LANGUAGE plnew OWNER TO captain;
REVOKE USAGE ON LANGUAGE plnew FROM PUBLIC;
GRANT USAGE ON LANGUAGE plnew TO clerk;
ALTER EVENT TRIGGER "my trigger" OWNER TO captain;
COMMENT ON EVENT TRIGGER "my trigger" IS 'acts always';

-- Rights of every kind, some granted on by those that got them.
GRANT SELECT, INSERT ON app.hen TO trainee WITH GRANT OPTION;
GRANT SELECT, TRUNCATE, REFERENCES, TRIGGER ON app.hen TO PUBLIC;
SET ROLE trainee;
GRANT SELECT, INSERT ON app.hen TO "Chief = ""x""/*";
GRANT SELECT ON app.hen TO captain WITH GRANT OPTION;
RESET ROLE;
GRANT SELECT (id), UPDATE (egg), INSERT (id, egg) ON app.hen TO "catalog's reader";
GRANT UPDATE (id) ON app.hen TO trainee WITH GRANT OPTION;
SET ROLE trainee;
GRANT UPDATE (id), SELECT (egg) ON app.hen TO "catalog's reader";
RESET ROLE;
GRANT SELECT ("weird ''col""umn") ON app."Konto ""x""" TO PUBLIC;
GRANT ALL ON app."Konto ""x""" TO clerk;
REVOKE ALL ON app.bag FROM postgres;
REVOKE DELETE, TRUNCATE ON app.legacy FROM postgres;
GRANT SELECT ON app.legacy TO postgres WITH GRANT OPTION;
GRANT SELECT ("Hen No") ON app.hens TO trainee;
GRANT SELECT, UPDATE ON app.a_view TO trainee;
GRANT SELECT ON app.z_first TO trainee;
GRANT SELECT (amount) ON app.z_first TO PUBLIC;
GRANT SELECT (login) ON app.logins TO trainee;
GRANT USAGE ON SEQUENCE app.free, app.owned TO trainee;
GRANT SELECT, UPDATE ON SEQUENCE app."Konto ""x""_ID_seq" TO PUBLIC;
REVOKE ALL ON FUNCTION app.first(integer) FROM PUBLIC, clerk;
REVOKE EXECUTE ON FUNCTION app.aaa_uses_first(integer, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.aaa_uses_first(integer, text[]) TO clerk WITH GRANT OPTION;
REVOKE EXECUTE ON PROCEDURE app.nothing FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE app.nothing TO trainee;
REVOKE EXECUTE ON FUNCTION app.total(integer), app.nth(double precision, anyelement) FROM PUBLIC;
CREATE AGGREGATE app.number_of(*) (SFUNC = int8inc, STYPE = bigint, INITCOND = '0');
GRANT EXECUTE ON FUNCTION app.number_of() TO trainee;
CREATE AGGREGATE app.place(VARIADIC "any" ORDER BY VARIADIC "any") (SFUNC = ordered_set_transition_multi,
    STYPE = internal, FINALFUNC = rank_final, FINALFUNC_EXTRA, HYPOTHETICAL);
GRANT EXECUTE ON FUNCTION app.place(VARIADIC "any") TO trainee;
CREATE AGGREGATE app.most(ORDER BY anyelement) (SFUNC = ordered_set_transition,
    STYPE = internal, FINALFUNC = mode_final, FINALFUNC_EXTRA);
GRANT EXECUTE ON FUNCTION app.most(anyelement) TO trainee;
REVOKE USAGE ON TYPE app."Stage" FROM PUBLIC;
GRANT USAGE ON TYPE app."Stage", app.address, app."Float Range" TO trainee;
REVOKE ALL ON DOMAIN app.short FROM PUBLIC, clerk;
GRANT USAGE ON SCHEMA "Odd ""Schema"" 'x'" TO PUBLIC;

-- Partitions and children do not follow their parents.
GRANT SELECT ON app.orders, app.parent TO trainee;
GRANT INSERT ON app.orders_2025 TO trainee;
GRANT SELECT (region) ON app.orders_2025 TO trainee;

-- What somebody else than the owner of all made.
SET ROLE clerk;
CREATE TYPE app.clerks_range AS RANGE (SUBTYPE = integer);
CREATE TABLE app.clerks (id serial PRIMARY KEY, no integer GENERATED ALWAYS AS IDENTITY, r app.clerks_range);
GRANT USAGE ON SEQUENCE app.clerks_id_seq, app.clerks_no_seq TO trainee WITH GRANT OPTION;
GRANT USAGE ON TYPE app.clerks_range TO trainee WITH GRANT OPTION;
CREATE VIEW app.clerks_view AS SELECT id FROM app.clerks;
RESET ROLE;
CREATE PUBLICATION clerks FOR TABLE app.clerks;
ALTER PUBLICATION clerks OWNER TO clerk;

-- What later objects get.
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO trainee;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE clerk REVOKE ALL ON TABLES FROM clerk;
ALTER DEFAULT PRIVILEGES FOR ROLE clerk GRANT USAGE ON SCHEMAS TO trainee WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE "Chief = ""x""/*" IN SCHEMA app GRANT INSERT, SELECT ON TABLES TO clerk WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE clerk IN SCHEMA app GRANT USAGE ON TYPES TO PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE clerk IN SCHEMA "Odd ""Schema"" 'x'" GRANT USAGE ON SEQUENCES TO PUBLIC;
CREATE POLICY "for two" ON app.hen FOR SELECT TO trainee, "Chief = ""x""/*" USING (id > 0);

-- Rights to what PostgreSQL and extensions bring along.
GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) TO trainee WITH GRANT OPTION;
SET ROLE trainee;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) TO clerk;
RESET ROLE;
REVOKE EXECUTE ON FUNCTION pg_catalog.sum(integer), pg_catalog.mode(anyelement), pg_catalog.concat(VARIADIC "any") FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION pg_catalog.pg_ls_waldir() FROM pg_monitor;
REVOKE SELECT ON pg_catalog.pg_tables FROM PUBLIC;
GRANT SELECT (rolname, rolpassword) ON pg_catalog.pg_authid TO trainee;
REVOKE SELECT (subname) ON pg_catalog.pg_subscription FROM PUBLIC;
GRANT USAGE ON TYPE pg_catalog."char" TO trainee;
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
GRANT USAGE ON LANGUAGE plpgsql TO clerk;
GRANT CREATE ON SCHEMA pg_catalog TO trainee;
REVOKE EXECUTE ON FUNCTION public.akeys(public.hstore) FROM PUBLIC;
GRANT USAGE ON TYPE public.hstore TO trainee;
GRANT USAGE ON FOREIGN DATA WRAPPER file_fdw TO trainee;
GRANT SELECT ON pg_catalog.pg_statistic TO trainee;
REVOKE SELECT ON pg_catalog.pg_statistic FROM trainee;
CREATE EXTENSION fuzzystrmatch SCHEMA app;
