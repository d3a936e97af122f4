-- Functions of extensions that were altered, as Odoo does with unaccent so that an index can use it: how they are
-- now. In another version of the extension they are as that has them.
SELECT 'altered function' AS kind, p.oid::bigint AS id, n.nspname::text AS schema,
       format('%I(%s)', p.proname, oidvectortypes(p.proargtypes)) AS name,
       ARRAY[format('DO %L', format($$BEGIN
    IF EXISTS (
        SELECT FROM pg_proc p
          JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
          JOIN pg_extension e ON e.oid = d.refobjid
         WHERE p.oid = to_regprocedure(%1$L) AND e.extname = %2$L AND e.extversion = %3$L
           AND ROW(p.provolatile, p.proisstrict, p.prosecdef, p.proleakproof, p.proparallel,
                   p.procost, p.prorows, p.proconfig::text) IS DISTINCT FROM
               ROW(%4$L::"char", %5$L::bool, %6$L::bool, %7$L::bool, %8$L::"char", %9$L::real, %10$L::real, %11$L)) THEN
        %12$s
    END IF;
END$$, f.name, e.extname, e.extversion, p.provolatile, p.proisstrict, p.prosecdef, p.proleakproof,
                    p.proparallel, p.procost, p.prorows, p.proconfig::text,
                    concat_ws(E'\n        ',
                        format('ALTER FUNCTION %s %s;', f.name, concat_ws(' ',
                            CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE' ELSE 'VOLATILE' END,
                            CASE WHEN p.proisstrict THEN 'STRICT' ELSE 'CALLED ON NULL INPUT' END,
                            CASE WHEN p.prosecdef THEN 'SECURITY DEFINER' ELSE 'SECURITY INVOKER' END,
                            CASE WHEN p.proleakproof THEN 'LEAKPROOF' ELSE 'NOT LEAKPROOF' END,
                            'PARALLEL',
                            CASE p.proparallel WHEN 's' THEN 'SAFE' WHEN 'r' THEN 'RESTRICTED' ELSE 'UNSAFE' END,
                            'COST', p.procost,
                            CASE WHEN p.prorows > 0 THEN format('ROWS %s', p.prorows) END,
                            'RESET ALL')),
                        (SELECT string_agg(format('ALTER FUNCTION %s SET %I TO %s;', f.name, s.name,
                                    -- The value of a list is written as one already.
                                    CASE WHEN s.name IN ('search_path', 'temp_tablespaces', 'session_preload_libraries',
                                                         'local_preload_libraries')
                                         THEN coalesce(nullif(s.value, '""'), $$''$$)
                                         ELSE quote_literal(s.value) END), E'\n        ' ORDER BY s.place)
                           FROM (SELECT c.place, split_part(c.setting, '=', 1) AS name,
                                        substr(c.setting, strpos(c.setting, '=') + 1) AS value
                                   FROM unnest(p.proconfig) WITH ORDINALITY AS c(setting, place)) s))))] AS definition,
       'BEFORE_ROWS' AS stage, '' AS owner, '{}'::text[] AS grants, '{}'::text[] AS revoked,
       NULL::jsonb AS column_grants, NULL AS comment, '' AS address, NULL AS part_of
  FROM pg_proc p
  JOIN pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.objsubid = 0 AND d.deptype = 'e'
  JOIN pg_extension e ON e.oid = d.refobjid
 CROSS JOIN LATERAL (
           SELECT format('%I.%I(%s)', n.nspname, p.proname, (
                      SELECT string_agg(format_type(a.type, NULL), ', ' ORDER BY a.place)
                        FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS a(type, place))) AS name) f
 WHERE {which 'pg_proc'::regclass p.oid}
   AND p.prokind IN ('f', 'w') AND e.extname <> 'plpgsql'
   AND {altered p d}
