package dev.tidemark.archiver.commit;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveIdentity;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.LogPoint;
import dev.tidemark.archive.manifest.LostRaceException;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Span;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.parquet.TransactionsWriter;
import dev.tidemark.archiver.segment.SegmentBuilder;
import dev.tidemark.archiver.segment.ShapeTracker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Uploads a segment's files, then publishes them by the next manifest. For one thread. */
public final class SegmentCommitter {
    private final Archive archive;
    private final Path temporary;
    private final Clock clock;

    public SegmentCommitter(Archive archive, Path temporary, Clock clock) {
        this.archive = archive;
        this.temporary = temporary;
        this.clock = clock;
    }

    /**
     * Publishes a segment; its local files are gone afterwards.
     *
     * @param shapes with the catalog as of the segment's end
     * @param log where the archive stands in the change log then
     * @throws LostRaceException when another archiver published this number first
     */
    public Manifest commit(SegmentBuilder.Sealed segment, ShapeTracker shapes, LogPoint log)
            throws IOException, LostRaceException {
        Manifest before = archive.state().newest().orElseThrow();
        Path transactions = temporary.resolve("transactions.parquet");
        try {
            TransactionsWriter.write(transactions, segment.transactions());
            List<FileRef> files = new ArrayList<>();
            files.add(
                    archive.upload(
                            segment.journal(),
                            "journal.parquet",
                            FileRef.Kind.JOURNAL,
                            segment.rows(),
                            0,
                            0));
            files.add(
                    archive.upload(
                            transactions,
                            "transactions.parquet",
                            FileRef.Kind.TRANSACTIONS,
                            segment.transactions().size(),
                            0,
                            0));
            FileRef catalog = archive.state().catalog().orElseThrow();
            if (segment.catalogChanged()) {
                catalog = archive.upload(shapes.catalog());
                files.add(catalog);
            }
            return archive.commit(
                    new Manifest(
                            ArchiveIdentity.FORMAT,
                            0,
                            "",
                            Manifest.Kind.SEGMENT,
                            "",
                            clock.instant(),
                            before.timeline(),
                            log,
                            span(before.span(), segment),
                            catalog,
                            files,
                            shapes.look(),
                            Optional.empty()));
        } finally {
            Files.deleteIfExists(transactions);
            Files.deleteIfExists(segment.journal());
        }
    }

    private static Span span(Span before, SegmentBuilder.Sealed segment) {
        TransactionRecord first = segment.transactions().getFirst();
        TransactionRecord last = segment.transactions().getLast();
        Instant latest = segment.latestCommit();
        return new Span(
                before.to(),
                last.position(),
                first.commitTime(),
                last.commitTime(),
                latest.isAfter(before.latestCommit()) ? latest : before.latestCommit(),
                segment.transactions().size(),
                segment.rows());
    }
}
