-- What users do to the publications of catalog-publications.sql.
ALTER PUBLICATION several ADD TABLE app.legacy;
ALTER PUBLICATION several SET TABLE app.hen (id), app.egg WHERE (hen > 1), app.bag WHERE (a > 1);
ALTER PUBLICATION several SET TABLE app.hen (id), app.egg;
ALTER PUBLICATION several DROP TABLE app.egg;
ALTER PUBLICATION several RENAME TO few;
ALTER PUBLICATION few SET (publish = 'insert', publish_via_partition_root = true);
COMMENT ON PUBLICATION few IS NULL;
ALTER PUBLICATION nothing ADD TABLE app.bag WHERE (b = 'x'), TABLES IN SCHEMA public;
ALTER PUBLICATION whole ADD TABLES IN SCHEMA public;
ALTER PUBLICATION whole DROP TABLES IN SCHEMA "Odd ""Schema"" 'x'";
ALTER PUBLICATION whole SET TABLES IN SCHEMA app;
ALTER TABLE app.bag SET SCHEMA public;
ALTER TABLE public.bag SET SCHEMA app;
ALTER PUBLICATION part OWNER TO "catalog's reader";
DROP PUBLICATION nothing;
