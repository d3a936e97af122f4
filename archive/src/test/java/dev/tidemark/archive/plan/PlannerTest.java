package dev.tidemark.archive.plan;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.parquet.TransactionRecord;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlannerTest {
    private static final String WINDOW =
            "The archive reaches from 2026-11-20T12:00:00Z (0/64) to 2026-11-20T12:00:05Z (0/104).";

    @TempDir Path folder;

    private WrittenArchive written;

    @BeforeEach
    void startAnArchive() throws IOException {
        written = start();
    }

    private WrittenArchive start() throws IOException {
        return new WrittenArchive(
                Archive.create(new MemoryObjectStore(), Samples.IDENTITY), folder);
    }

    private static Instant second(int second) {
        return NOON.plusSeconds(second);
    }

    private static Moment time(int second) {
        return new Moment.AtTime(second(second));
    }

    private static Moment position(long position) {
        return new Moment.AtPosition(at(position));
    }

    private RestorePlan to(Moment moment) throws IOException {
        return new Planner(written.archive(), folder).plan(new Target(moment, false));
    }

    private RestorePlan before(Moment moment) throws IOException {
        return new Planner(written.archive(), folder).plan(new Target(moment, true));
    }

    /** Base at 100; 110 (12:00:01), 120 (:03), 130 (:02), 140 (:03) | 250 (:05), 260 (:04). */
    private void writeSample() throws IOException {
        written.base(100, NOON);
        written.segment(
                List.of(
                        Transaction.empty(110, second(1)),
                        Transaction.empty(120, second(3)),
                        Transaction.empty(130, second(2)),
                        Transaction.empty(140, second(3))));
        written.segment(
                List.of(Transaction.empty(250, second(5)), Transaction.empty(260, second(4))));
    }

    @Test
    void aTimeStopsBeforeTheFirstLaterCommit() throws Exception {
        writeSample();

        RestorePlan plan = to(time(2));

        assertThat(plan.cut().position()).isEqualTo(at(110));
        assertThat(plan.cut().transactions()).isEqualTo(1);
        assertThat(plan.cut().last().map(TransactionRecord::position)).contains(at(110));
        assertThat(plan.cut().next().map(TransactionRecord::position)).contains(at(120));
        assertThat(plan.segments()).hasSize(1);
        assertThat(plan.following()).isNotEmpty();
    }

    @Test
    void aTimeThatIsExactlyACommitTimeIncludesItAndBeforeDoesNot() throws Exception {
        writeSample();

        assertThat(to(time(1)).cut().position()).isEqualTo(at(110));
        assertThat(before(time(1)).cut().position()).isEqualTo(at(100));
        assertThat(to(time(3)).cut().position()).isEqualTo(at(140));
        assertThat(before(time(3)).cut().position()).isEqualTo(at(110));
        assertThat(to(time(4)).cut().position()).isEqualTo(at(140));
        assertThat(before(time(5)).cut().position()).isEqualTo(at(140));
    }

    @Test
    void aCutAtASegmentsEndNamesTheTransactionThatFollows() throws Exception {
        writeSample();

        RestorePlan plan = to(time(4));

        assertThat(plan.segments()).hasSize(1);
        assertThat(plan.cut().transactions()).isEqualTo(4);
        assertThat(plan.cut().last().map(TransactionRecord::position)).contains(at(140));
        assertThat(plan.cut().next().map(TransactionRecord::position)).contains(at(250));
    }

    @Test
    void aPositionIncludesWhatEndsThereAndBeforeDoesNot() throws Exception {
        writeSample();

        assertThat(to(position(120)).cut().position()).isEqualTo(at(120));
        assertThat(before(position(120)).cut().position()).isEqualTo(at(110));
        assertThat(to(position(125)).cut().position()).isEqualTo(at(120));
        assertThat(before(position(125)).cut().position()).isEqualTo(at(120));
        assertThat(to(position(140)).cut().position()).isEqualTo(at(140));
        assertThat(before(position(140)).cut().position()).isEqualTo(at(130));
        assertThat(to(position(200)).cut().position()).isEqualTo(at(140));
        assertThat(to(position(260)).cut().position()).isEqualTo(at(260));
        assertThat(before(position(260)).cut().position()).isEqualTo(at(250));
    }

    @Test
    void theBasesPositionIsTheBase() throws Exception {
        writeSample();

        RestorePlan plan = to(position(100));

        assertThat(plan.segments()).isEmpty();
        assertThat(plan.cut().last()).isEmpty();
        assertThat(plan.cut().next().map(TransactionRecord::position)).contains(at(110));
    }

    @Test
    void aTransactionIsIncludedAndBeforeItIsNot() throws Exception {
        writeSample();

        assertThat(to(new Moment.AtTransaction(130)).cut().position()).isEqualTo(at(130));
        assertThat(before(new Moment.AtTransaction(130)).cut().position()).isEqualTo(at(120));
        assertThat(before(new Moment.AtTransaction(110)).cut().position()).isEqualTo(at(100));
        assertThat(before(new Moment.AtTransaction(250)).cut().position()).isEqualTo(at(140));
    }

    @Test
    void anIdThatNamesTwoTransactionsIsRefused() throws Exception {
        written.base(100, NOON);
        written.segment(
                List.of(
                        new Transaction(at(110), 7, second(1), List.of()),
                        new Transaction(at(120), 8, second(2), List.of())));
        written.segment(List.of(new Transaction(at(130), 7, second(3), List.of())));

        for (boolean before : new boolean[] {false, true}) {
            assertRefused(
                    () ->
                            new Planner(written.archive(), folder)
                                    .plan(new Target(new Moment.AtTransaction(7), before)),
                    "xid:7 names 2 transactions, since the source's ids wrapped or began anew",
                    "Name it by its position: [0/6E, 0/82].");
        }
    }

    @Test
    void latestIsAllThatIsArchived() throws Exception {
        writeSample();

        RestorePlan plan = to(new Moment.Latest());

        assertThat(plan.cut().position()).isEqualTo(at(260));
        assertThat(plan.cut().next()).isEmpty();
        assertThat(plan.segments()).hasSize(2);
        assertThat(plan.following()).isEmpty();
    }

    @Test
    void latestOfABaseAloneIsTheBase() throws Exception {
        written.base(100, NOON);

        assertThat(to(new Moment.Latest()).cut())
                .isEqualTo(new Cut(at(100), 0, Optional.empty(), Optional.empty()));
        assertThat(to(position(100)).cut().position()).isEqualTo(at(100));
    }

    @Test
    void beforeLatestIsWrongUsage() throws Exception {
        writeSample();

        assertThatThrownBy(() -> before(new Moment.Latest()))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        error -> {
                            assertThat(error)
                                    .hasMessage("there is nothing to stop before with 'latest'");
                            assertThat(error.hint()).isEqualTo("Use --to latest.");
                            assertThat(error.kind()).isEqualTo(TidemarkException.Kind.USAGE);
                        });
    }

    @Test
    void aMomentBeforeTheWindowIsRefused() throws Exception {
        writeSample();

        String hint = WINDOW + " Choose a moment in it.";
        assertRefused(
                () -> to(time(-1)),
                "2026-11-20T11:59:59Z is before the archive's first moment",
                hint);
        assertRefused(
                () -> before(time(0)),
                "2026-11-20T12:00:00Z is not after the archive's first moment, so that nothing before it is known",
                hint);
        assertRefused(() -> to(position(99)), "0/63 is before the archive's first position", hint);
        assertRefused(
                () -> before(position(100)),
                "0/64 is not after the archive's first position, so that nothing before it is known",
                hint);
        assertRefused(
                () -> to(new Moment.AtTransaction(99)),
                "xid:99 is in no archived transaction",
                hint);
    }

    @Test
    void aMomentAfterTheWindowIsRefused() throws Exception {
        writeSample();

        String hint = WINDOW + " Wait until the archiver is past it, or use --to latest.";
        assertRefused(() -> to(time(5)), "2026-11-20T12:00:05Z is not archived yet", hint);
        assertRefused(() -> before(time(6)), "2026-11-20T12:00:06Z is not archived yet", hint);
        assertRefused(() -> to(position(261)), "0/105 is not archived yet", hint);
        assertRefused(() -> before(position(261)), "0/105 is not archived yet", hint);
    }

    @Test
    void anArchiveWithoutABaseIsRefused() {
        assertRefused(
                () -> to(new Moment.Latest()),
                "the archive memory: holds no base yet",
                "Wait until 'tidemark init' has finished, or run it again.");
    }

    @Test
    void aHoleBetweenSegmentsEndsTheWindow() throws Exception {
        writeSample();
        written.segment(at(270), List.of(Transaction.empty(280, second(9))));

        assertThat(to(new Moment.Latest()).cut().position()).isEqualTo(at(260));
        assertRefused(
                () -> to(position(280)),
                "0/118 is not archived yet",
                WINDOW + " Wait until the archiver is past it, or use --to latest.");
    }

    @Test
    void theCutIsThatOfANaiveModelForEveryMoment() throws Exception {
        for (int seed = 0; seed < 12; seed++) {
            Random random = new Random(seed);
            written = start();
            List<Transaction> history = randomHistory(random);
            for (int second = -2; second < 42; second++) {
                for (boolean before : new boolean[] {false, true}) {
                    checkCut(seed, new Target(time(second), before), history);
                    checkCut(seed, new Target(position(95 + 2L * second), before), history);
                }
            }
        }
    }

    private List<Transaction> randomHistory(Random random) throws IOException {
        written.base(100, second(5));
        List<Transaction> history = new ArrayList<>();
        history.add(Transaction.empty(100, second(5)));
        long position = 100;
        for (int segment = 0; segment < 4; segment++) {
            List<Transaction> part = new ArrayList<>();
            for (int n = random.nextInt(5); n >= 0; n--) {
                position += 1 + random.nextInt(5);
                part.add(Transaction.empty(position, second(random.nextInt(40))));
            }
            written.segment(part);
            history.addAll(part);
        }
        return history;
    }

    private void checkCut(int seed, Target target, List<Transaction> history) {
        Optional<Position> expected = naive(target, history);
        Optional<Position> planned;
        try {
            planned =
                    Optional.of(
                            new Planner(written.archive(), folder).plan(target).cut().position());
        } catch (TidemarkException e) {
            planned = Optional.empty();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertThat(planned).describedAs("failed at seed %d: %s", seed, target).isEqualTo(expected);
    }

    /**
     * Walks over the history, whose first transaction is the base; empty when the cut is not known:
     * before the base, or after the end without a later commit that proves it.
     */
    private static Optional<Position> naive(Target target, List<Transaction> history) {
        Position cut = Position.ZERO;
        for (int i = 0; i < history.size(); i++) {
            if (isOut(target, history.get(i))) {
                return i == 0 ? Optional.empty() : Optional.of(cut);
            }
            cut = history.get(i).position();
        }
        boolean isEnd =
                target.moment() instanceof Moment.AtPosition at
                        && !target.before()
                        && at.position().equals(cut);
        return isEnd ? Optional.of(cut) : Optional.empty();
    }

    private static boolean isOut(Target target, Transaction transaction) {
        int compared =
                switch (target.moment()) {
                    case Moment.AtTime moment -> transaction.commit().compareTo(moment.time());
                    case Moment.AtPosition moment ->
                            transaction.position().compareTo(moment.position());
                    default -> throw new IllegalArgumentException(target.toString());
                };
        return target.before() ? compared >= 0 : compared > 0;
    }

    private static void assertRefused(ThrowingCallable call, String message, String hint) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        error -> {
                            assertThat(error).hasMessage(message);
                            assertThat(error.hint()).isEqualTo(hint);
                            assertThat(error.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
                        });
    }

    /** The sample, a gap from 260 (:04), a base at 300 (:20), then 310 (:21) and 320 (:25). */
    private void writeSampleWithAGap(long base) throws IOException {
        writeSample();
        written.baseAfterGap(
                at(base), second(20), Samples.catalog(), Map.of(), "the slot was lost");
        written.segment(
                List.of(
                        Transaction.empty(base + 10, second(21)),
                        Transaction.empty(base + 20, second(25))));
    }

    @Test
    void momentsOnBothSidesOfAGapAreReached() throws Exception {
        writeSampleWithAGap(300);

        assertThat(to(time(4)).cut().position()).isEqualTo(at(140));
        assertThat(to(position(260)).cut().position()).isEqualTo(at(260));
        assertThat(to(position(300)).cut().position()).isEqualTo(at(300));
        assertThat(to(time(20)).cut().position()).isEqualTo(at(300));
        assertThat(to(time(24)).cut().position()).isEqualTo(at(310));
        assertThat(to(new Moment.Latest()).cut().position()).isEqualTo(at(320));
        assertThat(to(new Moment.Latest()).segments()).hasSize(1);
        assertThat(to(new Moment.AtTransaction(120)).cut().position()).isEqualTo(at(120));
        assertThat(to(new Moment.AtTransaction(310)).cut().position()).isEqualTo(at(310));
    }

    @Test
    void aMomentInAGapIsRefusedWithTheNearestOnes() throws Exception {
        writeSampleWithAGap(300);

        for (Moment moment : List.of(time(5), time(19), position(261), position(299))) {
            assertThatThrownBy(() -> to(moment))
                    .isInstanceOfSatisfying(
                            TidemarkException.class,
                            error -> {
                                assertThat(error.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
                                assertThat(error)
                                        .hasMessage(
                                                moment
                                                        + " is in a gap: what was committed after 0/104"
                                                        + " (2026-11-20T12:00:04Z) and is not in the base of 0/12C"
                                                        + " (2026-11-20T12:00:20Z) is lost: the slot was lost");
                                assertThat(error.hint())
                                        .isEqualTo(
                                                "The nearest moments are --to 0/104 before it and --to 0/12C"
                                                        + " after it.");
                            });
        }
        assertThatThrownBy(() -> before(position(300))).hasMessageContaining("is in a gap");
        assertThatThrownBy(() -> to(time(25)))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        error ->
                                assertThat(error.hint())
                                        .isEqualTo(
                                                "The archive reaches from 2026-11-20T12:00:00Z (0/64) to"
                                                        + " 2026-11-20T12:00:05Z (0/104), then, after a gap, from"
                                                        + " 2026-11-20T12:00:20Z (0/12C) to 2026-11-20T12:00:25Z"
                                                        + " (0/140). Wait until the archiver is past it, or use --to"
                                                        + " latest."));
    }

    @Test
    void aPositionThatTwoHistoriesHaveIsRefused() throws Exception {
        writeSampleWithAGap(200); // a server that was behind took over

        assertThat(to(position(140)).base().number()).isZero();
        assertThat(to(position(260)).base().number()).isZero();
        assertThat(to(time(4)).cut().position()).isEqualTo(at(140));
        assertThat(to(time(21)).cut().position()).isEqualTo(at(210));
        assertThatThrownBy(() -> to(position(210)))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        error -> {
                            assertThat(error)
                                    .hasMessage(
                                            "0/D2 is in 2 histories of the source: from 2026-11-20T12:00:00Z (0/64) to"
                                                    + " 2026-11-20T12:00:05Z (0/104); from 2026-11-20T12:00:20Z (0/C8)"
                                                    + " to 2026-11-20T12:00:25Z (0/DC)");
                            assertThat(error.hint()).isEqualTo("Name the moment by its time.");
                        });
        assertThatThrownBy(() -> to(position(270))).hasMessageContaining("is not archived yet");
    }
}
