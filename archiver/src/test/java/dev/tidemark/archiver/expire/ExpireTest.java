package dev.tidemark.archiver.expire;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.fold.Untold;
import dev.tidemark.archive.fold.UntoldChanges;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.LostRaceException;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.archiver.base.FoldedBase;
import dev.tidemark.archiver.mark.Holds;
import dev.tidemark.archiver.mark.Marks;
import dev.tidemark.archiver.merge.MergeLimits;
import dev.tidemark.schemas.catalog.Look;
import dev.tidemark.schemas.catalog.SchemaChanges;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.json.CanonicalJson;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a policy lets go, and what it never does. */
class ExpireTest {
    private static final Duration KEEP = Duration.ofHours(6);
    private static final MergeLimits LIMITS =
            new MergeLimits(1 << 30, 1 << 20, KEEP, Duration.ofDays(7));
    private static final Table DEAL =
            table(1, "deal", List.of(1), List.of(column(1, "id"), column(2, "v")));

    @TempDir Path folder;

    private ObjectStore store;
    private WrittenArchive archiver;

    /** A base as of noon, and after each of ten hours a segment and a base. */
    @BeforeEach
    void writeAnArchive() throws IOException {
        store = new MemoryObjectStore();
        archiver = new WrittenArchive(Archive.create(store, Samples.IDENTITY), folder);
        archiver.base(at(1), NOON, catalog(DEAL), Map.of(1L, List.of(row("0", "a"))));
        for (int hour = 1; hour <= 10; hour++) {
            segment(hour);
            FoldedBase.begin(Archive.open(store), folder, clock(hours(hour)))
                    .orElseThrow()
                    .run(FoldedBase.Progress.NONE);
        }
        segment(11);
    }

    private static Instant hours(long after) {
        return NOON.plus(Duration.ofHours(after));
    }

    private static Clock clock(Instant now) {
        return Clock.fixed(now, ZoneOffset.UTC);
    }

    /** With one transaction, at ten times the hour. */
    private void segment(int hour) throws IOException {
        segment(
                hour,
                new Entry.Row(
                        1,
                        Operation.INSERT,
                        BeforeImage.NONE,
                        List.of(),
                        row(Integer.toString(hour), "v")));
    }

    private void segment(int hour, Entry entry) throws IOException {
        archiver.archive().refresh();
        archiver.segment(
                List.of(new Transaction(at(hour * 10L), hour, hours(hour), List.of(entry))));
    }

    /** One that tells that nothing had changed unseen up to an hour. */
    private void look(int hour, int at) throws IOException {
        Look look = new Look(at(1), at(at * 10L), hours(at), SchemaChanges.POLLING);
        String json = new String(CanonicalJson.write(look), UTF_8);
        segment(hour, new Entry.Message(Look.MESSAGE, json));
    }

    private static Retention history(int hours) {
        return new Retention(Optional.empty(), Map.of(), Optional.of(Duration.ofHours(hours)));
    }

    private Expire.Done expire(Retention policy, Instant now) throws IOException {
        return new Expire(Archive.open(store), clock(now), LIMITS).run(policy);
    }

    private List<Long> bases() throws IOException {
        return Archive.open(store).state().foldedBases().stream()
                .map(base -> base.span().to().value())
                .toList();
    }

    private List<Long> segments() throws IOException {
        return Archive.open(store).state().segments().stream()
                .map(segment -> segment.span().to().value())
                .toList();
    }

    private long reached(Moment moment) throws IOException {
        return new Planner(Archive.open(store), folder)
                .plan(new Target(moment, false))
                .cut()
                .position()
                .value();
    }

