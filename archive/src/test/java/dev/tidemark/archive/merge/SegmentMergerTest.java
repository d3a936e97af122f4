package dev.tidemark.archive.merge;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.fold.RandomHistory;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every change of merged segments comes back as it was told, in commit order. */
class SegmentMergerTest {
    private static final int SEEDS = 60;

    /** So little that most histories need files to sort, and several parts of a table. */
    private static final long MEMORY = 3_000;

    private static final int MOVED_MAX = 3;

    @TempDir Path folder;

    @Test
    void whatWasToldComesBackChangeForChange() throws Exception {
        long only = Long.getLong("seed", -1);
        for (long seed = 0; seed < SEEDS; seed++) {
            if (only < 0 || seed == only) {
                checkHistory(seed);
            }
        }
    }

    private void checkHistory(long seed) throws Exception {
        String where = "failed at seed %d; rerun with -Dseed=%d".formatted(seed, seed);
        Random random = new Random(seed);
        RandomHistory history = new RandomHistory(random);
        WrittenArchive written =
                new WrittenArchive(
                        Archive.create(
                                new MemoryObjectStore(), Samples.IDENTITY, Samples.keys(seed)),
                        folder);
        Manifest base =
                written.base(
                        at(1),
                        NOON,
                        catalog(history.tables().toArray(Table[]::new)),
                        history.rows());
        Archive archive = written.archive();
        List<Change> told = new ArrayList<>();
        List<Manifest> segments = new ArrayList<>();
        int transactions = 0;
        for (int n = 2 + random.nextInt(4); n > 0; n--) {
            List<Transaction> part = new ArrayList<>();
            for (int i = random.nextInt(8); i >= 0; i--) {
                part.add(history.next());
            }
            Manifest segment = written.segment(part);
            segments.add(segment);
            told.addAll(changes(archive, segment, transactions));
            transactions += part.size();
        }
        Manifest all = merged(archive, base, segments);
        assertThat(changes(archive, all, 0)).as(where).isEqualTo(told);

        int half = segments.size() / 2;
        Manifest first = merged(archive, base, segments.subList(0, half));
        Manifest second =
                merged(archive, segments.get(half - 1), segments.subList(half, segments.size()));
        Manifest again = merged(archive, base, List.of(first, second));
        assertThat(changes(archive, again, 0)).as(where).isEqualTo(told);
    }

    private Manifest merged(Archive archive, Manifest before, List<Manifest> segments)
            throws Exception {
        List<FileRef> files =
                SegmentMerger.run(
                        archive, before, segments, folder, changes -> {}, MOVED_MAX, MEMORY);
        assertThat(files).allMatch(file -> file.rows() > 0 || file.kind() != FileRef.Kind.CHANGES);
        return MergedByHand.publish(archive, segments, files, List.of());
    }

    private List<Change> changes(Archive archive, Manifest segment, int before) throws Exception {
        List<Change> all = new ArrayList<>();
        try (SegmentChanges changes =
                SegmentChanges.open(archive, segment, SegmentChanges.Wanted.ALL, folder)) {
            changes.forEachRemaining(change -> all.add(change.after(before)));
        }
        return all;
    }

    @Test
    void onlyTheTableAndTheTransactionsThatAreWantedAreRead() throws Exception {
        RandomHistory history = new RandomHistory(new Random(7));
        WrittenArchive written =
                new WrittenArchive(
                        Archive.create(new MemoryObjectStore(), Samples.IDENTITY), folder);
        Manifest base =
                written.base(
                        at(1),
                        NOON,
                        catalog(history.tables().toArray(Table[]::new)),
                        history.rows());
        List<Transaction> part = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            part.add(history.next());
        }
        Manifest segment = written.segment(part);
        Manifest merged = merged(written.archive(), base, List.of(segment));
        List<Change> expected =
                changes(written.archive(), segment, 0).stream()
                        .filter(
                                change ->
                                        !(change.entry() instanceof Entry.Row row)
                                                || (row.table() == 2 && change.transaction() == 17))
                        .toList();

        List<Change> read = new ArrayList<>();
        try (SegmentChanges changes =
                SegmentChanges.open(
                        written.archive(),
                        merged,
                        (table, transaction) ->
                                table == 2
                                        && (transaction == SegmentChanges.ANY || transaction == 17),
                        folder)) {
            changes.forEachRemaining(read::add);
        }

        assertThat(read).isEqualTo(expected);
    }

    @Test
    void aValueThatIsTooLargeForTheHeapGoesThroughAFile() throws Exception {
        Table notes = table(1, "notes", List.of(1), List.of(column(1, "id"), column(2, "note")));
        WrittenArchive written =
                new WrittenArchive(
                        Archive.create(new MemoryObjectStore(), Samples.IDENTITY), folder);
        Manifest base = written.base(at(1), NOON, catalog(notes), Map.of());
        String large = "large ".repeat(400_000);
        List<Change> told = new ArrayList<>();
        List<Manifest> segments = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
            Entry insert =
                    new Entry.Row(
                            1,
                            Operation.INSERT,
                            BeforeImage.NONE,
                            List.of(),
                            row(Integer.toString(9 - n), large + n));
            Entry small =
                    new Entry.Row(
                            1,
                            Operation.UPDATE,
                            BeforeImage.NONE,
                            List.of(),
                            List.of(Value.text(Integer.toString(9 - n)), Value.Mark.UNCHANGED));
            segments.add(
                    written.segment(
                            List.of(new Transaction(at(10 + n), n, NOON, List.of(insert, small)))));
            told.addAll(changes(written.archive(), segments.getLast(), n));
        }

        Manifest merged = merged(written.archive(), base, segments);

        assertThat(changes(written.archive(), merged, 0)).isEqualTo(told);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }
}
