package dev.tidemark.archiver.merge;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.fold.RandomBases;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Span;
import dev.tidemark.archive.parquet.Change;
import dev.tidemark.archive.parquet.ChangeDigest;
import dev.tidemark.archive.parquet.JournalWriter;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.parquet.TransactionsWriter;
import dev.tidemark.archive.store.ForwardingObjectStore;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.archiver.base.FoldedBase;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Merged segments say what those said that they replaced, and nothing that is needed goes. */
class MergeTest {
    private static final int SEEDS = 40;
    private static final int MANY = 32; // segments of an hour that goes on
    private static final Table DEAL =
            table(1, "deal", List.of(1), List.of(column(1, "id"), column(2, "v")));
    private static final Duration KEEP = Duration.ofHours(6);
    private static final MergeLimits LIMITS =
            new MergeLimits(1 << 30, 1 << 20, KEEP, Duration.ofDays(7));
    private static final Instant LATER = NOON.plus(Duration.ofDays(1000));

    @TempDir Path folder;

    private ObjectStore store;
    private WrittenArchive archiver;

    @BeforeEach
    void startAnArchive() throws IOException {
        store = new MemoryObjectStore();
        archiver = new WrittenArchive(Archive.create(store, Samples.IDENTITY), folder);
        archiver.base(at(1), NOON, catalog(DEAL), Map.of(1L, List.of(row("0", "a"))));
    }

    /** One segment with one transaction, so long after noon. */
    private void segment(long position, Duration after) throws IOException {
        segment(archiver.reached().value(), position, after);
    }

    private void segment(long from, long position, Duration after) throws IOException {
        Transaction one =
                new Transaction(
                        at(position), position, NOON.plus(after), List.of(insert(position, "v")));
        archiver.archive().refresh();
        archiver.segment(at(from), List.of(one));
    }

    private static Entry insert(long id, String value) {
        return new Entry.Row(
                1, Operation.INSERT, BeforeImage.NONE, List.of(), row(Long.toString(id), value));
    }

    /** One whose digest is of another change than its journal has. */
    private void wrongSegment(long position, Duration after) throws Exception {
        Archive archive = archiver.archive();
        archive.refresh();
        Manifest newest = archive.state().newest().orElseThrow();
        Instant commit = NOON.plus(after);
        Path changesFile = folder.resolve("journal.parquet");
        JournalWriter journal = JournalWriter.create(changesFile);
        journal.add(new Change(0, 1, insert(position, "v")));
        ChangeDigest digest = new ChangeDigest();
        digest.add(new Change(0, 1, insert(position, "another")));
        FileRef changes =
                archive.upload(journal.close(), "journal.parquet", FileRef.Kind.JOURNAL, 1, 0, 0);
        TransactionRecord record =
                new TransactionRecord(
                        0,
                        at(position),
                        newest.span().to(),
                        position,
                        commit,
                        1,
                        position,
                        digest.finish());
        Path recordsFile = folder.resolve("transactions.parquet");
        FileRef transactions =
                archive.upload(
                        TransactionsWriter.write(recordsFile, List.of(record)),
                        "transactions.parquet",
                        FileRef.Kind.TRANSACTIONS,
                        1,
                        0,
                        0);
        archive.commit(
                new Manifest(
                        1,
                        0,
                        "",
                        Manifest.Kind.SEGMENT,
                        "",
                        NOON,
                        1,
                        newest.log(),
                        new Span(newest.span().to(), at(position), commit, commit, commit, 1, 1),
                        archive.state().catalog().orElseThrow(),
                        List.of(changes, transactions)));
        Files.delete(changesFile);
        Files.delete(recordsFile);
    }

    private Merge.Done merged(Instant now, boolean isOpenToo) throws IOException {
        return merge(Archive.open(store), now, isOpenToo).run(Merge.Progress.NONE);
    }

    private Merge merge(Archive archive, Instant now, boolean isOpenToo) {
        return new Merge(archive, folder, clock(now), LIMITS, isOpenToo);
    }

    private static Clock clock(Instant now) {
        return Clock.fixed(now, ZoneOffset.UTC);
    }

    private List<String> ends() throws IOException {
        return Archive.open(store).state().segments().stream()
                .map(segment -> segment.span().to().value() + " " + segment.kind())
                .toList();
    }

