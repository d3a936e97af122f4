-- What acts on its own: triggers, rules, policies, event triggers; and what is listed only.
SELECT 'trigger' AS kind, 'pg_trigger'::regclass AS class, g.oid AS id, n.nspname::text AS schema,
       g.tgname::text AS name,
       -- A partition's copy comes with its parent, and acts as usual; only another state is said.
       CASE WHEN g.tgparentid = 0 THEN ARRAY[pg_get_triggerdef(g.oid)] ELSE '{}' END
       || ARRAY(SELECT format('ALTER TABLE ONLY %I.%I %s TRIGGER %I', n.nspname, t.relname,
                              CASE g.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'
                                               WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE' END,
                              g.tgname)
                 WHERE g.tgenabled <> 'O' OR g.tgparentid <> 0) AS definition,
       'AFTER_ROWS' AS stage, 0::oid AS owner, NULL::aclitem[] AS acl,
       format('TRIGGER %I ON %I.%I', g.tgname, n.nspname, t.relname) AS address
  FROM pg_trigger g
  JOIN pg_class t ON t.oid = g.tgrelid
  JOIN pg_namespace n ON n.oid = t.relnamespace
 -- Until PostgreSQL 14 a partition's copy is internal, as are the triggers of foreign keys.
 WHERE CASE WHEN g.tgparentid = 0 THEN NOT g.tgisinternal
            ELSE g.tgenabled <> 'O'
                 AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.oid = g.tgconstraint AND k.contype = 'f') END
 UNION ALL
-- A trigger that PostgreSQL made for a foreign key or a deferrable constraint comes with it, under a name of
-- its own in each database; only another state is said, of what has this function here for this constraint.
SELECT 'internal trigger', 'pg_trigger'::regclass, g.oid, n.nspname,
       format('%s ON %I FOR %I', f.proname, t.relname, k.conname),
       ARRAY[format('DO %L', format($$BEGIN
    EXECUTE (
        WITH RECURSIVE part(id) AS (
            SELECT k.oid FROM pg_constraint k WHERE k.conrelid = %L::regclass AND k.conname = %L
             UNION ALL
            SELECT k.oid FROM part p JOIN pg_constraint k ON k.conparentid = p.id
        )
        SELECT format('ALTER TABLE ONLY %%s %s TRIGGER %%I', g.tgrelid::regclass, g.tgname)
          FROM part p JOIN pg_trigger g ON g.tgconstraint = p.id
         WHERE g.tgrelid = %L::regclass AND g.tgfoid = %L::regproc);
END$$,
           format('%I.%I', rn.nspname, r.relname), k.conname,
           CASE g.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA' ELSE 'ENABLE ALWAYS' END,
           format('%I.%I', n.nspname, t.relname), format('%I', f.proname)))],
       'AFTER_ROWS', 0::oid, NULL, ''
  FROM pg_trigger g
  JOIN pg_proc f ON f.oid = g.tgfoid
  JOIN pg_class t ON t.oid = g.tgrelid
  JOIN pg_namespace n ON n.oid = t.relnamespace
 CROSS JOIN LATERAL (
           WITH RECURSIVE up(id, parent) AS (
               SELECT c.oid, c.conparentid FROM pg_constraint c WHERE c.oid = g.tgconstraint
                UNION ALL
               SELECT c.oid, c.conparentid FROM up u JOIN pg_constraint c ON c.oid = u.parent
           )
           SELECT c.* FROM up u JOIN pg_constraint c ON c.oid = u.id WHERE u.parent = 0) k
  JOIN pg_class r ON r.oid = k.conrelid
  JOIN pg_namespace rn ON rn.oid = r.relnamespace
 WHERE g.tgisinternal AND g.tgenabled <> 'O' AND k.contype IN ('f', 'p', 'u', 'x')
 UNION ALL
SELECT 'rule', 'pg_rewrite'::regclass, w.oid, n.nspname, w.rulename,
       ARRAY[rtrim(pg_get_ruledef(w.oid), ';')]
       || ARRAY(SELECT format('ALTER TABLE %I.%I %s RULE %I', n.nspname, t.relname,
                              CASE w.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'
                                                ELSE 'ENABLE ALWAYS' END, w.rulename)
                 WHERE w.ev_enabled <> 'O'),
       'AFTER_ROWS', 0::oid, NULL,
       format('RULE %I ON %I.%I', w.rulename, n.nspname, t.relname)
  FROM pg_rewrite w
  JOIN pg_class t ON t.oid = w.ev_class
  JOIN pg_namespace n ON n.oid = t.relnamespace
 WHERE w.rulename <> '_RETURN'
 UNION ALL
SELECT 'policy', 'pg_policy'::regclass, p.oid, n.nspname, p.polname,
       ARRAY[format('CREATE POLICY %I ON %I.%I AS %s FOR %s TO %s%s%s', p.polname, n.nspname, t.relname,
           CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
           CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
                         WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
           CASE WHEN 0 = ANY (p.polroles) THEN 'PUBLIC' ELSE (
               SELECT string_agg(quote_ident(r.rolname), ', ' ORDER BY r.rolname)
                 FROM pg_roles r WHERE r.oid = ANY (p.polroles)) END,
           ' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
           ' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')],
       'AFTER_ROWS', 0::oid, NULL, format('POLICY %I ON %I.%I', p.polname, n.nspname, t.relname)
  FROM pg_policy p
  JOIN pg_class t ON t.oid = p.polrelid
  JOIN pg_namespace n ON n.oid = t.relnamespace
 UNION ALL
SELECT 'event trigger', 'pg_event_trigger'::regclass, e.oid, '', e.evtname,
       ARRAY[format('CREATE EVENT TRIGGER %I ON %I%s EXECUTE FUNCTION %s()', e.evtname, e.evtevent,
           (SELECT ' WHEN TAG IN (' || string_agg(quote_literal(tag), ', ' ORDER BY tag) || ')'
              FROM unnest(e.evttags) AS tag), e.evtfoid::regproc)]
       || ARRAY(SELECT format('ALTER EVENT TRIGGER %I %s', e.evtname,
                              CASE e.evtenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'
                                                ELSE 'ENABLE ALWAYS' END)
                 WHERE e.evtenabled <> 'O'),
       'AFTER_ROWS', e.evtowner, NULL, format('EVENT TRIGGER %I', e.evtname)
  FROM pg_event_trigger e
 WHERE e.evtname NOT LIKE 'tidemark%'
 UNION ALL
-- Not the connection of a subscription: it may hold a password.
SELECT 'subscription', 'pg_subscription'::regclass, s.oid, '', s.subname, '{}', 'AFTER_ROWS',
       s.subowner, NULL, format('SUBSCRIPTION %I', s.subname)
  FROM pg_subscription s
 WHERE s.subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
 UNION ALL
SELECT 'default privileges', 'pg_default_acl'::regclass, a.oid, coalesce(n.nspname, ''),
       CASE a.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
                            WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE 'large objects' END,
       '{}', 'AFTER_ROWS', a.defaclrole, a.defaclacl, ''
  FROM pg_default_acl a LEFT JOIN pg_namespace n ON n.oid = a.defaclnamespace
