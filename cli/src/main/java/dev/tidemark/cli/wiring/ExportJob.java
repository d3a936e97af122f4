package dev.tidemark.cli.wiring;

import dev.tidemark.archive.fold.CatalogWalk;
import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.FoldedDatabase;
import dev.tidemark.archive.fold.Untold;
import dev.tidemark.archive.fold.UntoldChanges;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.replay.content.Content;
import dev.tidemark.replay.export.Export;
import dev.tidemark.replay.export.ExportFormat;
import dev.tidemark.replay.export.ExportReport;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * From an archive to files: plan, fold, write.
 *
 * @param tables {@code schema.table}, or the table alone where that is clear; empty for all
 */
public record ExportJob(
        Archive archive,
        Path temporary,
        ExportFormat format,
        List<String> tables,
        Progress progress) {
    /** What was written, and what is not sure of it. */
    public record Result(ExportReport report, Untold untold) {}

    /**
     * Does it.
     *
     * @throws TidemarkException when the moment or a table is not in the archive, or there is
     *     something in the store
     */
    public Result run(Target moment, ObjectStore store) throws IOException {
        Export.checkIsEmpty(store);
        RestorePlan plan = new Planner(archive, temporary).plan(moment);
        Set<String> others = tables.isEmpty() ? Set.of() : othersAt(plan);
        Untold untold = UntoldChanges.at(archive, plan, temporary).withoutRows(others);
        untold.requireTables();
        FoldedDatabase folded;
        AtomicLong seen = new AtomicLong();
        try (Progress.Task task = progress.start("fold", plan.changes(), Progress.Unit.ROWS)) {
            folded =
                    Fold.run(
                            archive,
                            plan,
                            others,
                            temporary,
                            read -> task.advance(read - seen.getAndSet(read)));
        }
        try (Progress.Task task = progress.start("export", Progress.UNKNOWN, Progress.Unit.ROWS)) {
            Export export = new Export(store, format, temporary, task::advance);
            return new Result(
                    export.run(archive, plan, Content.of(folded), tables.isEmpty()), untold);
        }
    }

    /** The tables at the moment whose rows nobody asked for. */
    private Set<String> othersAt(RestorePlan plan) throws IOException {
        List<Table> there =
                CatalogWalk.at(archive, plan, temporary).tables().stream()
                        .filter(Table::holdsRows)
                        .toList();
        Set<String> wanted = new HashSet<>();
        for (String name : tables) {
            List<String> found =
                    there.stream()
                            .filter(
                                    table ->
                                            table.displayName().equals(name)
                                                    || table.name().equals(name))
                            .map(Table::displayName)
                            .toList();
            if (found.size() != 1) {
                throw TidemarkException.refused(
                        found.isEmpty()
                                ? "there is no table '%s' with rows at %s"
                                        .formatted(name, plan.cut().position())
                                : "'%s' is the name of several tables: %s".formatted(name, found),
                        "There are "
                                + there.stream()
                                        .map(Table::displayName)
                                        .sorted()
                                        .limit(30)
                                        .collect(Collectors.joining(", "))
                                + ".");
            }
            wanted.addAll(found);
        }
        return there.stream()
                .map(Table::displayName)
                .filter(name -> !wanted.contains(name))
                .collect(Collectors.toSet());
    }
}