    @Test
    void everyFoldIsWhatANaiveModelHasAlsoWhenSegmentsAreMergedAndBasesMade() throws IOException {
        RandomBases.checkAll(
                folder,
                SEEDS,
                (archive, random, other) -> {
                    if (random.nextInt(3) == 0) {
                        other.run();
                    }
                    if (random.nextInt(3) == 0) {
                        Optional<FoldedBase> base = FoldedBase.begin(archive, folder, clock(LATER));
                        if (base.isPresent()) {
                            base.get().run(FoldedBase.Progress.NONE);
                        }
                    }
                    if (random.nextInt(2) == 0) {
                        long few = 1L + random.nextInt(12);
                        MergeLimits limits =
                                new MergeLimits(1 << 30, few, Duration.ZERO, Duration.ZERO);
                        new Merge(archive, folder, clock(LATER), limits, true)
                                .run(Merge.Progress.NONE);
                    }
                });
    }

    @Test
    void hoursThatAreOverBecomeOneThenDaysThenMonths() throws IOException {
        segment(10, Duration.ofMinutes(1));
        segment(20, Duration.ofMinutes(2));
        segment(30, Duration.ofMinutes(61));
        segment(40, Duration.ofMinutes(62));
        segment(50, Duration.ofMinutes(63));

        merged(NOON.plus(Duration.ofMinutes(64)), false);
        assertThat(ends())
                .containsExactly("20 MERGED_SEGMENT", "30 SEGMENT", "40 SEGMENT", "50 SEGMENT");

        segment(60, Duration.ofDays(1));
        merged(NOON.plus(Duration.ofDays(1)), false);
        assertThat(ends()).containsExactly("50 MERGED_SEGMENT", "60 SEGMENT");

        segment(70, Duration.ofDays(1).plusMinutes(2));
        segment(80, Duration.ofDays(40));
        merged(NOON.plus(Duration.ofDays(40)), false);
        assertThat(ends()).containsExactly("70 MERGED_SEGMENT", "80 SEGMENT");
    }

    @Test
    void manySegmentsOfAnHourThatGoesOnBecomeOneAndLaterOneWithTheRest() throws IOException {
        Instant within = NOON.plus(Duration.ofMinutes(20));
        for (int n = 1; n <= MANY; n++) {
            segment(10 + n, Duration.ofSeconds(n));
        }
        merged(within, false);
        assertThat(ends()).as("the newest stays, and the rest is not many").hasSize(MANY);

        segment(100, Duration.ofMinutes(1));
        merged(within, false);
        assertThat(ends()).containsExactly(10 + MANY + " MERGED_SEGMENT", "100 SEGMENT");

        for (int n = 1; n <= MANY; n++) {
            segment(100 + n, Duration.ofMinutes(2).plusSeconds(n));
        }
        merged(within, false);
        assertThat(ends())
                .containsExactly(
                        10 + MANY + " MERGED_SEGMENT",
                        99 + MANY + " MERGED_SEGMENT",
                        100 + MANY + " SEGMENT");

        segment(200, Duration.ofMinutes(61));
        merged(NOON.plus(Duration.ofMinutes(62)), false);
        assertThat(ends()).containsExactly(100 + MANY + " MERGED_SEGMENT", "200 SEGMENT");
        assertThat(Archive.damage(store)).isEmpty();
    }

    @Test
    void anHourThatNothingFollowsIsOverAnHourAfterItsEnd() throws IOException {
        segment(10, Duration.ofMinutes(1));
        segment(20, Duration.ofMinutes(2));
        segment(30, Duration.ofMinutes(3));

        Merge.Done early = merged(NOON.plus(Duration.ofMinutes(119)), false);
        assertThat(ends()).containsExactly("10 SEGMENT", "20 SEGMENT", "30 SEGMENT");
        Merge.Done late = merged(NOON.plus(Duration.ofHours(2)), false);
        assertThat(ends()).containsExactly("20 MERGED_SEGMENT", "30 SEGMENT");

        assertThat(early.merged()).isZero();
        assertThat(early.open()).isEqualTo(2);
        assertThat(late.open()).isZero();
    }

    @Test
    void filesOfReplacedSegmentsStayForThoseWhoReadThemAndGoLater() throws IOException {
        segment(10, Duration.ofMinutes(1));
        segment(20, Duration.ofMinutes(2));
        segment(30, Duration.ofMinutes(61));
        List<Manifest> replaced = archiver.archive().state().segments().subList(0, 2);
        Instant now = NOON.plus(Duration.ofMinutes(62));

        Merge.Done done = merged(now, false);
        assertThat(done.deleted()).isZero();
        assertThat(done.waiting()).isEqualTo(4);
        assertThat(archiver.archive().collectGarbage()).isZero();
        assertThatAllAreThere(replaced, true);

        assertThat(merged(now.plus(KEEP), false).deleted()).isZero();
        assertThatAllAreThere(replaced, true);

        assertThat(merged(now.plus(KEEP).plusSeconds(1), false).deleted()).isEqualTo(4);
        assertThatAllAreThere(replaced, false);
        Archive.open(store).state().segments().forEach(this::assertIsReadable);
    }