    @Test
    void whatIsOlderThanTheHistoryGoesButTheBaseThatItBeginsWith() throws IOException {
        Expire.Done done = expire(history(3), hours(11));

        assertThat(segments()).containsExactly(90L, 100L, 110L);
        assertThat(bases()).containsExactly(80L, 90L, 100L);
        assertThat(reached(new Moment.AtTime(hours(8)))).isEqualTo(80);
        assertThatThrownBy(() -> reached(new Moment.AtTime(hours(8).minusSeconds(1))))
                .hasMessage("2026-11-20T19:59:59Z is before the archive's first moment");
        assertThat(done.going())
                .extracting(ExpiryPlan.Going::what, ExpiryPlan.Going::count)
                .containsExactly(tuple("base", 8L), tuple("segment", 8L));
        assertThat(Archive.damage(store)).isEmpty();
    }

    @Test
    void aRestoreWindowKeepsItsBasesAndCyclesKeepSomeOfBefore() throws IOException {
        expire(
                new Retention(
                        Optional.of(Duration.ofHours(2)), Map.of(Cycle.DAILY, 1), Optional.empty()),
                hours(11));

        assertThat(bases()).containsExactly(90L, 100L);
        assertThat(segments()).hasSize(11);
        assertThat(reached(new Moment.AtTime(hours(3)))).isEqualTo(30);
    }

    @Test
    void aBaseOfADayIsKeptWithoutTheHistoryAroundIt() throws IOException {
        segment(14); // on the next day, as no base is
        expire(
                new Retention(
                        Optional.empty(), Map.of(Cycle.DAILY, 5), Optional.of(Duration.ofHours(1))),
                hours(14));

        assertThat(bases()).containsExactly(100L);
        assertThat(segments()).containsExactly(110L, 140L);
    }

    @Test
    void aMarkIsKeptAndWhatIsBetweenIsSaidToHaveExpired() throws IOException {
        mark("then", new Moment.AtTime(hours(3)));

        expire(history(2), hours(11));

        assertThat(bases()).containsExactly(30L, 90L, 100L);
        assertThat(reached(new Moment.AtMark("then"))).isEqualTo(30);
        assertThat(reached(new Moment.AtTime(hours(9)))).isEqualTo(90);
        assertThatThrownBy(() -> reached(new Moment.AtTime(hours(6))))
                .hasMessage(
                        "2026-11-20T18:00:00Z has expired: of what was between 2026-11-20T16:00:00Z and 2026-11-20T21:00:00Z the archive keeps nothing");
        new Marks(Archive.open(store), clock(hours(11))).remove("then");
        expire(history(2), hours(11));
        assertThat(bases()).containsExactly(90L, 100L);
    }

    @Test
    void whatTellsOfAMomentIsKeptWithIt() throws IOException {
        look(12, 10);
        mark("then", new Moment.AtTime(hours(11)));
        look(13, 11);
        for (int hour = 14; hour <= 16; hour++) {
            segment(hour);
        }
        FoldedBase.begin(Archive.open(store), folder, clock(hours(16)))
                .orElseThrow()
                .run(FoldedBase.Progress.NONE);
        segment(17);

        expire(history(1), hours(17));

        assertThat(segments()).containsExactly(110L, 120L, 130L, 170L);
        assertThat(untold(new Moment.AtMark("then")).isPending()).isFalse();
        assertThat(untold(new Moment.AtPosition(at(100))).isPending()).isFalse();
        assertThat(untold(new Moment.AtPosition(at(160))).isPending()).isTrue();
    }

    private Untold untold(Moment moment) throws IOException {
        Archive archive = Archive.open(store);
        return UntoldChanges.at(
                archive, new Planner(archive, folder).plan(new Target(moment, false)), folder);
    }

    private void mark(String name, Moment moment) throws IOException {
        new Marks(Archive.open(store), clock(hours(11)))
                .add(name, new Target(moment, false), "", folder);
    }

    @Test
    void aBaseThatWasArchivedByASlowClockIsNoOlderForThat() throws IOException {
        FoldedBase.begin(Archive.open(store), folder, clock(hours(-10_000)))
                .orElseThrow()
                .run(FoldedBase.Progress.NONE);
        segment(12);

        expire(history(3), hours(12));

        assertThat(segments()).containsExactly(100L, 110L, 120L);
    }

