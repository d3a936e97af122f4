package dev.tidemark.cli;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Questions that two databases of one schema answer alike; none is Tidemark's own query. The
 * answers show names instead of numbers, and leave out what is Tidemark's own.
 */
public final class CatalogOracle {
    private static final String USERS_SCHEMAS =
            "(SELECT oid FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema$|tidemark)')";
    private static final String OF_EXTENSION = "(SELECT objid FROM pg_depend WHERE deptype = 'e')";

    private CatalogOracle() {}

    /**
     * One question.
     *
     * @param kind of the facts that it asks for
     */
    public record Question(String kind, String sql) {}

    /** What the objects are. */
    public static final List<Question> DEFINITIONS =
            List.of(
                    question("schema", "SELECT nspname FROM pg_namespace WHERE oid IN {users}"),
                    question(
                            "extension",
                            "SELECT extname, extnamespace::regnamespace::text, extversion FROM pg_extension"),
                    question(
                            "view",
                            """
                            SELECT c.oid::regclass::text, c.relkind, pg_get_viewdef(c.oid), c.reloptions::text, c.relispopulated,
                                   (SELECT m.amname FROM pg_am m WHERE m.oid = c.relam)
                              FROM pg_class c WHERE c.relkind IN ('v', 'm') AND c.relnamespace IN {users}
                            """),
                    question(
                            "index",
                            """
                            SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid),
                                   i.indisvalid, i.indisclustered, i.indisreplident,
                                   (SELECT h.inhparent::regclass::text FROM pg_inherits h WHERE h.inhrelid = i.indexrelid)
                              FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace IN {users}
                            """),
                    question(
                            "constraint",
                            """
                            SELECT k.conrelid::regclass::text, k.contypid::regtype::text, k.conname,
                                   pg_get_constraintdef(k.oid), k.convalidated, k.condeferrable, k.condeferred,
                                   k.conislocal, k.coninhcount, k.connoinherit AND k.contype IN ('c', 'n')
                              FROM pg_constraint k WHERE k.connamespace IN {users} AND k.contype <> 't'
                               AND (k.contype <> 'f' OR k.conparentid = 0)
                            """),
                    question(
                            "function",
                            """
                            SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid)
                              FROM pg_proc p WHERE p.pronamespace IN {users} AND p.prokind <> 'a' AND p.oid NOT IN {extension}
                            """),
                    question(
                            "aggregate",
                            """
                            SELECT p.oid::regprocedure::text,
                                   to_jsonb(a) - 'aggfnoid' - 'aggtranstype' - 'aggmtranstype' - 'aggsortop'
                              FROM pg_proc p JOIN pg_aggregate a ON a.aggfnoid = p.oid
                             WHERE p.pronamespace IN {users} AND p.oid NOT IN {extension}
                            """),
                    question(
                            "column",
                            """
                            SELECT a.attrelid::regclass::text, row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum),
                                   a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                                   pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated,
                                   a.attstorage, a.attcompression, nullif(a.attstattarget, -1), a.attoptions::text,
                                   (SELECT l.collname FROM pg_collation l WHERE l.oid = a.attcollation)
                              FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                              LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                             WHERE c.relnamespace IN {users} AND c.relkind IN ('r', 'p', 'f', 'c', 'm', 'v') AND a.attnum > 0
                               AND NOT a.attisdropped
                            """),
                    question(
                            "operator",
                            """
                            SELECT o.oid::regoperator::text, o.oprcode::text, o.oprcom::regoperator::text, o.oprrest::text,
                                   o.oprnegate::regoperator::text, o.oprjoin::text, o.oprcanmerge, o.oprcanhash
                              FROM pg_operator o WHERE o.oprnamespace IN {users} AND o.oid NOT IN {extension}
                            """),
                    question(
                            "family",
                            """
                            SELECT pg_describe_object('pg_amop'::regclass, o.oid, 0), o.amopsortfamily <> 0
                              FROM pg_amop o WHERE o.oid >= 16384 AND o.amopopr NOT IN {extension}
                             UNION ALL
                            SELECT pg_describe_object('pg_amproc'::regclass, p.oid, 0), false
                              FROM pg_amproc p WHERE p.oid >= 16384 AND p.amproc NOT IN {extension}
                            """),
                    question(
                            "cast",
                            "SELECT castsource::regtype::text, casttarget::regtype::text, castfunc::regprocedure::text,"
                                    + " castcontext, castmethod FROM pg_cast WHERE oid >= 16384 AND oid NOT IN {extension}"),
                    question(
                            "collation",
                            "SELECT l.oid::regcollation::text, l.collprovider, l.collisdeterministic"
                                    + " FROM pg_collation l WHERE l.collnamespace IN {users} AND l.oid NOT IN {extension}"),
                    question(
                            "text search",
                            """
                            SELECT f.oid::regconfig::text, m.maptokentype::text, m.mapseqno, m.mapdict::regdictionary::text
                              FROM pg_ts_config f LEFT JOIN pg_ts_config_map m ON m.mapcfg = f.oid WHERE f.cfgnamespace IN {users}
                             UNION ALL
                            SELECT d.oid::regdictionary::text, t.tmplname, 0, d.dictinitoption
                              FROM pg_ts_dict d JOIN pg_ts_template t ON t.oid = d.dicttemplate WHERE d.dictnamespace IN {users}
                            """),
                    question(
                            "extension's",
                            """
                            SELECT pg_describe_object(d.classid, d.objid, 0), e.extname
                              FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
                             WHERE d.deptype = 'x' AND d.refclassid = 'pg_extension'::regclass
                            """),
                    question(
                            "type",
                            """
                            SELECT t.oid::regtype::text, t.typtype, t.typnotnull, t.typdefault, t.typisdefined,
                                   t.typinput::text, t.typoutput::text, t.typreceive::text, t.typsend::text, t.typmodin::text,
                                   t.typanalyze::text, t.typsubscript::text, t.typlen, t.typbyval, t.typalign, t.typstorage,
                                   t.typcategory, t.typispreferred, t.typdelim, t.typcollation <> 0,
                                   CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
                                   (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
                                      FROM pg_enum e WHERE e.enumtypid = t.oid),
                                   (SELECT r.rngsubtype::regtype::text FROM pg_range r WHERE r.rngtypid = t.oid)
                              FROM pg_type t WHERE t.typnamespace IN {users} AND t.typelem = 0 AND t.oid NOT IN {extension}
                            """),
                    question(
                            "sequence",
                            """
                            SELECT s.schemaname, s.sequencename, s.data_type::text, s.start_value, s.min_value, s.max_value,
                                   s.increment_by, s.cycle, s.cache_size,
                                   (SELECT format('%s owned by %s.%s', d.deptype, d.refobjid::regclass, a.attname)
                                      FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                                     WHERE d.objid = format('%I.%I', s.schemaname, s.sequencename)::regclass
                                       AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
                                       AND d.deptype IN ('a', 'i'))
                              FROM pg_sequences s WHERE s.schemaname::regnamespace IN {users}
                            """
                                    .replace(
                                            "s.schemaname::regnamespace",
                                            "quote_ident(s.schemaname)::regnamespace")),
                    question(
                            "trigger",
                            """
                            SELECT g.tgrelid::regclass::text, pg_get_triggerdef(g.oid), g.tgenabled, g.tgparentid <> 0
                              FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
                             WHERE c.relnamespace IN {users} AND g.tgname NOT LIKE '%ConstraintTrigger\\_%'
                            """),
                    question(
                            "internal trigger",
                            """
                            SELECT g.tgrelid::regclass::text, g.tgfoid::regproc::text, g.tgenabled,
                                   k.conrelid::regclass::text, pg_get_constraintdef(k.oid)
                              FROM pg_trigger g JOIN pg_constraint k ON k.oid = g.tgconstraint
                             WHERE g.tgisinternal AND k.contype <> 't'
                            """),
                    question(
                            "policy",
                            "SELECT * FROM pg_policies WHERE quote_ident(schemaname)::regnamespace IN {users}"),
                    question(
                            "rule",
                            """
                            SELECT c.oid::regclass::text, pg_get_ruledef(r.oid), r.ev_enabled
                              FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
                             WHERE c.relnamespace IN {users} AND r.rulename <> '_RETURN'
                            """),
                    question(
                            "statistics",
                            """
                            SELECT x.stxname, pg_get_statisticsobjdef(x.oid), nullif(to_jsonb(x)->'stxstattarget', '-1')
                              FROM pg_statistic_ext x WHERE x.stxnamespace IN {users}
                            """),
                    question(
                            "table",
                            """
                            SELECT c.oid::regclass::text, c.relkind, c.relpersistence,
                                   c.relrowsecurity, c.relforcerowsecurity, c.reloptions::text,
                                   pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid), c.reloftype::regtype::text,
                                   (SELECT m.amname FROM pg_am m WHERE m.oid = c.relam),
                                   (SELECT string_agg(h.inhparent::regclass::text, ', ' ORDER BY h.inhseqno)
                                      FROM pg_inherits h WHERE h.inhrelid = c.oid)
                              FROM pg_class c WHERE c.relnamespace IN {users} AND c.relkind IN ('r', 'p')
                            """),
                    question(
                            "identity",
                            "SELECT c.oid::regclass::text, c.relreplident FROM pg_class c"
                                    + " WHERE c.relnamespace IN {users} AND c.relkind IN ('r', 'p')"),
                    question(
                            "inheritance",
                            """
                            SELECT a.attrelid::regclass::text, a.attname, a.attislocal, a.attinhcount
                              FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                             WHERE c.relnamespace IN {users} AND c.relkind IN ('r', 'p') AND a.attnum > 0
                               AND NOT a.attisdropped
                            """),
                    question(
                            "comment",
                            """
                            SELECT pg_describe_object(classoid, objoid, objsubid), description
                              FROM pg_description WHERE objoid >= 16384 AND objoid NOT IN {extension}
                               AND pg_describe_object(classoid, objoid, objsubid) !~ '^schema tidemark'
                            """),
                    question(
                            "publication",
                            """
                            SELECT p.pubname, to_jsonb(p) - 'oid' - 'pubowner',
                                   (SELECT string_agg(t::text, ', ' ORDER BY t::text COLLATE "C")
                                      FROM pg_publication_tables t WHERE t.pubname = p.pubname),
                                   (SELECT string_agg(x, ', ' ORDER BY x COLLATE "C")
                                      FROM pg_depend d, pg_describe_object(d.classid, d.objid, 0) x
                                     WHERE d.refclassid = 'pg_publication'::regclass AND d.refobjid = p.oid)
                              FROM pg_publication p WHERE p.pubname NOT LIKE 'tidemark%'
                            """),
                    question(
                            "altered function",
                            """
                            SELECT p.oid::regprocedure::text, p.provolatile, p.proisstrict, p.prosecdef, p.proleakproof,
                                   p.proparallel, p.procost, p.prorows, p.proconfig::text
                              FROM pg_proc p WHERE p.oid IN {extension}
                            """),
                    question(
                            "user mapping",
                            """
                            SELECT m.usename, m.srvname, array(SELECT o FROM unnest(m.umoptions) o WHERE o !~ 'secret')::text
                              FROM pg_user_mappings m
                            """),
                    question(
                            "label",
                            "SELECT objtype, objname, provider, label FROM pg_seclabels WHERE objtype NOT IN ('role', 'database')"),
                    question(
                            "event trigger",
                            """
                            SELECT evtname, evtevent, evtenabled, evttags::text FROM pg_event_trigger
                             WHERE evtname NOT LIKE 'tidemark%'
                            """));

    /** Whose they are, and who may do what with them. */
    public static final List<Question> RIGHTS = RightsOracle.QUESTIONS;

    /** All questions. */
    public static final List<Question> ALL =
            Stream.concat(DEFINITIONS.stream(), RIGHTS.stream()).toList();

    static Question question(String kind, String sql) {
        return new Question(
                kind, sql.replace("{users}", USERS_SCHEMAS).replace("{extension}", OF_EXTENSION));
    }

    /** The kinds of all questions. */
    public static Set<String> kinds() {
        Set<String> kinds = new TreeSet<>();
        ALL.forEach(question -> kinds.add(question.kind()));
        return kinds;
    }

    /**
     * The answers to a question, each a line of text, in an order of their own. The session's
     * search_path is changed, so that every name has its schema.
     */
    public static List<String> answers(Connection connection, Question question)
            throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = pg_catalog");
            try (ResultSet result = statement.executeQuery(question.sql())) {
                while (result.next()) {
                    StringBuilder line = new StringBuilder(question.kind());
                    for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                        line.append(" | ").append(result.getString(i));
                    }
                    lines.add(line.toString());
                }
            }
        }
        lines.sort(null);
        return lines;
    }
}
