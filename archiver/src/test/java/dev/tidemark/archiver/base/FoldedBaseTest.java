package dev.tidemark.archiver.base;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.fold.RandomBases;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Gap;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.archiver.mark.Marks;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A base from what the archive holds is what the source had there, and a start for all after it.
 */
class FoldedBaseTest {
    private static final Clock CLOCK = Clock.fixed(NOON, ZoneOffset.UTC);
    private static final int SEEDS = 40;
    private static final Table DEAL =
            table(1, "deal", List.of(1), List.of(column(1, "id"), column(2, "v")));
    private static final Table OTHER =
            table(2, "other", List.of(1), List.of(column(1, "id"), column(2, "v")));

    @TempDir Path folder;

    private ObjectStore store;
    private WrittenArchive archiver;

    @BeforeEach
    void startAnArchive() throws IOException {
        store = new MemoryObjectStore();
        archiver = new WrittenArchive(Archive.create(store, Samples.IDENTITY), folder);
        archiver.base(
                at(1),
                NOON,
                catalog(DEAL, OTHER),
                Map.of(1L, List.of(row("1", "a")), 2L, List.of(row("1", "x"))));
        archiver.segment(List.of(insert(16, "2", "b"), insert(32, "3", "c")));
    }

    private static Transaction insert(long position, String... row) {
        Entry entry = new Entry.Row(1, Operation.INSERT, BeforeImage.NONE, List.of(), row(row));
        return new Transaction(at(position), position, NOON, List.of(entry));
    }

    private Optional<FoldedBase.Made> made(Archive archive) throws IOException {
        Optional<FoldedBase> base = FoldedBase.begin(archive, folder, CLOCK);
        return base.isEmpty()
                ? Optional.empty()
                : Optional.of(base.get().run(FoldedBase.Progress.NONE));
    }

    @Test
    void everyFoldIsWhatANaiveModelHasForRandomRewritesAndBasesOfAllKinds() throws IOException {
        RandomBases.checkAll(
                folder,
                SEEDS,
                (archive, random, other) -> {
                    if (random.nextInt(2) == 0) {
                        return;
                    }
                    PartLimits limits =
                            new PartLimits(
                                    1 << 20, 1 + random.nextInt(4), 1 << 20, random.nextInt(5));
                    long memory = random.nextInt(3) == 0 ? 0 : Long.MAX_VALUE;
                    Optional<FoldedBase> base =
                            FoldedBase.begin(
                                    archive,
                                    folder,
                                    new Making(memory, limits, Duration.ZERO),
                                    CLOCK);
                    boolean isOvertaken = random.nextInt(3) == 0;
                    if (isOvertaken) {
                        other.run();
                    }
                    try {
                        if (base.isPresent()) {
                            base.get().run(1 + random.nextInt(2), FoldedBase.Progress.NONE);
                        }
                    } catch (TidemarkException e) {
                        assertThat(isOvertaken).isTrue();
                        assertThat(e).hasMessageStartingWith("meanwhile a base of the source was");
                    }
                });
    }

    @Test
    void aBaseAfterAGapMeanwhileLeavesBothHistoriesWhole() throws IOException {
        FoldedBase base = FoldedBase.begin(Archive.open(store), folder, CLOCK).orElseThrow();
        archiver.archive().refresh();
        archiver.baseAfterGap(
                at(40), NOON, catalog(DEAL), Map.of(1L, List.of(row("9", "z"))), "moved");
        archiver.segment(List.of(insert(48, "4", "d")));

        assertThatThrownBy(() -> base.run(FoldedBase.Progress.NONE))
                .isInstanceOf(TidemarkException.class)
                .hasMessageStartingWith(
                        "meanwhile a base of the source was published, in manifests/");
        Archive archive = Archive.open(store);
        assertThat(plan(archive, at(48)).base().span().to()).isEqualTo(at(40));
        assertThat(plan(archive, at(32)).base().span().to()).isEqualTo(at(1));
    }

    @Test
    void aBaseOfAnotherHistoryIsNoneOfThisOne() throws IOException {
        Manifest made = made(archiver.archive()).orElseThrow().manifest();
        archiver.baseAfterGap(at(20), NOON.plusSeconds(60), catalog(DEAL), Map.of(), "moved");
        archiver.segment(List.of(Transaction.empty(48, NOON.plusSeconds(61))));

        var latest =
                new Planner(archiver.archive(), folder)
                        .plan(new Target(new Moment.Latest(), false));

        assertThat(made.span().to()).isEqualTo(at(32));
        assertThat(latest.base().span().to()).isEqualTo(at(20));
    }

