package dev.tidemark.replay.difference;

import static java.util.Comparator.comparing;

import dev.tidemark.replay.load.Quoted;
import java.util.Collection;
import java.util.stream.Collectors;

/**
 * Makes a patch fail where rows that it does not know were deleted or changed with those that it
 * deletes or updates: by {@code ON DELETE CASCADE}, {@code SET NULL} or {@code SET DEFAULT}, or by
 * the last two of {@code ON UPDATE}.
 *
 * <p>It asks the database in which the patch runs, whatever keys that has: the server counts how
 * many rows of each table a transaction updated and deleted, and the patch knows how many were its
 * own.
 */
final class FollowingRows {
    /**
     * At the beginning. The server may count what earlier transactions of the session did as well,
     * so that it is kept what there is already.
     */
    static final String BEFORE =
            """
            DO $tidemark$ -- how many rows of each table were updated and deleted before
            BEGIN
              IF pg_catalog.current_setting('track_counts') <> 'on' THEN
                RAISE EXCEPTION USING
                  MESSAGE = 'track_counts is off: it would not be known whether keys delete or change rows with those of the patch',
                  HINT = 'Set it on for the session that runs the patch, which only a superuser may.';
              END IF;
              PERFORM pg_catalog.set_config('tidemark.counted', (
                SELECT coalesce(pg_catalog.jsonb_object_agg(n.oid, pg_catalog.jsonb_build_array(n.updated, n.deleted)), '{}')::pg_catalog.text
                  FROM (SELECT c.oid,
                               pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) AS updated,
                               pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) AS deleted
                          FROM pg_catalog.pg_class c
                         WHERE c.relkind = 'r') n
                 WHERE n.updated > 0 OR n.deleted > 0), true);
            END $tidemark$;
            """;

    /** What stands for the rows of the patch's own. */
    private static final String OWN = "\1";

    /**
     * At the end, but before what no transaction takes back. Each partition has its own row for a
     * key that names others, but a key that names a partitioned table may have only that one.
     */
    private static final String AFTER =
            """

            SET CONSTRAINTS ALL IMMEDIATE;
            DO \0 -- no other rows were deleted or changed with those of the patch
            #variable_conflict use_column
            DECLARE
              other pg_catalog.record;
            BEGIN
              WITH own (relation, updated, deleted) AS (VALUES
            \1
              ), counted AS (
                SELECT c.oid AS relation,
                       pg_catalog.pg_stat_get_xact_tuples_updated(c.oid) - coalesce((b.counts -> c.oid::pg_catalog.text ->> 0)::pg_catalog.int8, 0) AS updated,
                       pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) - coalesce((b.counts -> c.oid::pg_catalog.text ->> 1)::pg_catalog.int8, 0) AS deleted
                  FROM pg_catalog.pg_class c,
                       (SELECT pg_catalog.current_setting('tidemark.counted')::pg_catalog.jsonb AS counts) b
                 WHERE c.relkind = 'r'
              ), differing AS (
                SELECT n.relation,
                       n.updated - coalesce(o.updated, 0) AS updated,
                       n.deleted - coalesce(o.deleted, 0) AS deleted
                  FROM counted n LEFT JOIN own o ON o.relation = n.relation
                 WHERE n.updated <> coalesce(o.updated, 0) OR n.deleted <> coalesce(o.deleted, 0)
              )
              SELECT d.relation::pg_catalog.regclass AS child, d.updated, d.deleted, k.conname AS key, pg_catalog.pg_get_constraintdef(k.oid) AS definition
                INTO other
                FROM differing d JOIN pg_catalog.pg_constraint k ON k.conrelid = d.relation AND k.contype = 'f'
               WHERE EXISTS (
                 SELECT FROM counted p
                  WHERE (p.relation = k.confrelid OR p.relation IN (SELECT t.relid FROM pg_catalog.pg_partition_tree(k.confrelid) t))
                    AND (p.deleted > 0 AND (k.confdeltype IN ('n', 'd') OR k.confdeltype = 'c' AND d.deleted <> 0)
                         OR p.updated > 0 AND k.confupdtype IN ('n', 'd')))
               ORDER BY d.relation, k.conname LIMIT 1;
              IF FOUND THEN
                RAISE EXCEPTION USING
                  MESSAGE = pg_catalog.format('rows of %s that the patch does not know would be deleted or changed: %s deleted, %s updated', other.child, other.deleted, other.updated),
                  DETAIL = pg_catalog.format('%s: %s', other.key, other.definition),
                  HINT = 'Delete these rows, or let them name others, before the patch runs; or leave what they name as it is. A trigger that changes rows of the table is counted as well.';
              END IF;
            END \0;
            """;

    private FollowingRows() {}

    /** Are there tables of which some rows may have taken others with them? */
    static boolean mayBe(Collection<PatchTable> tables) {
        return tables.stream().anyMatch(FollowingRows::isTouched);
    }

    private static boolean isTouched(PatchTable table) {
        return table.updates().size() > 0 || table.deletions() > 0;
    }

    /** The check at the end, where the patch does this to these tables. */
    static String after(Collection<PatchTable> tables) {
        return AFTER.replace(
                OWN,
                tables.stream()
                        .filter(FollowingRows::isTouched)
                        .sorted(comparing(table -> table.table().displayName()))
                        .map(FollowingRows::own)
                        .collect(Collectors.joining(",\n")));
    }

    private static String own(PatchTable table) {
        return "    (%s::pg_catalog.regclass::pg_catalog.oid, %d, %d)"
                .formatted(
                        Quoted.text(PatchText.name(table.table())),
                        table.updates().size(),
                        table.deletions());
    }
}
