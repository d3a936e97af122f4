-- The object that the catalog row {object} of {class} belongs to, as kind:id: an index that serves a
-- constraint belongs to it, the type of a table's rows or of an array to the table or the element,
-- and all that an extension made to the extension. NULL for what is no object of the catalog.
(SELECT coalesce(
            (SELECT 'extension:' || member.refobjid
               FROM pg_depend member
              WHERE member.classid = address.class AND member.objid = address.id
                AND member.objsubid = 0 AND member.deptype = 'e'
              LIMIT 1),
            address.kind || ':' || address.id)
   FROM (SELECT 'pg_class'::regclass::oid AS class, c.oid AS id,
                CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' WHEN 'v' THEN 'view'
                               WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence'
                               WHEN 'f' THEN 'foreign table' ELSE 'index' END AS kind
           FROM pg_class c
          WHERE c.oid = CASE {class}
                            WHEN 'pg_class'::regclass THEN {object}
                            WHEN 'pg_attrdef'::regclass
                                THEN (SELECT a.adrelid FROM pg_attrdef a WHERE a.oid = {object})
                            WHEN 'pg_rewrite'::regclass
                                THEN (SELECT w.ev_class FROM pg_rewrite w
                                       WHERE w.oid = {object} AND w.rulename = '_RETURN')
                            WHEN 'pg_type'::regclass
                                THEN (SELECT e.typrelid FROM pg_type t
                                        JOIN pg_type e ON e.oid = t.oid
                                                       OR e.oid = t.typelem AND e.typarray = t.oid
                                       WHERE t.oid = {object} AND e.typrelid <> 0)
                        END
            AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'i', 'I')
            AND NOT EXISTS (SELECT FROM pg_depend own
                             WHERE own.classid = 'pg_class'::regclass AND own.objid = c.oid
                               AND own.refclassid = 'pg_constraint'::regclass AND own.deptype = 'i')
          UNION ALL
         SELECT 'pg_constraint'::regclass, k.oid,
                CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'x' THEN 'exclusion'
                               WHEN 'f' THEN 'foreign key' WHEN 'n' THEN 'not null'
                               ELSE CASE WHEN k.contypid = 0 THEN 'check' ELSE 'domain check' END END
           FROM pg_constraint k
          WHERE k.oid = CASE {class}
                            WHEN 'pg_constraint'::regclass THEN {object}
                            WHEN 'pg_class'::regclass
                                THEN (SELECT own.refobjid FROM pg_depend own
                                       WHERE own.classid = 'pg_class'::regclass
                                         AND own.objid = {object} AND own.deptype = 'i'
                                         AND own.refclassid = 'pg_constraint'::regclass)
                        END
          UNION ALL
         SELECT 'pg_type'::regclass, coalesce(r.rngtypid, e.oid),
                CASE e.typtype WHEN 'e' THEN 'enum' WHEN 'd' THEN 'domain' WHEN 'c' THEN 'composite'
                               WHEN 'r' THEN 'range' WHEN 'm' THEN 'range' ELSE 'base type' END
           FROM pg_type t
           JOIN pg_type e ON e.oid = coalesce((SELECT l.oid FROM pg_type l
                                                WHERE l.oid = t.typelem AND l.typarray = t.oid),
                                              t.oid)
           LEFT JOIN pg_range r ON r.rngmultitypid = e.oid
           LEFT JOIN pg_class c ON c.oid = e.typrelid
          WHERE t.oid = CASE {class}
                            WHEN 'pg_type'::regclass THEN {object}
                            WHEN 'pg_proc'::regclass
                                THEN (SELECT own.refobjid FROM pg_depend own
                                       WHERE own.classid = 'pg_proc'::regclass
                                         AND own.objid = {object} AND own.deptype = 'i'
                                         AND own.refclassid = 'pg_type'::regclass)
                            WHEN 'pg_class'::regclass
                                THEN (SELECT k.reltype FROM pg_class k
                                       WHERE k.oid = {object} AND k.relkind = 'c')
                        END
            AND (c.relkind IS NULL OR c.relkind = 'c')
          UNION ALL
         SELECT 'pg_proc'::regclass, p.oid,
                CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'p' THEN 'procedure' ELSE 'function' END
           FROM pg_proc p
          WHERE {class} = 'pg_proc'::regclass AND p.oid = {object}
            AND NOT EXISTS (SELECT FROM pg_depend own
                             WHERE own.classid = 'pg_proc'::regclass AND own.objid = p.oid
                               AND own.deptype = 'i')
          UNION ALL
         SELECT {class}, {object}, plain.kind
           FROM (SELECT CASE {class}
                            WHEN 'pg_namespace'::regclass THEN 'schema'
                            WHEN 'pg_extension'::regclass THEN 'extension'
                            WHEN 'pg_trigger'::regclass THEN 'trigger'
                            WHEN 'pg_policy'::regclass THEN 'policy'
                            WHEN 'pg_collation'::regclass THEN 'collation'
                            WHEN 'pg_conversion'::regclass THEN 'conversion'
                            WHEN 'pg_cast'::regclass THEN 'cast'
                            WHEN 'pg_operator'::regclass THEN 'operator'
                            WHEN 'pg_opfamily'::regclass THEN 'operator family'
                            WHEN 'pg_opclass'::regclass THEN 'operator class'
                            WHEN 'pg_am'::regclass THEN 'access method'
                            WHEN 'pg_language'::regclass THEN 'language'
                            WHEN 'pg_transform'::regclass THEN 'transform'
                            WHEN 'pg_ts_config'::regclass THEN 'text search configuration'
                            WHEN 'pg_ts_dict'::regclass THEN 'text search dictionary'
                            WHEN 'pg_ts_parser'::regclass THEN 'text search parser'
                            WHEN 'pg_ts_template'::regclass THEN 'text search template'
                            WHEN 'pg_statistic_ext'::regclass THEN 'statistics'
                            WHEN 'pg_event_trigger'::regclass THEN 'event trigger'
                            WHEN 'pg_foreign_data_wrapper'::regclass THEN 'foreign data wrapper'
                            WHEN 'pg_foreign_server'::regclass THEN 'server'
                            WHEN 'pg_user_mapping'::regclass THEN 'user mapping'
                            WHEN 'pg_publication'::regclass THEN 'publication'
                            WHEN 'pg_rewrite'::regclass
                                THEN (SELECT 'rule' FROM pg_rewrite w
                                       WHERE w.oid = {object} AND w.rulename <> '_RETURN')
                            WHEN 'pg_amop'::regclass THEN 'operator family operator'
                            WHEN 'pg_amproc'::regclass THEN 'operator family function'
                            WHEN 'pg_publication_rel'::regclass THEN 'publication table'
                            WHEN to_regclass('pg_publication_namespace') THEN 'publication schema'
                        END AS kind) plain
          WHERE plain.kind IS NOT NULL
            -- A member that came with an operator class is a part of it.
            AND NOT ({class} IN ('pg_amop'::regclass, 'pg_amproc'::regclass)
                     AND EXISTS (SELECT FROM pg_depend own
                                  WHERE own.classid = {class} AND own.objid = {object}
                                    AND own.refclassid = 'pg_opclass'::regclass))) address
  LIMIT 1)
