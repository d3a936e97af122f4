-- Functions, procedures and aggregates. Their bodies are not looked into: a restore creates them with
-- check_function_bodies = off.
SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind,
       'pg_proc'::regclass AS class, p.oid AS id, n.nspname::text AS schema,
       p.proname::text AS name, ARRAY[rtrim(pg_get_functiondef(p.oid), E'\n')] AS definition,
       'BEFORE_ROWS' AS stage, p.proowner AS owner, p.proacl AS acl,
       format('%s %I.%I(%s)', CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END,
              n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) AS address
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE p.prokind <> 'a'
 UNION ALL
SELECT 'aggregate', 'pg_proc'::regclass, p.oid, n.nspname, p.proname,
       ARRAY[format('CREATE AGGREGATE %I.%I(%s) (%s)', n.nspname, p.proname,
           coalesce(nullif(pg_get_function_arguments(p.oid), ''), '*'), concat_ws(', ',
               'SFUNC = ' || g.aggtransfn,
               'STYPE = ' || format_type(g.aggtranstype, NULL),
               CASE WHEN g.aggtransspace <> 0 THEN 'SSPACE = ' || g.aggtransspace END,
               CASE WHEN g.aggfinalfn <> 0 THEN 'FINALFUNC = ' || g.aggfinalfn END,
               CASE WHEN g.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
               CASE WHEN g.aggfinalfn <> 0 THEN 'FINALFUNC_MODIFY = '
                   || CASE g.aggfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE'
                                            ELSE 'READ_WRITE' END END,
               CASE WHEN g.aggcombinefn <> 0 THEN 'COMBINEFUNC = ' || g.aggcombinefn END,
               CASE WHEN g.aggserialfn <> 0 THEN 'SERIALFUNC = ' || g.aggserialfn END,
               CASE WHEN g.aggdeserialfn <> 0 THEN 'DESERIALFUNC = ' || g.aggdeserialfn END,
               'INITCOND = ' || quote_literal(g.agginitval),
               CASE WHEN g.aggmtransfn <> 0 THEN 'MSFUNC = ' || g.aggmtransfn END,
               CASE WHEN g.aggminvtransfn <> 0 THEN 'MINVFUNC = ' || g.aggminvtransfn END,
               CASE WHEN g.aggmtranstype <> 0
                    THEN 'MSTYPE = ' || format_type(g.aggmtranstype, NULL) END,
               CASE WHEN g.aggmtransspace <> 0 THEN 'MSSPACE = ' || g.aggmtransspace END,
               CASE WHEN g.aggmfinalfn <> 0 THEN 'MFINALFUNC = ' || g.aggmfinalfn END,
               CASE WHEN g.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
               CASE WHEN g.aggmfinalfn <> 0 THEN 'MFINALFUNC_MODIFY = '
                   || CASE g.aggmfinalmodify WHEN 'r' THEN 'READ_ONLY' WHEN 's' THEN 'SHAREABLE'
                                             ELSE 'READ_WRITE' END END,
               'MINITCOND = ' || quote_literal(g.aggminitval),
               (SELECT format('SORTOP = OPERATOR(%I.%s)', s.nspname, o.oprname)
                  FROM pg_operator o JOIN pg_namespace s ON s.oid = o.oprnamespace
                 WHERE o.oid = g.aggsortop),
               CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED'
                                  ELSE 'PARALLEL = UNSAFE' END,
               CASE WHEN g.aggkind = 'h' THEN 'HYPOTHETICAL' END))],
       'BEFORE_ROWS', p.proowner, p.proacl,
       format('AGGREGATE %I.%I(%s)', n.nspname, p.proname,
              coalesce(nullif(pg_get_function_identity_arguments(p.oid), ''), '*'))
  FROM pg_proc p
  JOIN pg_aggregate g ON g.aggfnoid = p.oid
  JOIN pg_namespace n ON n.oid = p.pronamespace
