package dev.tidemark.cli.wiring;

import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.TableRows;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.cli.output.Progress;
import dev.tidemark.replay.profile.ValueSample;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.catalog.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * The first rows of some tables as of a moment, for guesses about them. Tables of which the rows
 * are not known then have none.
 */
public final class SampledRows {
    /** Of a table: kinds and users are seen by then, and it is read in a second. */
    private static final int ROWS_MAX = 20_000;

    private SampledRows() {}

    /**
     * Reads them.
     *
     * @param wanted ids of the tables; changes of others are not read
     */
    public static ValueSample of(
            Archive archive,
            RestorePlan plan,
            Catalog catalog,
            Set<Long> wanted,
            Path temporary,
            Progress progress)
            throws IOException {
        Set<Long> others =
                catalog.tables().stream()
                        .map(Table::id)
                        .filter(id -> !wanted.contains(id))
                        .collect(Collectors.toSet());
        ValueSample sample = new ValueSample();
        AtomicLong seen = new AtomicLong();
        try (Progress.Task task = progress.start("fold", plan.changes(), Progress.Unit.ROWS)) {
            for (TableRows rows :
                    Fold.runKnown(
                                    archive,
                                    plan,
                                    others,
                                    Fold.memory(),
                                    temporary,
                                    read -> task.advance(read - seen.getAndSet(read)))
                            .tables()) {
                if (wanted.contains(rows.table().id())) {
                    read(rows, sample);
                }
            }
        }
        return sample;
    }

    private static void read(TableRows rows, ValueSample sample) throws IOException {
        AtomicLong count = new AtomicLong();
        try {
            rows.rows(
                    row -> {
                        if (count.incrementAndGet() > ROWS_MAX) {
                            throw new Enough();
                        }
                        sample.add(rows.table(), row);
                    });
        } catch (Enough e) {
            return; // nobody reads the others
        }
    }

    /** Rows come one after the other until somebody throws. */
    private static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1;

        Enough() {
            super("enough", null, false, false);
        }
    }
}
