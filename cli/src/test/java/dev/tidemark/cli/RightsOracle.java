package dev.tidemark.cli;

import static dev.tidemark.cli.CatalogOracle.question;

import dev.tidemark.cli.CatalogOracle.Question;
import java.util.List;

/** Questions after whose the objects are, and who may do what with them. */
final class RightsOracle {
    /** The rights of an object, whether they were ever set or are what its kind comes with. */
    private static final String GRANTS =
            """
            (SELECT string_agg(format('%s%s to %s by %s', x.privilege_type,
                               CASE WHEN x.is_grantable THEN '*' ELSE '' END,
                               CASE x.grantee WHEN 0 THEN 'public' ELSE x.grantee::regrole::text END,
                               x.grantor::regrole), ', '
                               ORDER BY x.grantee::regrole::text, x.grantor::regrole::text, x.privilege_type)
               FROM aclexplode({acl}) x
              WHERE x.grantee = 0 OR x.grantee::regrole::text <> 'tidemark')""";

    private RightsOracle() {}

    static final List<Question> QUESTIONS =
            List.of(
                    rights(
                            "schema",
                            "n.nspname",
                            "n.nspowner",
                            orDefault("n.nspacl", "'n'", "n.nspowner"),
                            "pg_namespace n WHERE n.oid IN {users} OR n.nspname = 'pg_catalog'"),
                    rights(
                            "relation",
                            "c.oid::regclass",
                            "c.relowner",
                            orDefault(
                                    "c.relacl",
                                    "CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\"",
                                    "c.relowner"),
                            "pg_class c WHERE c.relnamespace IN {users}"
                                    + " AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND c.oid NOT IN {extension}"),
                    rights(
                            "column",
                            "format('%s.%I', a.attrelid::regclass, a.attname)",
                            "c.relowner",
                            "a.attacl",
                            "pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace IN {users}"
                                    + " AND a.attacl IS NOT NULL AND NOT a.attisdropped"),
                    rights(
                            "function",
                            "p.oid::regprocedure",
                            "p.proowner",
                            orDefault("p.proacl", "'f'", "p.proowner"),
                            "pg_proc p WHERE p.pronamespace IN {users} AND p.oid NOT IN {extension}"),
                    rights(
                            "type",
                            "t.oid::regtype",
                            "t.typowner",
                            orDefault("t.typacl", "'T'", "t.typowner"),
                            "pg_type t WHERE t.typnamespace IN {users} AND t.typelem = 0 AND t.oid NOT IN {extension}"),
                    rights(
                            "language",
                            "l.lanname",
                            "l.lanowner",
                            orDefault("l.lanacl", "'l'", "l.lanowner"),
                            "pg_language l"),
                    rights(
                            "wrapper",
                            "w.fdwname",
                            "w.fdwowner",
                            orDefault("w.fdwacl", "'F'", "w.fdwowner"),
                            "pg_foreign_data_wrapper w"),
                    rights(
                            "server",
                            "s.srvname",
                            "s.srvowner",
                            orDefault("s.srvacl", "'S'", "s.srvowner"),
                            "pg_foreign_server s"),
                    rights(
                            "brought relation",
                            "c.oid::regclass",
                            "c.relowner",
                            orDefault(
                                    "c.relacl",
                                    "CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\"",
                                    "c.relowner"),
                            "pg_class c WHERE c.relkind IN ('r', 'v', 'S') AND (c.relnamespace = 11 OR c.oid IN {extension})"),
                    rights(
                            "brought column",
                            "format('%s.%I', a.attrelid::regclass, a.attname)",
                            "c.relowner",
                            "a.attacl",
                            "pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
                                    + " WHERE c.relnamespace = 11 AND a.attacl::text <> '{}'"),
                    rights(
                            "brought function",
                            "p.oid::regprocedure",
                            "p.proowner",
                            orDefault("p.proacl", "'f'", "p.proowner"),
                            "pg_proc p WHERE p.pronamespace = 11 OR p.oid IN {extension}"),
                    rights(
                            "brought type",
                            "t.oid::regtype",
                            "t.typowner",
                            orDefault("t.typacl", "'T'", "t.typowner"),
                            "pg_type t WHERE t.typrelid = 0 AND (t.typnamespace = 11 OR t.oid IN {extension})"),
                    owners(
                            "operator",
                            "o.oid::regoperator",
                            "o.oprowner",
                            "pg_operator o",
                            "o.oprnamespace"),
                    owners(
                            "operator class",
                            "o.opcname",
                            "o.opcowner",
                            "pg_opclass o",
                            "o.opcnamespace"),
                    owners(
                            "operator family",
                            "o.opfname",
                            "o.opfowner",
                            "pg_opfamily o",
                            "o.opfnamespace"),
                    owners(
                            "collation",
                            "o.oid::regcollation",
                            "o.collowner",
                            "pg_collation o",
                            "o.collnamespace"),
                    owners(
                            "conversion",
                            "o.conname",
                            "o.conowner",
                            "pg_conversion o",
                            "o.connamespace"),
                    owners(
                            "dictionary",
                            "o.oid::regdictionary",
                            "o.dictowner",
                            "pg_ts_dict o",
                            "o.dictnamespace"),
                    owners(
                            "configuration",
                            "o.oid::regconfig",
                            "o.cfgowner",
                            "pg_ts_config o",
                            "o.cfgnamespace"),
                    owners(
                            "statistics",
                            "o.stxname",
                            "o.stxowner",
                            "pg_statistic_ext o",
                            "o.stxnamespace"),
                    rights(
                            "event trigger",
                            "e.evtname",
                            "e.evtowner",
                            "NULL::aclitem[]",
                            "pg_event_trigger e WHERE e.evtname NOT LIKE 'tidemark%'"),
                    rights(
                            "publication",
                            "p.pubname",
                            "p.pubowner",
                            "NULL::aclitem[]",
                            "pg_publication p WHERE p.pubname NOT LIKE 'tidemark%'"),
                    rights(
                            "default",
                            "format('%s %s', d.defaclobjtype, nullif(d.defaclnamespace, 0)::regnamespace)",
                            "d.defaclrole",
                            "d.defaclacl",
                            "pg_default_acl d"));

    private static Question owners(
            String what, String name, String owner, String from, String namespace) {
        return rights(
                what,
                name,
                owner,
                "NULL::aclitem[]",
                from + " WHERE " + namespace + " IN {users} AND o.oid NOT IN {extension}");
    }

    private static Question rights(
            String what, String name, String owner, String acl, String from) {
        return question(
                "rights",
                "SELECT '%s', %s, %s::regrole::text, %s FROM %s"
                        .formatted(what, name, owner, GRANTS.replace("{acl}", acl), from));
    }

    private static String orDefault(String acl, String of, String owner) {
        return "coalesce(%s, acldefault(%s, %s))".formatted(acl, of, owner);
    }
}
