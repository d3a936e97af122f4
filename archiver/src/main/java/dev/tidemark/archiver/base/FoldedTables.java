package dev.tidemark.archiver.base;

import dev.tidemark.archive.fold.TableFold;
import dev.tidemark.archive.manifest.FileRef;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Writes the tables of a folded base, some side by side. Used once. */
final class FoldedTables {
    private final List<TableFold> tables;
    private final BaseBuilder builder;
    private final PartLimits limits;
    private final FoldedBase.Progress progress;
    private final FinishedTables finished;
    private int changed;

    /**
     * @param tables those that are not finished
     * @param finished hears of each that is
     * @param progress hears one call at a time
     */
    FoldedTables(
            List<TableFold> tables,
            BaseBuilder builder,
            PartLimits limits,
            FinishedTables finished,
            FoldedBase.Progress progress) {
        this.tables = tables;
        this.builder = builder;
        this.limits = limits;
        this.finished = finished;
        this.progress = inTurns(progress);
    }

    private static FoldedBase.Progress inTurns(FoldedBase.Progress progress) {
        return new FoldedBase.Progress() {
            @Override
            public synchronized void read(long changes) {
                progress.read(changes);
            }

            @Override
            public synchronized void wrote(long rows) {
                progress.wrote(rows);
            }
        };
    }

    /**
     * Writes all; afterwards nothing is at work any more.
     *
     * @param jobs tables side by side; with more than one, one thread of each reads and one writes
     */
    void write(int jobs) throws IOException {
        if (jobs == 1) {
            for (TableFold table : tables) {
                note(FoldedTable.write(table, builder, limits, false, progress));
            }
            return;
        }
        // Whose interrupt ends them all is waited for here, so that no file of theirs comes later.
        try (ExecutorService workers =
                Executors.newFixedThreadPool(
                        jobs, Thread.ofPlatform().name("base-", 1).factory())) {
            try {
                await(workers);
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case IOException io -> throw io;
                    case RuntimeException unchecked -> throw unchecked;
                    case null, default -> throw new IllegalStateException(e);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while a base was made");
            } finally {
                workers.shutdownNow();
            }
        }
    }

    private void await(ExecutorService workers)
            throws ExecutionException, InterruptedException, IOException {
        var done = new ExecutorCompletionService<FoldedTable.Done>(workers);
        List<TableFold> largestFirst =
                tables.stream()
                        .sorted(Comparator.comparingLong(FoldedTables::size).reversed())
                        .toList();
        for (TableFold table : largestFirst) {
            done.submit(() -> FoldedTable.write(table, builder, limits, true, progress));
        }
        for (int n = 0; n < tables.size(); n++) {
            note(done.take().get());
        }
    }

    private static long size(TableFold table) {
        return table.changes() + table.baseFiles().stream().mapToLong(FileRef::rows).sum();
    }

    private void note(FoldedTable.Done done) throws IOException {
        changed += done.isChanged() ? 1 : 0;
        finished.add(done.files());
    }

    /** How many tables had changed. */
    int changed() {
        return changed;
    }
}
