-- Operators, their families and classes, casts and transforms.
SELECT 'operator' AS kind, 'pg_operator'::regclass AS class, o.oid AS id, n.nspname::text AS schema,
       o.oprname::text AS name,
       ARRAY[format('CREATE OPERATOR %I.%s (%s)', n.nspname, o.oprname, concat_ws(', ',
           'FUNCTION = ' || o.oprcode,
           CASE WHEN o.oprleft <> 0 THEN 'LEFTARG = ' || format_type(o.oprleft, NULL) END,
           CASE WHEN o.oprright <> 0 THEN 'RIGHTARG = ' || format_type(o.oprright, NULL) END,
           (SELECT format('COMMUTATOR = OPERATOR(%I.%s)', s.nspname, x.oprname)
              FROM pg_operator x JOIN pg_namespace s ON s.oid = x.oprnamespace
             WHERE x.oid = o.oprcom),
           (SELECT format('NEGATOR = OPERATOR(%I.%s)', s.nspname, x.oprname)
              FROM pg_operator x JOIN pg_namespace s ON s.oid = x.oprnamespace
             WHERE x.oid = o.oprnegate),
           CASE WHEN o.oprrest <> 0 THEN 'RESTRICT = ' || o.oprrest END,
           CASE WHEN o.oprjoin <> 0 THEN 'JOIN = ' || o.oprjoin END,
           CASE WHEN o.oprcanhash THEN 'HASHES' END,
           CASE WHEN o.oprcanmerge THEN 'MERGES' END))] AS definition,
       'BEFORE_ROWS' AS stage, o.oprowner AS owner, NULL::aclitem[] AS acl,
       format('OPERATOR %I.%s(%s, %s)', n.nspname, o.oprname,
              CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END,
              format_type(o.oprright, NULL)) AS address
  FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace
 WHERE o.oprcode <> 0
 UNION ALL
SELECT 'cast', 'pg_cast'::regclass, c.oid, '', x.name,
       ARRAY[format('CREATE CAST (%s) %s%s', x.name,
           CASE c.castmethod WHEN 'f' THEN 'WITH FUNCTION ' || c.castfunc::regprocedure
                             WHEN 'i' THEN 'WITH INOUT' ELSE 'WITHOUT FUNCTION' END,
           CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT'
                              ELSE '' END)],
       'BEFORE_ROWS', 0::oid, NULL, format('CAST (%s)', x.name)
  FROM pg_cast c
 CROSS JOIN LATERAL (SELECT format_type(c.castsource, NULL) || ' AS '
                            || format_type(c.casttarget, NULL) AS name) x
 UNION ALL
SELECT 'operator family', 'pg_opfamily'::regclass, f.oid, n.nspname, f.opfname,
       ARRAY[format('CREATE OPERATOR FAMILY %I.%I USING %I', n.nspname, f.opfname, m.amname)],
       'BEFORE_ROWS', f.opfowner, NULL,
       format('OPERATOR FAMILY %I.%I USING %I', n.nspname, f.opfname, m.amname)
  FROM pg_opfamily f
  JOIN pg_am m ON m.oid = f.opfmethod
  JOIN pg_namespace n ON n.oid = f.opfnamespace
 UNION ALL
