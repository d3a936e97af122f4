package dev.tidemark.archive.fold;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.merge.SegmentChanges;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.schemas.catalog.SequenceSamples;
import dev.tidemark.schemas.change.Entry;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** Reads the segments of a plan in commit order up to its cut. For one thread; used once. */
final class PlanWalk implements SegmentLines.Sink {
    private final Archive archive;
    private final RestorePlan plan;
    private final TablesOnTheWay tables;
    private final ReadCount count;
    private boolean isSampledAfterCut;

    /**
     * @param tables take what is read
     * @param count hears how much it is
     */
    PlanWalk(Archive archive, RestorePlan plan, TablesOnTheWay tables, ReadCount count) {
        this.archive = archive;
        this.plan = plan;
        this.tables = tables;
        this.count = count;
    }

    void run() throws IOException {
        for (int i = 0; i < plan.segments().size(); i++) {
            boolean isLast = i == plan.segments().size() - 1;
            read(plan.segments().get(i), isLast ? plan.cut().transactions() : Integer.MAX_VALUE);
        }
        tables.reachCut();
        for (Manifest following : plan.following()) {
            if (!isSampledAfterCut) {
                read(following, 0);
            }
        }
        count.tell();
    }

    /** Reads the first transactions of a segment, and of what follows only samples. */
    private void read(Manifest segment, int transactions) throws IOException {
        Set<Long> lost = tables.enter(segment);
        SegmentLines lines =
                new SegmentLines(
                        archive, segment, transactions, tables.isReadAhead(), tables.temporary());
        Set<Long> done = lines.read(tables.readableByLine(), this);
        Set<Long> givenUp = tables.givenUp();
        SegmentChanges.Wanted wanted =
                transactions == 0
                        ? SegmentChanges.Wanted.NO_ROWS
                        : (table, transaction) ->
                                transaction < transactions
                                        && !done.contains(table)
                                        && !tables.isLeftAlone(table)
                                        && !givenUp.contains(table)
                                        && !lost.contains(table);
        try (SegmentChanges changes =
                SegmentChanges.open(archive, segment, wanted, tables.temporary())) {
            if (transactions == Integer.MAX_VALUE && tables.isReadAhead()) {
                readAhead(changes, segment);
            } else {
                while (changes.hasNext() && !isSampledAfterCut) {
                    take(changes.next(), segment, transactions);
                }
            }
        }
        tables.leave(lost);
    }

    private void readAhead(SegmentChanges changes, Manifest segment) throws IOException {
        try (Pipe<Change> pipe = Pipe.ofChanges(change -> take(change, segment))) {
            while (changes.hasNext()) {
                pipe.add(changes.next());
            }
            pipe.finish();
        }
    }

    private void take(Change change, Manifest segment, int transactions) throws IOException {
        if (change.transaction() < transactions) {
            take(change, segment);
        } else if (change.entry() instanceof Entry.Sequences sample) {
            // Sequences are not transactional: only a sample that was read after the cut is sure
            // to hold what was handed out before it.
            SequenceSamples said = SequenceSamples.read(sample.content());
            tables.sample(said);
            isSampledAfterCut = said.holdsAllUpTo(plan.cut().position());
        }
    }

    private void take(Change change, Manifest segment) throws IOException {
        tables.take(change, segment);
        count.add(1);
    }

    @Override
    public Optional<Overlay.Arrival> line(TableFold table, RowLine line) throws IOException {
        Optional<Overlay.Arrival> arrival = tables.line(table, line);
        count.add(line.changes());
        return arrival;
    }

    @Override
    public void deferred(FileRef file) {
        count.add(file.rows());
        count.tell();
    }

    @Override
    public void arrival(TableFold table, Overlay.Arrival row) throws IOException {
        tables.arrival(table, row);
    }
}
