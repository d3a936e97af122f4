package dev.tidemark.archiver.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.store.FaultyObjectStore.Fault;
import dev.tidemark.archiver.segment.SegmentLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One small history, again and again: the nth operation of its archiver fails, is its last, or lets
 * another archiver pass, for every n.
 */
@ExtendWith(InTurns.class)
class EachOperationFailsTest {
    /** Its log has repeated and broken-off transactions, some with a new catalog. */
    private static final long SEED = 5;

    private static final int TRANSACTIONS = 8;
    private static final int STEPS_MAX = 2_000;
    private static final SegmentLimits LIMITS =
            new SegmentLimits(Duration.ZERO, Duration.ZERO, 1_000, 250);

    @TempDir private Path folder;

    /** The nth call of one kind fails. */
    private static final class Nth implements Fates {
        private final int store;
        private final int log;
        private final int write;
        private final Fault fault;
        private int storeCalls;
        private int logCalls;
        private int writes;

        private Nth(int store, int log, int write, Fault fault) {
            this.store = store;
            this.log = log;
            this.write = write;
            this.fault = fault;
        }

        static Nth storeCall(int n, Fault fault) {
            return new Nth(n, 0, 0, fault);
        }

        static Nth logCall(int n, Fault fault) {
            return new Nth(0, n, 0, fault);
        }

        static Nth lateWrite(int n) {
            return new Nth(0, 0, n, Fault.BEFORE);
        }

        @Override
        public synchronized Optional<Fault> ofStoreCall() {
            return ++storeCalls == store ? Optional.of(fault) : Optional.empty();
        }

        @Override
        public Optional<Fault> ofParallelRead() {
            return ofStoreCall();
        }

        @Override
        public boolean isLate() {
            return ++writes == write;
        }

        @Override
        public synchronized Optional<Fault> ofLogCall() {
            return ++logCalls == log ? Optional.of(fault) : Optional.empty();
        }

        boolean wasReached() {
            return storeCalls >= store && logCalls >= log && writes >= write;
        }
    }

    private Site site() throws IOException {
        Random random = new Random(SEED);
        Site site = new Site(random, Files.createTempDirectory(folder, "run"), KeyChain.EMPTY);
        for (int n = 0; n < TRANSACTIONS; n++) {
            site.source.commit();
            for (int frames = random.nextInt(6); frames > 0; frames--) {
                site.captures.write();
            }
            switch (random.nextInt(4)) {
                case 0 -> site.captures.repeat();
                case 1 -> site.captures.replace();
                case 2 -> site.captures.writeLate();
                default -> {}
            }
        }
        while (site.captures.write()) {}
        return site;
    }

    private static ArchiverProcess archiver(Site site, int number, Fates fates) throws IOException {
        return new ArchiverProcess(site, number, LIMITS, fates);
    }

    @Test
    void theHistoryHasWhatMatters() throws IOException {
        Site site = site();
        ArchiverProcess one = archiver(site, 1, Fates.CALM);
        site.topic.giveTo(Optional.of(one.member()));
        archiveAll(site, one);
        one.kill();

        assertThat(one.member().seeks()).describedAs("reads of the log").isGreaterThan(1);
        assertThat(Archive.open(site.store).state().segments())
                .hasSizeGreaterThan(3)
                .anyMatch(segment -> segment.file(FileRef.Kind.CATALOG).isPresent());
    }

    @ParameterizedTest
    @EnumSource
    void theStoreFails(Fault fault) throws IOException {
        int n = 1;
        while (runWith(Nth.storeCall(n, fault))) {
            n++;
        }
        assertThat(n).isGreaterThan(20);
    }

    @ParameterizedTest
    @EnumSource
    void theLogFails(Fault fault) throws IOException {
        int n = 1;
        while (runWith(Nth.logCall(n, fault))) {
            n++;
        }
        assertThat(n).isGreaterThan(10);
    }