    @Test
    void aProcessDeletesAlsoWhatItMergedItself() throws IOException {
        segment(10, Duration.ofMinutes(1));
        segment(20, Duration.ofMinutes(2));
        segment(30, Duration.ofMinutes(61));
        Archive archive = Archive.open(store);
        Instant now = NOON.plus(Duration.ofMinutes(62));
        merge(archive, now, false).run(Merge.Progress.NONE);
        List<Manifest> ofTheHour = archive.state().segments().subList(0, 1);
        segment(40, Duration.ofDays(1));
        now = NOON.plus(Duration.ofDays(1));
        merge(archive, now, false).run(Merge.Progress.NONE);
        assertThatAllAreThere(ofTheHour, true);

        merge(archive, now.plus(KEEP).plusSeconds(1), false).run(Merge.Progress.NONE);

        assertThatAllAreThere(ofTheHour, false);
        archive.state().segments().forEach(this::assertIsReadable);
    }

    private void assertThatAllAreThere(List<Manifest> segments, boolean are) throws IOException {
        List<String> names = store.list("data/", "", 1000);
        for (Manifest segment : segments) {
            List<FileRef> own = // a catalog may be that of others too
                    segment.files().stream()
                            .filter(file -> file.kind() != FileRef.Kind.CATALOG)
                            .toList();
            for (FileRef file : own) {
                assertThat(names.contains(file.name())).as(file.name()).isEqualTo(are);
            }
        }
    }