    @Test
    void aHoldOfATimeThatIsGoneIsRefused() throws IOException {
        mark("then", new Moment.AtTime(hours(3)));
        expire(history(2), hours(11));
        Holds holds = new Holds(Archive.open(store), clock(hours(11)));

        assertThatThrownBy(() -> holds.add("gone", hours(5), hours(6), ""))
                .hasMessage(
                        "the archive holds nothing of the time from 2026-11-20T17:00:00Z to 2026-11-20T18:00:00Z");
        assertThat(holds.heldFrom(holds.add("partly", hours(5), hours(10), ""))).contains(hours(9));
        assertThat(holds.heldFrom(holds.add("to come", hours(30), hours(40), "")))
                .contains(hours(30));
    }

    @Test
    void aHoldKeepsAllMomentsOfItsTimeUntilItIsReleased() throws IOException {
        new Holds(Archive.open(store), clock(hours(11))).add("case", hours(4), hours(6), "");

        expire(history(2), hours(11));

        for (int hour = 4; hour <= 6; hour++) {
            assertThat(reached(new Moment.AtTime(hours(hour)))).isEqualTo(hour * 10L);
        }
        new Holds(Archive.open(store), clock(hours(11))).release("case");
        expire(history(2), hours(11));
        assertThat(segments()).containsExactly(100L, 110L);
    }

    @Test
    void filesGoSomeHoursLaterAlsoByTheSameProcess() throws IOException {
        Archive archive = Archive.open(store);
        Manifest old = archive.state().segments().getFirst();
        new Expire(archive, clock(hours(11)), LIMITS).run(history(2));
        assertThat(isThere(old)).isTrue();

        Instant later = hours(11).plus(KEEP);
        assertThat(new Expire(archive, clock(later), LIMITS).run(history(2)).deleted()).isZero();
        Expire.Done done = new Expire(archive, clock(later.plusSeconds(1)), LIMITS).run(history(2));

        assertThat(done.deleted()).isPositive();
        assertThat(done.waiting()).isZero();
        assertThat(isThere(old)).isFalse();
        for (Manifest one : Archive.open(store).state().segments()) {
            assertThat(isThere(one)).isTrue();
        }
        assertThat(reached(new Moment.AtTime(hours(9)))).isEqualTo(90);
    }

    private boolean isThere(Manifest manifest) throws IOException {
        List<String> names = store.list("data/", "", 1000);
        return manifest.files().stream().map(FileRef::name).allMatch(names::contains);
    }

    @Test
    void aPlanChangesNothing() throws IOException {
        Archive archive = Archive.open(store);
        long before = archive.state().last();

        Expire.Done plan = new Expire(archive, clock(hours(11)), LIMITS).plan(history(2));

        assertThat(plan.isDone()).isFalse();
        assertThat(plan.bytes()).isPositive();
        assertThat(Archive.open(store).state().last()).isEqualTo(before);
        assertThat(expire(history(2), hours(11)).going()).isEqualTo(plan.going());
    }

    @Test
    void aPlanSaysWhatALockKeeps() throws IOException {
        Archive archive = Archive.open(store);
        Instant now = hours(11);
        Instant written = archive.state().bases().getFirst().written();
        Duration all = Duration.between(written, now).plusDays(1);

        assertThat(locked(archive, now, Duration.ofNanos(1))).isEmpty();
        Locked kept = locked(archive, now, all).orElseThrow();

        assertThat(kept.files()).isPositive();
        assertThat(kept.bytes())
                .isEqualTo(new Expire(archive, clock(now), LIMITS).plan(history(2)).bytes());
        assertThat(kept.until()).isAfterOrEqualTo(written.plus(all));
    }

    private static Optional<Locked> locked(Archive archive, Instant now, Duration lock)
            throws IOException {
        return new Expire(archive, clock(now), LIMITS, Optional.of(lock)).plan(history(2)).locked();
    }