-- What was added to a family outside of a class, also to one of PostgreSQL or of an extension. There an
-- extension's operators and functions came with it, and in its own family those of PostgreSQL too.
SELECT x.kind, x.class, x.id, '', format('%s IN %I.%I USING %I', x.member, n.nspname, f.opfname, m.amname),
       ARRAY[format('ALTER OPERATOR FAMILY %I.%I USING %I ADD %s', n.nspname, f.opfname, m.amname, x.member)],
       CASE WHEN o.is_users THEN 'BEFORE_ROWS' ELSE 'AFTER_ROWS' END, 0::oid, NULL, ''
  FROM (SELECT 'operator family operator' AS kind, 'pg_amop'::regclass AS class, o.oid AS id,
               o.amopfamily AS family, 'pg_operator'::regclass AS used_class, o.amopopr AS used,
               format('OPERATOR %s %s%s', o.amopstrategy, o.amopopr::regoperator,
                      (SELECT format(' FOR ORDER BY %I.%I', ss.nspname, sf.opfname)
                         FROM pg_opfamily sf JOIN pg_namespace ss ON ss.oid = sf.opfnamespace
                        WHERE sf.oid = o.amopsortfamily)) AS member
          FROM pg_amop o
         UNION ALL
        SELECT 'operator family function', 'pg_amproc'::regclass, p.oid, p.amprocfamily, 'pg_proc'::regclass,
               p.amproc::oid,
               format('FUNCTION %s (%s, %s) %s', p.amprocnum, format_type(p.amproclefttype, NULL),
                      format_type(p.amprocrighttype, NULL), p.amproc::regprocedure)
          FROM pg_amproc p) x
  JOIN pg_opfamily f ON f.oid = x.family
  JOIN pg_am m ON m.oid = f.opfmethod
  JOIN pg_namespace n ON n.oid = f.opfnamespace
 CROSS JOIN LATERAL (
           SELECT f.oid >= 16384 AND NOT EXISTS (
                      SELECT FROM pg_depend e
                       WHERE e.classid = 'pg_opfamily'::regclass AND e.objid = f.oid AND e.deptype = 'e')
                  AS is_users) o
 WHERE x.id >= 16384
   AND NOT EXISTS (SELECT FROM pg_depend c
                    WHERE c.classid = x.class AND c.objid = x.id AND c.refclassid = 'pg_opclass'::regclass)
   AND (o.is_users
        OR (f.oid < 16384 OR x.used >= 16384)
           AND NOT EXISTS (SELECT FROM pg_depend e
                            WHERE e.classid = x.used_class AND e.objid = x.used AND e.deptype = 'e'))
 UNION ALL
SELECT 'operator class', 'pg_opclass'::regclass, c.oid, n.nspname, c.opcname,
       ARRAY[format('CREATE OPERATOR CLASS %I.%I %sFOR TYPE %s USING %I FAMILY %I.%I AS %s',
           n.nspname, c.opcname, CASE WHEN c.opcdefault THEN 'DEFAULT ' ELSE '' END,
           format_type(c.opcintype, NULL), m.amname, fs.nspname, f.opfname,
           concat_ws(', ',
               -- Always said, because a class needs at least one member.
               'STORAGE ' || format_type(coalesce(nullif(c.opckeytype, 0), c.opcintype), NULL),
               (SELECT string_agg(format('OPERATOR %s %s%s', o.amopstrategy, o.amopopr::regoperator,
                           (SELECT format(' FOR ORDER BY %I.%I', ss.nspname, sf.opfname)
                              FROM pg_opfamily sf JOIN pg_namespace ss ON ss.oid = sf.opfnamespace
                             WHERE sf.oid = o.amopsortfamily)), ', ' ORDER BY o.amopstrategy)
                  FROM pg_amop o
                  JOIN pg_depend d ON d.classid = 'pg_amop'::regclass AND d.objid = o.oid
                                  AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid),
               (SELECT string_agg(format('FUNCTION %s (%s, %s) %s', p.amprocnum,
                           format_type(p.amproclefttype, NULL), format_type(p.amprocrighttype, NULL),
                           p.amproc::regprocedure), ', ' ORDER BY p.amprocnum)
                  FROM pg_amproc p
                  JOIN pg_depend d ON d.classid = 'pg_amproc'::regclass AND d.objid = p.oid
                                  AND d.refclassid = 'pg_opclass'::regclass AND d.refobjid = c.oid)))],
       'BEFORE_ROWS', c.opcowner, NULL,
       format('OPERATOR CLASS %I.%I USING %I', n.nspname, c.opcname, m.amname)
  FROM pg_opclass c
  JOIN pg_am m ON m.oid = c.opcmethod
  JOIN pg_opfamily f ON f.oid = c.opcfamily
  JOIN pg_namespace fs ON fs.oid = f.opfnamespace
  JOIN pg_namespace n ON n.oid = c.opcnamespace
 UNION ALL
SELECT 'transform', 'pg_transform'::regclass, t.oid, '',
       format('%s LANGUAGE %I', format_type(t.trftype, NULL), l.lanname),
       ARRAY[format('CREATE TRANSFORM FOR %s LANGUAGE %I (%s)', format_type(t.trftype, NULL), l.lanname,
           concat_ws(', ',
               CASE WHEN t.trffromsql <> 0
                    THEN 'FROM SQL WITH FUNCTION ' || t.trffromsql::regprocedure END,
               CASE WHEN t.trftosql <> 0
                    THEN 'TO SQL WITH FUNCTION ' || t.trftosql::regprocedure END))],
       'BEFORE_ROWS', 0::oid, NULL,
       format('TRANSFORM FOR %s LANGUAGE %I', format_type(t.trftype, NULL), l.lanname)
  FROM pg_transform t JOIN pg_language l ON l.oid = t.trflang