    @Test
    void aMarkMeanwhileDoesNotEndABaseAfterAGap() throws IOException {
        Archive archive = Archive.open(store);
        new TableBaseCommitter(archive, folder, CLOCK).begin();
        BaseBuilder base = new BaseBuilder(archive, folder, CLOCK);
        Archive other = Archive.open(store);
        new Marks(other, CLOCK).add("m", new Target(new Moment.Latest(), false), "", folder);
        Manifest newest = archive.state().newest().orElseThrow();

        Manifest published =
                base.publish(
                        catalog(DEAL),
                        at(90),
                        NOON,
                        1,
                        newest.log(),
                        Optional.of(new Gap(at(32), NOON, "7001", "moved", NOON)));

        assertThat(published.number()).isEqualTo(other.state().last() + 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whatItUploadedIsGoneWhenItFails(int jobs) throws IOException {
        FoldedBase base = FoldedBase.begin(Archive.open(store), folder, CLOCK).orElseThrow();
        List<String> before = store.list("data/", "", 100);

        assertThatThrownBy(() -> base.run(jobs, new Broken())).hasMessageEndingWith("broken");

        assertThat(store.list("data/", "", 100)).isEqualTo(before);
    }

    /** Fails in the midst of the rows. */
    private static final class Broken implements FoldedBase.Progress {
        @Override
        public void read(long changes) {}

        @Override
        public void wrote(long rows) {
            throw new IllegalStateException("broken");
        }
    }

    private RestorePlan plan(Archive archive, Position position) throws IOException {
        return new Planner(archive, folder)
                .plan(new Target(new Moment.AtPosition(position), false));
    }

    @Test
    void aLaterMomentReadsNothingBeforeIt() throws IOException {
        made(archiver.archive());
        archiver.segment(List.of(insert(48, "4", "d")));

        RestorePlan plan = plan(archiver.archive(), at(48));
        RestorePlan before = plan(archiver.archive(), at(16));
        RestorePlan there = plan(archiver.archive(), at(32));

        assertThat(plan.base().kind()).isEqualTo(Manifest.Kind.FOLDED_BASE);
        assertThat(plan.changes()).isEqualTo(1);
        assertThat(before.base().kind()).isEqualTo(Manifest.Kind.BASE);
        assertThat(there.segments()).isEmpty();
        assertThat(there.cut().transactions()).isZero();
        assertThat(there.cut().last()).isPresent();
    }

    @Test
    void aTableWithoutAChangeIsNotCopied() throws IOException {
        FoldedBase.Made made = made(archiver.archive()).orElseThrow();

        Manifest first = archiver.archive().state().bases().getFirst();
        FileRef other =
                first.files().stream().filter(f -> f.table() == 2).findFirst().orElseThrow();
        assertThat(made.manifest().files()).contains(other);
        assertThat(made.changed()).isEqualTo(1);
        assertThat(made.rows()).isEqualTo(4);
    }

    @Test
    void aFileWithoutAChangedRowIsNamedAgain() throws IOException {
        PartLimits limits = new PartLimits(1 << 20, 2, 1 << 20, 8);
        FoldedBase.Made first = made(limits);
        archiver.archive().refresh();
        archiver.segment(List.of(update(48, "1", "z"), insert(64, "4", "d")));

        FoldedBase.Made second = made(limits);

        List<FileRef> before = ofDeal(first);
        List<FileRef> after = ofDeal(second);
        assertThat(before).extracting(FileRef::rows).containsExactly(1L, 2L);
        assertThat(after).contains(before.getLast()).doesNotContain(before.getFirst());
        assertThat(after).extracting(FileRef::rows).containsExactly(2L, 2L);
        assertThat(second.rows()).isEqualTo(5); // with that of the other table
    }

    @Test
    void smallFilesThatAreTooManyBecomeOne() throws IOException {
        PartLimits limits = new PartLimits(1 << 20, 100, 1 << 20, 2);
        FoldedBase.Made first = made(limits);
        archiver.archive().refresh();
        archiver.segment(List.of(insert(48, "4", "d")));
        FoldedBase.Made second = made(limits);
        archiver.archive().refresh();
        archiver.segment(List.of(insert(64, "5", "e")));

        FoldedBase.Made third = made(limits);

        assertThat(ofDeal(first)).extracting(FileRef::rows).containsExactly(1L, 2L);
        assertThat(ofDeal(second)).extracting(FileRef::rows).containsExactly(4L);
        assertThat(ofDeal(third)).extracting(FileRef::rows).containsExactly(4L, 1L);
    }

    private FoldedBase.Made made(PartLimits limits) throws IOException {
        return FoldedBase.begin(
                        Archive.open(store),
                        folder,
                        new Making(Long.MAX_VALUE, limits, FinishedTables.RECORD_EVERY),
                        CLOCK)
                .orElseThrow()
                .run(FoldedBase.Progress.NONE);
    }

    private static List<FileRef> ofDeal(FoldedBase.Made made) {
        return made.manifest().files().stream()
                .filter(file -> file.kind() == FileRef.Kind.BASE && file.table() == 1)
                .toList();
    }

    private static Transaction update(long position, String... row) {
        Entry entry = new Entry.Row(1, Operation.UPDATE, BeforeImage.NONE, List.of(), row(row));
        return new Transaction(at(position), position, NOON, List.of(entry));
    }

    @Test
    void nothingIsMadeTwice() throws IOException {
        made(archiver.archive());

        assertThat(made(archiver.archive())).isEmpty();
    }

    @Test
    void ofTwoTheOneThatBeganLastIsPublished() throws IOException {
        FoldedBase first = FoldedBase.begin(Archive.open(store), folder, CLOCK).orElseThrow();
        FoldedBase second = FoldedBase.begin(Archive.open(store), folder, CLOCK).orElseThrow();
        second.run(FoldedBase.Progress.NONE);

        assertThatThrownBy(() -> first.run(FoldedBase.Progress.NONE))
                .isInstanceOf(TidemarkException.class)
                .hasMessageStartingWith("another process began to make a base of the archive ");
        assertThat(Archive.open(store).state().foldedBases()).hasSize(1);
    }

    @Test
    void segmentsThatArePublishedMeanwhileComeAfterIt() throws IOException {
        FoldedBase base = FoldedBase.begin(Archive.open(store), folder, CLOCK).orElseThrow();
        archiver.archive().refresh();
        archiver.segment(List.of(insert(48, "4", "d")));

        base.run(FoldedBase.Progress.NONE);

        Archive archive = Archive.open(store);
        assertThat(archive.state().newest().orElseThrow().span().to()).isEqualTo(at(48));
        var plan = new Planner(archive, folder).plan(new Target(new Moment.Latest(), false));
        assertThat(plan.base().span().to()).isEqualTo(at(32));
        assertThat(plan.changes()).isEqualTo(1);
    }
}