    @Test
    void theNewestStaysHoweverOldItIs() throws IOException {
        expire(history(1), hours(100_000));

        assertThat(segments()).containsExactly(110L);
        assertThat(bases()).containsExactly(100L);
        assertThat(reached(new Moment.Latest())).isEqualTo(110);
    }

    @Test
    void aCopyOfATableThatIsUnderWayKeepsWhatItWillNeed() throws IOException {
        Archive other = Archive.open(store);
        begin(other, Manifest.Kind.TABLE_BASE_BEGUN, hours(11));
        segment(12);
        segment(13);
        FoldedBase.begin(Archive.open(store), folder, clock(hours(13)))
                .orElseThrow()
                .run(FoldedBase.Progress.NONE);
        segment(14);

        expire(history(1), hours(14));
        assertThat(segments()).containsExactly(110L, 120L, 130L, 140L);

        expire(history(1), hours(14).plus(Duration.ofDays(8)));
        assertThat(segments()).containsExactly(140L);
    }

    @Test
    void aCopyOfATableThatIsPublishedKeepsNothing() throws IOException {
        archiver.archive().refresh();
        archiver.tableBase(at(110), hours(11), Map.of(DEAL, List.of(row("11", "v"))), Set.of());
        segment(12);
        base(12);
        segment(13);
        base(13);
        segment(14);

        assertThat(expire(history(1), hours(14)).kept())
                .noneMatch(kept -> kept.why().equals("a table's base is being copied"));
        assertThat(segments()).containsExactly(140L);
        expire(history(1), hours(15)); // when the published base has expired, too
        assertThat(expire(history(1), hours(15)).kept())
                .noneMatch(kept -> kept.why().equals("a table's base is being copied"));
    }

    @Test
    void aCopyOfATableThatWasGivenUpForSomethingElseKeepsNothing() throws IOException {
        Archive other = Archive.open(store);
        begin(other, Manifest.Kind.TABLE_BASE_BEGUN, hours(11));
        begin(other, Manifest.Kind.FOLDED_BASE_BEGUN, hours(11));

        assertThat(expire(history(1), hours(11)).kept())
                .noneMatch(kept -> kept.why().equals("a table's base is being copied"));
    }

    private void base(int hour) throws IOException {
        FoldedBase.begin(Archive.open(store), folder, clock(hours(hour)))
                .orElseThrow()
                .run(FoldedBase.Progress.NONE);
    }

    private static void begin(Archive archive, Manifest.Kind kind, Instant written)
            throws IOException {
        Manifest newest = archive.state().newest().orElseThrow();
        try {
            archive.commit(
                    new Manifest(
                            1,
                            0,
                            "",
                            kind,
                            "",
                            written,
                            1,
                            newest.log(),
                            newest.span(),
                            newest.catalog(),
                            List.of()));
        } catch (LostRaceException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theArchiverGoesOnAndTheArchiveOpensTheSameFromACheckpoint() throws IOException {
        expire(history(2), hours(11));
        for (int n = 0; n < 1_000; n++) {
            segment(12 + n);
        }

        assertThat(store.list("checkpoints/", "", 10)).isNotEmpty();
        assertThat(Archive.damage(store)).isEmpty();
        assertThat(reached(new Moment.AtTime(hours(10)))).isEqualTo(100);
        assertThat(reached(new Moment.Latest())).isEqualTo(10_110);
    }

    @Test
    void aPolicyThatKeepsNothingIsNone() {
        assertThatThrownBy(
                        () ->
                                new Retention(
                                        Optional.of(Duration.ofHours(2)),
                                        Map.of(),
                                        Optional.of(Duration.ofHours(1))))
                .hasMessage("a restore window longer than the history");
        assertThatThrownBy(
                        () ->
                                new Retention(
                                        Optional.empty(), Map.of(Cycle.DAILY, 0), Optional.empty()))
                .hasMessage("a policy that keeps nothing");
    }
}