    private void assertIsReadable(Manifest manifest) {
        for (FileRef file : manifest.files()) {
            try {
                Files.delete(Archive.open(store).fetch(file, folder));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void aCommitInTheFarFutureHoldsNothingUp() throws IOException {
        segment(10, Duration.ofDays(9_000));
        segment(20, Duration.ofDays(9_000));
        segment(30, Duration.ofDays(9_000));

        merged(NOON.plus(Duration.ofDays(40)), false);

        assertThat(ends()).containsExactly("20 MERGED_SEGMENT", "30 SEGMENT");
    }

    @Test
    void nothingIsMergedAcrossABase() throws IOException {
        segment(10, Duration.ofMinutes(1));
        segment(20, Duration.ofMinutes(2));
        FoldedBase.begin(Archive.open(store), folder, clock(NOON))
                .orElseThrow()
                .run(FoldedBase.Progress.NONE);
        segment(30, Duration.ofMinutes(3));
        segment(40, Duration.ofMinutes(4));
        segment(50, Duration.ofMinutes(5));

        merged(LATER, true);

        assertThat(ends()).containsExactly("20 MERGED_SEGMENT", "40 MERGED_SEGMENT", "50 SEGMENT");
    }

    @Test
    void aBaseThatIsBeingMadeFindsItsPlace() throws IOException {
        segment(10, Duration.ofMinutes(1));
        segment(20, Duration.ofMinutes(2));
        Instant begun = NOON.plus(Duration.ofMinutes(3));
        FoldedBase base = FoldedBase.begin(Archive.open(store), folder, clock(begun)).orElseThrow();
        segment(30, Duration.ofMinutes(3));
        segment(40, Duration.ofMinutes(4));

        merged(begun.plusSeconds(60), true);
        base.run(FoldedBase.Progress.NONE);

        assertThat(ends()).containsExactly("20 MERGED_SEGMENT", "30 SEGMENT", "40 SEGMENT");
        assertThat(Archive.open(store).state().stretches().getFirst().foldedBases()).hasSize(1);
    }

    @Test
    void ofTwoWhoMergeTheOneWhoBeganLastPublishes() throws IOException {
        segment(10, Duration.ofMinutes(1));
        segment(20, Duration.ofMinutes(2));
        segment(30, Duration.ofMinutes(3));
        Merge first = merge(Archive.open(store), LATER, true);

        assertThatThrownBy(
                        () ->
                                first.run(
                                        new Merge.Progress() {
                                            @Override
                                            public void begin(long changes) {
                                                try {
                                                    merged(LATER, true);
                                                } catch (IOException e) {
                                                    throw new AssertionError(e);
                                                }
                                            }

                                            @Override
                                            public void read(long changes) {}
                                        }))
                .isInstanceOf(TidemarkException.class)
                .hasMessageStartingWith("another process began to merge the archive ");
        assertThat(ends()).containsExactly("20 MERGED_SEGMENT", "30 SEGMENT");
        Archive.open(store).state().segments().forEach(this::assertIsReadable);
    }

    @Test
    void anArchiveWhoseSegmentsWereMergedOpensTheSameFromACheckpoint() throws Exception {
        segment(10, Duration.ofMinutes(1));
        segment(20, Duration.ofMinutes(2));
        segment(30, Duration.ofMinutes(3));
        merged(LATER, true);
        for (int n = 0; n < 1_000; n++) {
            segment(100 + n, Duration.ofMinutes(4));
        }
        merged(LATER, true);

        assertThat(store.list("checkpoints/", "", 10)).isNotEmpty();
        assertThat(Archive.damage(store)).isEmpty();
        assertThat(ends()).containsExactly("1098 MERGED_SEGMENT", "1099 SEGMENT");
    }

    @Test
    void withACheckpointThatHoldsReplacedManifestsWholeAsOnceAllIsReadWithoutIt() throws Exception {
        segment(10, Duration.ofMinutes(1));
        segment(20, Duration.ofMinutes(2));
        segment(30, Duration.ofMinutes(3));
        merged(LATER, true);
        for (int n = 0; n < 100; n++) {
            segment(100 + n, Duration.ofMinutes(4));
        }
        String name = store.list("checkpoints/", "", 10).getLast();
        JsonMapper json = new JsonMapper();
        JsonNode checkpoint = json.readTree(store.get(name));
        ArrayNode replaced = ((ObjectNode) checkpoint.path("state")).putArray("replaced");
        replaced.addObject()
                .put("by", 4)
                .set("manifest", json.readTree(store.get("manifests/%020d.json".formatted(1))));
        ArchiveState state = Archive.open(store).state();
        store.delete(name);
        store.putIfAbsent(name, json.writeValueAsBytes(checkpoint));

        assertThat(state.replaced()).hasSize(1);
        assertThat(Archive.open(store).state()).isEqualTo(state);
        assertThat(Archive.damage(store)).isEmpty();
    }

    /** A store in which one file is not what was written, as long as it is so. */
    private static final class Altering extends ForwardingObjectStore {
        private final int which;
        private int files;
        private boolean isAltering = true;

        Altering(ObjectStore store, int which) {
            super(store);
            this.which = which;
        }

        @Override
        public void put(String name, Path file) throws IOException {
            super.put(name, file);
            if (isAltering && files++ == which) {
                byte[] content = get(name);
                content[content.length / 2]++;
                delete(name);
                putIfAbsent(name, content);
            }
        }
    }

    @Test
    void whateverFileTheStoreAltersNothingIsReplacedByIt() throws Exception {
        segment(10, Duration.ofMinutes(1));
        segment(20, Duration.ofMinutes(2));
        segment(30, Duration.ofMinutes(61));
        List<String> before = store.list("data/", "", 1000);
        Instant now = NOON.plus(Duration.ofMinutes(62));

        int files = 3; // journal, transactions, and the changes of one table
        for (int which = 0; which < files; which++) {
            Altering altering = new Altering(store, which);
            assertThatThrownBy(
                            () ->
                                    merge(Archive.open(altering), now, false)
                                            .run(Merge.Progress.NONE))
                    .isInstanceOf(TidemarkException.class)
                    .hasMessageStartingWith("the archive's file data/")
                    .hasMessageEndingWith(
                            ".parquet was altered: its SHA-256 is not the one in its manifest");
            assertThat(altering.files).isEqualTo(files);
            assertThat(ends()).containsExactly("10 SEGMENT", "20 SEGMENT", "30 SEGMENT");
            assertThat(store.list("data/", "", 1000)).containsAll(before);
            Archive.open(store).state().segments().forEach(this::assertIsReadable);
        }

        merged(now, false);
        assertThat(ends()).containsExactly("20 MERGED_SEGMENT", "30 SEGMENT");
        Archive.open(store).state().segments().forEach(this::assertIsReadable);
    }

    @Test
    void whatIsMergedToSomethingElseThanItsDigestsSayIsNotPublished() throws Exception {
        segment(10, Duration.ofMinutes(1));
        wrongSegment(20, Duration.ofMinutes(2));
        segment(20, 30, Duration.ofMinutes(61));
        segment(40, Duration.ofMinutes(62));
        segment(50, Duration.ofMinutes(121));
        List<String> before = store.list("data/", "", 1000);

        assertThatThrownBy(() -> merged(NOON.plus(Duration.ofMinutes(122)), false))
                .isInstanceOf(TidemarkException.class)
                .hasMessage(
                        "segments of the archive %s were merged to something else than they say: the changes of the transaction at %s are not what its digest says",
                        store.url(), at(20));

        assertThat(ends())
                .as("what does not need it is merged")
                .containsExactly("10 SEGMENT", "20 SEGMENT", "40 MERGED_SEGMENT", "50 SEGMENT");
        assertThat(store.list("data/", "", 1000))
                .as("of what was not published, nothing is left")
                .containsAll(before)
                .hasSize(before.size() + 3); // of what was
        Archive.open(store).state().segments().forEach(this::assertIsReadable);
    }
}
