-- Schemas, extensions, languages, collations, text search, and the roles that policies name.
SELECT 'schema' AS kind, 'pg_namespace'::regclass AS class, n.oid AS id, n.nspname::text AS schema,
       n.nspname::text AS name,
       ARRAY[format('CREATE SCHEMA IF NOT EXISTS %I', n.nspname)] AS definition,
       'BEFORE_ROWS' AS stage, n.nspowner AS owner, n.nspacl AS acl,
       format('SCHEMA %I', n.nspname) AS address
  FROM pg_namespace n
 UNION ALL
-- The version is left open: a restore takes what its server has (ServerSettings names the source's).
SELECT 'extension', 'pg_extension'::regclass, e.oid, '', e.extname,
       ARRAY[format('CREATE EXTENSION IF NOT EXISTS %I WITH SCHEMA %I', e.extname, n.nspname)],
       'BEFORE_ROWS', e.extowner, NULL, format('EXTENSION %I', e.extname)
  FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
 WHERE e.extname <> 'plpgsql'
 UNION ALL
SELECT 'language', 'pg_language'::regclass, l.oid, '', l.lanname,
       ARRAY[format('CREATE %sLANGUAGE %I HANDLER %s%s%s',
           CASE WHEN l.lanpltrusted THEN 'TRUSTED ' ELSE '' END, l.lanname, l.lanplcallfoid::regproc,
           CASE WHEN l.laninline <> 0 THEN ' INLINE ' || l.laninline::regproc ELSE '' END,
           CASE WHEN l.lanvalidator <> 0 THEN ' VALIDATOR ' || l.lanvalidator::regproc ELSE '' END)],
       'BEFORE_ROWS', l.lanowner, l.lanacl, format('LANGUAGE %I', l.lanname)
  FROM pg_language l
 WHERE l.lanispl
 UNION ALL
SELECT 'access method', 'pg_am'::regclass, m.oid, '', m.amname,
       ARRAY[format('CREATE ACCESS METHOD %I TYPE %s HANDLER %s', m.amname,
           CASE m.amtype WHEN 't' THEN 'TABLE' ELSE 'INDEX' END, m.amhandler)],
       'BEFORE_ROWS', 0::oid, NULL, format('ACCESS METHOD %I', m.amname)
  FROM pg_am m
 UNION ALL
-- Names of these columns differ between versions 14 to 18, so they are read by name.
SELECT 'collation', 'pg_collation'::regclass, c.oid, n.nspname, c.collname,
       ARRAY[format('CREATE COLLATION %I.%I (%s)', n.nspname, c.collname, concat_ws(', ',
           CASE c.collprovider WHEN 'i' THEN 'PROVIDER = icu' WHEN 'b' THEN 'PROVIDER = builtin'
                               ELSE 'PROVIDER = libc' END,
           'LOCALE = ' || quote_literal(coalesce(j.fields ->> 'colllocale',
                                                 j.fields ->> 'colliculocale')),
           CASE WHEN c.collprovider = 'c' OR coalesce(j.fields ->> 'colllocale',
                                                      j.fields ->> 'colliculocale') IS NULL
                THEN format('LC_COLLATE = %L, LC_CTYPE = %L', c.collcollate, c.collctype) END,
           'RULES = ' || quote_literal(j.fields ->> 'collicurules'),
           CASE WHEN NOT c.collisdeterministic THEN 'DETERMINISTIC = false' END))],
       'BEFORE_ROWS', c.collowner, NULL, format('COLLATION %I.%I', n.nspname, c.collname)
  FROM pg_collation c
  JOIN pg_namespace n ON n.oid = c.collnamespace
 CROSS JOIN LATERAL (SELECT to_jsonb(c) AS fields) j
 UNION ALL
SELECT 'conversion', 'pg_conversion'::regclass, c.oid, n.nspname, c.conname,
       ARRAY[format('CREATE %sCONVERSION %I.%I FOR %L TO %L FROM %s',
           CASE WHEN c.condefault THEN 'DEFAULT ' ELSE '' END, n.nspname, c.conname,
           pg_encoding_to_char(c.conforencoding), pg_encoding_to_char(c.contoencoding), c.conproc)],
       'BEFORE_ROWS', c.conowner, NULL, format('CONVERSION %I.%I', n.nspname, c.conname)
  FROM pg_conversion c JOIN pg_namespace n ON n.oid = c.connamespace
 UNION ALL
SELECT 'text search template', 'pg_ts_template'::regclass, t.oid, n.nspname, t.tmplname,
       ARRAY[format('CREATE TEXT SEARCH TEMPLATE %I.%I (%s)', n.nspname, t.tmplname, concat_ws(', ',
           CASE WHEN t.tmplinit <> 0 THEN 'INIT = ' || t.tmplinit END,
           'LEXIZE = ' || t.tmpllexize))],
       'BEFORE_ROWS', 0::oid, NULL, format('TEXT SEARCH TEMPLATE %I.%I', n.nspname, t.tmplname)
  FROM pg_ts_template t JOIN pg_namespace n ON n.oid = t.tmplnamespace
 UNION ALL
SELECT 'text search parser', 'pg_ts_parser'::regclass, p.oid, n.nspname, p.prsname,
       ARRAY[format('CREATE TEXT SEARCH PARSER %I.%I (%s)', n.nspname, p.prsname, concat_ws(', ',
           'START = ' || p.prsstart, 'GETTOKEN = ' || p.prstoken, 'END = ' || p.prsend,
           CASE WHEN p.prsheadline <> 0 THEN 'HEADLINE = ' || p.prsheadline END,
           'LEXTYPES = ' || p.prslextype))],
       'BEFORE_ROWS', 0::oid, NULL, format('TEXT SEARCH PARSER %I.%I', n.nspname, p.prsname)
  FROM pg_ts_parser p JOIN pg_namespace n ON n.oid = p.prsnamespace
 UNION ALL
SELECT 'text search dictionary', 'pg_ts_dict'::regclass, d.oid, n.nspname, d.dictname,
       ARRAY[format('CREATE TEXT SEARCH DICTIONARY %I.%I (%s)', n.nspname, d.dictname, concat_ws(', ',
           format('TEMPLATE = %I.%I', s.nspname, t.tmplname), d.dictinitoption))],
       'BEFORE_ROWS', d.dictowner, NULL,
       format('TEXT SEARCH DICTIONARY %I.%I', n.nspname, d.dictname)
  FROM pg_ts_dict d
  JOIN pg_namespace n ON n.oid = d.dictnamespace
  JOIN pg_ts_template t ON t.oid = d.dicttemplate
  JOIN pg_namespace s ON s.oid = t.tmplnamespace
 UNION ALL
SELECT 'text search configuration', 'pg_ts_config'::regclass, c.oid, n.nspname, c.cfgname,
       ARRAY[format('CREATE TEXT SEARCH CONFIGURATION %I.%I (PARSER = %I.%I)',
                    n.nspname, c.cfgname, s.nspname, p.prsname)]
       || ARRAY(SELECT format('ALTER TEXT SEARCH CONFIGURATION %I.%I ADD MAPPING FOR %I WITH %s',
                              n.nspname, c.cfgname, k.alias,
                              string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno))
                  FROM pg_ts_config_map m
                  JOIN ts_token_type(c.cfgparser) k ON k.tokid = m.maptokentype
                 WHERE m.mapcfg = c.oid
                 GROUP BY k.tokid, k.alias ORDER BY k.tokid),
       'BEFORE_ROWS', c.cfgowner, NULL,
       format('TEXT SEARCH CONFIGURATION %I.%I', n.nspname, c.cfgname)
  FROM pg_ts_config c
  JOIN pg_namespace n ON n.oid = c.cfgnamespace
  JOIN pg_ts_parser p ON p.oid = c.cfgparser
  JOIN pg_namespace s ON s.oid = p.prsnamespace
 UNION ALL
-- Roles belong to the server, not to the database: without password, to be made only where missing.
SELECT 'role', 'pg_authid'::regclass, r.oid, '', r.rolname,
       ARRAY[format('CREATE ROLE %I NOLOGIN', r.rolname)],
       'BEFORE_ROWS', 0::oid, NULL, format('ROLE %I', r.rolname)
  FROM pg_roles r
 WHERE EXISTS (SELECT FROM pg_policy p WHERE r.oid = ANY (p.polroles))
