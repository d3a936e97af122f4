package dev.tidemark.cli;

import java.util.List;

/** Questions that two databases of one schema answer alike; none is Tidemark's own query. */
final class CatalogOracle {
    /** Each orders its rows, and shows names instead of numbers. */
    static final List<String> QUERIES =
            List.of(
                    """
                    SELECT c.oid::regclass::text, pg_get_viewdef(c.oid), c.reloptions::text, c.relispopulated
                      FROM pg_class c WHERE c.relkind IN ('v', 'm') AND c.relnamespace > 16383 ORDER BY 1
                    """,
                    """
                    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid), i.indisvalid,
                           i.indisclustered, i.indisreplident,
                           (SELECT h.inhparent::regclass::text FROM pg_inherits h WHERE h.inhrelid = i.indexrelid)
                      FROM pg_index i WHERE i.indrelid >= 16384
                       AND i.indrelid::regclass::text NOT LIKE 'pg_toast%' ORDER BY 1
                    """,
                    """
                    SELECT k.conrelid::regclass::text, k.contypid::regtype::text, k.conname,
                           pg_get_constraintdef(k.oid), k.convalidated, k.condeferrable, k.condeferred,
                           k.conislocal, k.coninhcount, k.connoinherit AND k.contype = 'c'
                      FROM pg_constraint k WHERE k.connamespace > 16383 AND k.contype <> 'n'
                       AND (k.contype <> 'f' OR k.conparentid = 0) ORDER BY 1, 2, 3
                    """,
                    """
                    SELECT p.oid::regprocedure::text, pg_get_functiondef(p.oid)
                      FROM pg_proc p WHERE p.pronamespace > 16383 AND p.prokind <> 'a' ORDER BY 1
                    """,
                    """
                    SELECT p.oid::regprocedure::text, to_jsonb(a) - 'aggfnoid' - 'aggtranstype' - 'aggmtranstype'
                      FROM pg_proc p JOIN pg_aggregate a ON a.aggfnoid = p.oid
                     WHERE p.pronamespace > 16383 ORDER BY 1
                    """,
                    """
                    SELECT table_schema, table_name, column_name, column_default, is_nullable, data_type,
                           character_maximum_length, numeric_precision, numeric_scale, collation_name,
                           domain_name, udt_schema, udt_name, is_identity, identity_generation,
                           identity_start, identity_increment, identity_maximum, is_generated,
                           generation_expression
                      FROM information_schema.columns
                     WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2, 3
                    """,
                    """
                    SELECT t.oid::regtype::text, t.typtype, t.typnotnull, t.typdefault,
                           (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
                              FROM pg_enum e WHERE e.enumtypid = t.oid)
                      FROM pg_type t WHERE t.typnamespace > 16383 ORDER BY 1
                    """,
                    """
                    SELECT schemaname, sequencename, data_type::text, start_value, min_value, max_value,
                           increment_by, cycle, cache_size, last_value FROM pg_sequences ORDER BY 1, 2
                    """,
                    """
                    SELECT g.tgrelid::regclass::text, pg_get_triggerdef(g.oid), g.tgenabled
                      FROM pg_trigger g WHERE g.tgname NOT LIKE '%ConstraintTrigger\\_%' ORDER BY 1, 2, 3
                    """,
                    "SELECT * FROM pg_policies ORDER BY 1, 2, 3",
                    "SELECT * FROM pg_rules WHERE schemaname <> 'pg_catalog' ORDER BY 1, 2, 3",
                    "SELECT pg_get_statisticsobjdef(oid) FROM pg_statistic_ext ORDER BY 1",
                    """
                    SELECT c.oid::regclass::text, c.relkind, c.relpersistence, c.relreplident,
                           c.relrowsecurity, c.relforcerowsecurity, c.reloptions::text,
                           pg_get_partkeydef(c.oid), pg_get_expr(c.relpartbound, c.oid), c.reloftype::regtype::text
                      FROM pg_class c WHERE c.relnamespace > 16383 AND c.relkind <> 't' ORDER BY 1
                    """,
                    """
                    SELECT a.attrelid::regclass::text, a.attname, a.attstorage, a.attcompression,
                           a.attnotnull, a.attgenerated, a.attidentity
                      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
                     WHERE c.relnamespace > 16383 AND c.relkind IN ('r', 'p', 'f') AND a.attnum > 0
                       AND NOT a.attisdropped ORDER BY 1, 2
                    """,
                    """
                    SELECT pg_describe_object(classoid, objoid, objsubid) AS what, description
                      FROM pg_description WHERE objoid >= 16384 ORDER BY 1, 2
                    """,
                    "SELECT evtname, evtevent, evtenabled, evttags::text FROM pg_event_trigger ORDER BY 1");

    private CatalogOracle() {}
}