    /** Did it fail? */
    private boolean runWith(Nth fates) throws IOException {
        Site site = site();
        ArchiveCheck check = new ArchiveCheck(site);
        ArchiverProcess one = archiver(site, 1, fates);
        site.topic.giveTo(Optional.of(one.member()));
        archiveAll(site, one);
        one.member().stop();
        one.steps(STEPS_MAX);
        assertThat(new QuietTime(site, check, 2).run()).isTrue();
        return fates.wasReached();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 40})
    void aWriteArrivesLate(int stepsOfTheNext) throws IOException {
        boolean wasLate = true;
        for (int n = 1; wasLate; n++) {
            Nth fates = Nth.lateWrite(n);
            Site site = site();
            ArchiveCheck check = new ArchiveCheck(site);
            ArchiverProcess one = archiver(site, 1, fates);
            site.topic.giveTo(Optional.of(one.member()));
            archiveAll(site, one);
            one.kill();
            ArchiverProcess next = archiver(site, 2, Fates.CALM);
            site.topic.giveTo(Optional.of(next.member()));
            next.steps(stepsOfTheNext);
            site.arrive();
            check.check();
            next.steps(stepsOfTheNext);
            next.kill();
            assertThat(new QuietTime(site, check, 3).run()).isTrue();
            wasLate = fates.wasReached();
        }
    }

    /** Up to the end of what happened, or its own. */
    private static void archiveAll(Site site, ArchiverProcess one) throws IOException {
        ArchiveCheck check = new ArchiveCheck(site);
        for (int steps = 0; steps < STEPS_MAX && !one.hasEnded() && !check.isWhole(); steps += 10) {
            one.steps(10);
            check.check();
        }
    }

    @Test
    void anArchiverIsKilledBeforeEachOperation() throws IOException {
        boolean wasKilled = true;
        for (int n = 0; wasKilled; n++) {
            Site site = site();
            ArchiveCheck check = new ArchiveCheck(site);
            ArchiverProcess one = archiver(site, 1, Fates.CALM);
            site.topic.giveTo(Optional.of(one.member()));
            one.steps(n);
            check.check();
            wasKilled = !check.isWhole();
            one.kill();
            assertThat(new QuietTime(site, check, 2).run()).isTrue();
        }
    }

    @Test
    void anArchiverIsInterruptedBeforeEachOperation() throws IOException {
        boolean wasInterrupted = true;
        for (int n = 0; wasInterrupted; n++) {
            Site site = site();
            ArchiveCheck check = new ArchiveCheck(site);
            ArchiverProcess one = archiver(site, 1, Fates.CALM);
            site.topic.giveTo(Optional.of(one.member()));
            one.steps(n);
            check.check();
            wasInterrupted = !check.isWhole();
            one.interrupt();
            one.steps(STEPS_MAX);
            assertThat(one.hasEnded()).isTrue();
            assertThat(new QuietTime(site, check, 2).run()).isTrue();
        }
    }

    @Test
    void anArchiverIsOvertakenBeforeEachOperation() throws IOException {
        boolean wasOvertaken = true;
        for (int n = 0; wasOvertaken; n++) {
            Site site = site();
            ArchiveCheck check = new ArchiveCheck(site);
            ArchiverProcess late = archiver(site, 1, Fates.CALM);
            ArchiverProcess other = archiver(site, 2, Fates.CALM);
            site.topic.giveTo(Optional.of(late.member()));
            late.steps(n);
            check.check();
            wasOvertaken = !check.isWhole();
            site.topic.giveTo(Optional.of(other.member()));
            other.steps(1 + n % 100); // sometimes part of the way, sometimes all
            late.steps(STEPS_MAX / 10);
            site.topic.giveTo(Optional.of(late.member()));
            late.steps(1 + n % 30);
            site.topic.giveTo(Optional.of(other.member()));
            archiveAll(site, other);
            late.member().stop();
            late.steps(STEPS_MAX);
            other.member().stop();
            other.steps(STEPS_MAX);
            assertThat(late.failure()).isEmpty();
            assertThat(other.failure()).isEmpty();
            assertThat(new QuietTime(site, check, 3).run()).isTrue();
        }
    }
}
