package dev.tidemark.cli.demo;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.plan.SegmentTransactions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What an archive says about itself.
 *
 * @param ages of each transaction with changes, when its segment was published, ascending
 */
record ArchiveFigures(DemoReport.Archived archived, List<Duration> ages) {
    static ArchiveFigures of(Archive archive, Path temporary) throws IOException {
        List<Duration> ages = new ArrayList<>();
        long bytes = 0;
        long changes = 0;
        for (Manifest segment : archive.state().segments()) {
            try (SegmentTransactions all = SegmentTransactions.open(archive, segment, temporary)) {
                while (all.hasNext()) {
                    TransactionRecord transaction = all.next();
                    if (transaction.changes() > 0) {
                        ages.add(Duration.between(transaction.commitTime(), segment.written()));
                    }
                }
            }
            bytes += segment.dataBytes();
            changes += segment.span().changes();
        }
        ages.sort(null);
        long baseBytes = archive.state().bases().stream().mapToLong(Manifest::dataBytes).sum();
        int segments = archive.state().segments().size();
        double each = changes == 0 ? 0 : Math.round(10.0 * bytes / changes) / 10.0;
        return new ArchiveFigures(
                new DemoReport.Archived(baseBytes, bytes, segments, ages.size(), changes, each),
                ages);
    }

    Duration age(int percent) {
        return ages.isEmpty() ? Duration.ZERO : ages.get((ages.size() - 1) * percent / 100);
    }
}
