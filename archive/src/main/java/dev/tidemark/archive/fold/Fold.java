package dev.tidemark.archive.fold;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/** From a plan to the database at its cut, or to what somebody wants of it. */
public final class Fold {
    /** The rest is for files that are read and written meanwhile. */
    private static final int HEAP_PART = 3;

    /** How often rows are looked for that others were before; then their tables are read whole. */
    private static final int RUNS_MAX = 4;

    private Fold() {}

    /**
     * The database at the plan's cut.
     *
     * @param temporary a folder for files while they are read; the caller deletes it
     * @param progress hears how many changes were read, again and again
     * @throws TidemarkException when a file is damaged, or a table's rows are not known at the cut;
     *     files that are read with a table's rows are not looked at before
     */
    public static FoldedDatabase run(
            Archive archive, RestorePlan plan, Path temporary, LongConsumer progress)
            throws IOException {
        return run(archive, plan, Set.of(), temporary, progress);
    }

    /**
     * The same without the rows of some tables.
     *
     * @param withoutRows names of tables at the cut, {@code schema.name}; their rows may be unknown
     * @throws TidemarkException also when one of them does not exist there, or holds no rows
     */
    public static FoldedDatabase run(
            Archive archive,
            RestorePlan plan,
            Set<String> withoutRows,
            Path temporary,
            LongConsumer progress)
            throws IOException {
        return run(archive, plan, withoutRows, memory(), temporary, progress);
    }

    /**
     * The same in other memory.
     *
     * @param memory bytes that changes may take before they go to local disk, nearly
     */
    public static FoldedDatabase run(
            Archive archive,
            RestorePlan plan,
            Set<String> withoutRows,
            long memory,
            Path temporary,
            LongConsumer progress)
            throws IOException {
        Asked asked = Asked.allBut(Set.of(), memory, temporary);
        return walked(archive, plan, asked, progress).end().database(plan, withoutRows);
    }

    /** What changes may take where a fold is all that happens, in bytes. */
    public static long memory() {
        return Runtime.getRuntime().maxMemory() / HEAP_PART;
    }

    private static TablesOnTheWay walked(
            Archive archive, RestorePlan plan, Asked asked, LongConsumer progress)
            throws IOException {
        Catalog start = catalog(archive, plan.base().catalogThere());
        TablesOnTheWay tables = new TablesOnTheWay(archive, plan, asked, start);
        tables.open(start);
        // A file tells of more rows than changes.
        ReadCount count = new ReadCount(read -> progress.accept(Math.min(read, plan.changes())));
        new PlanWalk(archive, plan, tables, count).run();
        return tables;
    }

    /**
     * The same without the rows that are not known: {@link FoldedDatabase#withoutRows} names the
     * tables.
     *
     * @param leftAlone ids of tables whose rows nobody will ask for: their changes are not read
     */
    public static FoldedDatabase runKnown(
            Archive archive,
            RestorePlan plan,
            Set<Long> leftAlone,
            long memory,
            Path temporary,
            LongConsumer progress)
            throws IOException {
        Asked asked = Asked.allBut(leftAlone, memory, temporary);
        return walked(archive, plan, asked, progress).end().ofKnown(plan);
    }

    /**
     * The same of some tables only: the others are in the catalog, but neither are their changes
     * and files read nor does it matter whether their rows are known.
     *
     * @param chosen ids of those tables
     * @param withoutRows as in {@link #run}, of the chosen tables
     */
    public static FoldedDatabase runPart(
            Archive archive,
            RestorePlan plan,
            Set<Long> chosen,
            Set<String> withoutRows,
            Path temporary,
            LongConsumer progress)
            throws IOException {
        return runPart(archive, plan, chosen, withoutRows, memory(), temporary, progress);
    }

    /** The same in other memory. */
    public static FoldedDatabase runPart(
            Archive archive,
            RestorePlan plan,
            Set<Long> chosen,
            Set<String> withoutRows,
            long memory,
            Path temporary,
            LongConsumer progress)
            throws IOException {
        Asked asked = Asked.only(chosen, Map.of(), memory, temporary);
        return walked(archive, plan, asked, progress)
                .end()
                .database(plan, withoutRows, asked.isLeftAlone());
    }

    /**
     * The same of some rows only: those that are wanted come as they would in {@link #runPart}, and
     * others may come or not.
     *
     * @param rows by the table's id; of chosen tables that are not here come all
     */
    public static FoldedDatabase runRows(
            Archive archive,
            RestorePlan plan,
            Set<Long> chosen,
            Map<Long, KeyedRows> rows,
            Path temporary,
            LongConsumer progress)
            throws IOException {
        return runRows(archive, plan, chosen, rows, memory(), temporary, progress);
    }

    /** The same in other memory. */
    public static FoldedDatabase runRows(
            Archive archive,
            RestorePlan plan,
            Set<Long> chosen,
            Map<Long, KeyedRows> rows,
            long memory,
            Path temporary,
            LongConsumer progress)
            throws IOException {
        Asked asked = Asked.only(chosen, rows, memory, temporary);
        for (int n = 1; ; n++) {
            TablesOnTheWay tables = walked(archive, plan, asked, progress);
            WantedRows wanted = tables.wanted();
            if (wanted.isEnough()) {
                return tables.end().database(plan, Set.of(), asked.isLeftAlone());
            }
            asked = asked.with(n < RUNS_MAX ? wanted.next() : wanted.last());
        }
    }

    /** Reads a catalog that a manifest names. */
    public static Catalog catalog(Archive archive, FileRef file) throws IOException {
        return archive.catalog(file);
    }
}
