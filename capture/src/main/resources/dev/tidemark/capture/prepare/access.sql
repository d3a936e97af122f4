-- Closes all that is in the schema to everybody but its owner, also to roles that default privileges or somebody
-- else gave something: nobody could use it as long as nobody could enter the schema. The row types of the tables
-- are closed, too, since a column of such a type elsewhere would stand in the way of the next version. In as few
-- commands as may be: what an event trigger does after each costs more than the command.
DO $tidemark$
DECLARE
    closing text;
BEGIN
    FOR closing IN
        SELECT pg_catalog.format('REVOKE ALL ON %s %s FROM %s CASCADE', o.kind,
                   pg_catalog.string_agg(DISTINCT o.name, ', '),
                   CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(r.rolname) END)
          FROM (SELECT 'SCHEMA', 'tidemark', n.nspowner, coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))
                  FROM pg_catalog.pg_namespace n WHERE n.nspname = 'tidemark'
                 UNION ALL
                SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, pg_catalog.format('tidemark.%I', c.relname),
                       c.relowner, c.relacl
                  FROM pg_catalog.pg_class c
                 WHERE c.relnamespace = 'tidemark'::regnamespace AND c.relkind NOT IN ('i', 'I', 'c')
                 UNION ALL
                -- With the rights to a table go those to its columns.
                SELECT 'TABLE', pg_catalog.format('tidemark.%I', c.relname), c.relowner, a.attacl
                  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
                 WHERE c.relnamespace = 'tidemark'::regnamespace AND c.relkind NOT IN ('i', 'I', 'c', 'S')
                   AND a.attacl IS NOT NULL
                 UNION ALL
                SELECT 'ROUTINE', pg_catalog.format('tidemark.%I(%s)', p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid)),
                       p.proowner, coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))
                  FROM pg_catalog.pg_proc p WHERE p.pronamespace = 'tidemark'::regnamespace
                 UNION ALL
                SELECT 'TYPE', pg_catalog.format('tidemark.%I', t.typname), t.typowner,
                       coalesce(t.typacl, pg_catalog.acldefault('T', t.typowner))
                  FROM pg_catalog.pg_type t
                 WHERE t.typnamespace = 'tidemark'::regnamespace AND t.typelem = 0) AS o(kind, name, owner, rights)
         CROSS JOIN LATERAL (SELECT DISTINCT a.grantee FROM pg_catalog.aclexplode(o.rights) AS a
                              WHERE a.grantee <> o.owner) AS g
          LEFT JOIN pg_catalog.pg_roles r ON r.oid = g.grantee
         WHERE g.grantee = 0 OR r.oid IS NOT NULL
         GROUP BY o.kind, g.grantee, r.rolname
         ORDER BY 1
    LOOP
        EXECUTE closing;
    END LOOP;
END
$tidemark$;

-- Everybody may say who acts, and for that enter the schema: applications have roles that nobody can know here.
-- It lets in nothing that was shut out: any role may write messages into the log anyway, a claim is no more than
-- that, and what the server knows of the session stands beside it.
GRANT EXECUTE ON FUNCTION tidemark.set_context(text, text, text) TO PUBLIC;
