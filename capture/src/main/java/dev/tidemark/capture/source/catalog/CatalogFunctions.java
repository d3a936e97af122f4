package dev.tidemark.capture.source.catalog;

import dev.tidemark.schemas.catalog.TextForm;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The SQL functions of schema {@code tidemark} with which event triggers say what a command
 * changed, so that the schema is in the log at the place of its change:
 *
 * <ul>
 *   <li>{@code table_state(oid) RETURNS jsonb}: one table in the JSON form of the record {@code
 *       Table} (version 0), or NULL for what is no table; {@code all_table_states()}: an array of
 *       all of them;
 *   <li>{@code object_states(classes oid[], ids oid[]) RETURNS jsonb}: an array of {@code
 *       CatalogObject}s, as far as the rows of the catalog that are named by class and number are
 *       objects that the archive holds; {@code all_object_states()}: of all of them;
 *   <li>{@code row_form(oid)}: what decides how a table's rows are read, see {@code row-form.sql};
 *   <li>{@code emit_image(oid)}: writes a table's rows into the log, see {@code image.sql};
 *   <li>{@code touched}, {@code whole}, {@code written}, {@code object_references}: what to ask the
 *       two for, see {@code touched.sql}.
 * </ul>
 */
public final class CatalogFunctions {
    /** Settings that decide how expressions and values print; the rest only costs time. */
    private static final Set<String> PRINTING =
            Set.of(
                    "datestyle",
                    "intervalstyle",
                    "timezone",
                    "bytea_output",
                    "extra_float_digits",
                    "lc_monetary",
                    "quote_all_identifiers",
                    "standard_conforming_strings");

    private CatalogFunctions() {}

    /** The statements that create them, to be run in this order; schema {@code tidemark} exists. */
    public static List<String> create() {
        return List.of(
                CatalogSql.touched(),
                CatalogSql.rowForm(),
                tableState(),
                allTableStates(),
                someObjectStates(),
                allObjectStates(),
                CatalogSql.image(attributes().replace("STABLE", "VOLATILE")));
    }

    /**
     * PL/pgSQL keeps the query's plan for the session, and a generic one needs no second planning:
     * a call takes 0.8 ms, where LANGUAGE sql takes 6 ms (measured on PostgreSQL 15).
     */
    private static String tableState() {
        return "CREATE OR REPLACE FUNCTION tidemark.table_state(oid) RETURNS jsonb\n"
                + attributes()
                + "\nAS $tidemark$\nBEGIN\nRETURN (\n"
                + CatalogSql.oneTable()
                + ");\nEND\n$tidemark$;\n";
    }

    /** All at once, at a third of the time that the other takes for as many. */
    private static String allTableStates() {
        return "CREATE OR REPLACE FUNCTION tidemark.all_table_states() RETURNS jsonb\n"
                + attributes()
                + "\nAS $tidemark$\nBEGIN\nRETURN (SELECT coalesce(jsonb_agg(s.state), '[]') FROM (\n"
                + CatalogSql.allTables()
                + ") s(state));\nEND\n$tidemark$;\n";
    }

    /** Each group of kinds is asked, and planned, only when one of its classes is wanted. */
    private static String someObjectStates() {
        StringBuilder groups = new StringBuilder();
        for (CatalogSql.Group group : CatalogSql.GROUPS) {
            groups.append(
                    "IF classes && ARRAY[%s]::oid[] THEN\n%sEND IF;\n"
                            .formatted(
                                    group.classes().stream()
                                            .map(name -> "to_regclass('" + name + "')")
                                            .collect(Collectors.joining(", ")),
                                    states(CatalogSql.someObjects(group))));
        }
        return objectStates(
                "object_states(classes oid[], ids oid[])",
                CatalogSql.someReferences(),
                CatalogSql.someSequences(),
                groups.toString());
    }

    /**
     * Those of all objects: the other, asked for many, takes a time that grows with their square.
     */
    private static String allObjectStates() {
        return objectStates(
                "all_object_states()",
                CatalogSql.allReferences(),
                CatalogSql.allSequences(),
                CatalogSql.GROUPS.stream()
                        .map(group -> states(CatalogSql.allObjects(group)))
                        .collect(Collectors.joining()));
    }

    private static String states(String objects) {
        return """
        SELECT states || coalesce(jsonb_agg(jsonb_build_object(
                   'kind', x.kind, 'id', x.id, 'schema', x.schema, 'name', x.name,
                   'definition', to_jsonb(x.definition), 'stage', x.stage,
                   'references', coalesce(needed -> (x.kind || ':' || x.id), '[]'),
                   'owner', x.owner, 'grants', to_jsonb(x.grants),
                   'revoked', to_jsonb(x.revoked), 'comment', x.comment,
                   'address', x.address, 'partOf', x.part_of,
                   'columnGrants', coalesce(x.column_grants, '[]'),
                   'sequence', CASE WHEN x.kind = 'sequence' THEN sequences -> x.id::text END)
                   ORDER BY x.kind, x.id), '[]')
          INTO states
          FROM (
        %s) x;
        """
                .formatted(objects);
    }

    private static String objectStates(
            String function, String references, String sequences, String groups) {
        return """
        CREATE OR REPLACE FUNCTION tidemark.%1$s RETURNS jsonb
        %2$s
        AS $tidemark$
        #variable_conflict use_column
        DECLARE
            states jsonb := '[]';
            needed jsonb;
            sequences jsonb;
        BEGIN
        SELECT coalesce(jsonb_object_agg(r.object, r.needed), '{}') INTO needed
          FROM (SELECT u.object, jsonb_agg(u.reference ORDER BY u.reference COLLATE "C") AS needed
                  FROM (
        %3$s) u GROUP BY u.object) r;
        SELECT coalesce(jsonb_object_agg(s.id, jsonb_build_object(
                   'lastValue', coalesce(v.last, s.first_value), 'called', coalesce(v.called, true),
                   'table', s.owner_table, 'column', s.owner_column, 'identity', s.identity)), '{}')
          INTO sequences
          FROM (
        %4$s) s
          LEFT JOIN tidemark.sequence_values(array(
                        SELECT q.id FROM (
        %4$s) q WHERE q.is_readable)) v ON v.id = s.id;
        %5$s
        RETURN states;
        END
        $tidemark$;
        """
                .formatted(function, attributes(), references, sequences, groups);
    }

    private static String attributes() {
        return TextForm.SETTINGS.entrySet().stream()
                .filter(setting -> PRINTING.contains(setting.getKey()))
                .map(setting -> " SET " + setting.getKey() + " = '" + setting.getValue() + "'")
                .collect(
                        Collectors.joining(
                                "\n",
                                """
                                 LANGUAGE plpgsql STABLE
                                 SET search_path = pg_catalog, pg_temp
                                 SET plan_cache_mode = force_generic_plan
                                """,
                                ""));
    }
}
