package dev.tidemark.archiver.simulation;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.LostRaceException;
import dev.tidemark.archive.store.FaultyObjectStore.Fault;
import dev.tidemark.archiver.segment.SegmentLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A random time at a site: transactions, captures and archivers that crash and repeat themselves,
 * failing operations; then a time in which nothing fails, after which all must be archived. The
 * same seed does the same again.
 */
final class RandomRun {
    private static final int ACTIONS_MAX = 400;
    private static final int TRANSACTIONS_MAX = 60;
    private static final int BURST_MAX = 40; // operations of one archiver in a row
    private static final int ARCHIVERS_MAX = 3; // at a time; all but one are late
    private static final int STOP_STEPS_MAX = 1_000; // it publishes one segment at most
    private static final List<Fault> FAULTS = List.of(Fault.values());
    private static final int MANY_READS = 30; // of which one failing is enough
    private static final int CHECKPOINT = 99; // the manifest after which the first is written
    private static final Duration NEVER = Duration.ofDays(1);

    private final Site site;
    private final Random random;
    private final Tally tally;
    private final ArchiveCheck check;
    private final int faultOneIn; // operations; 0 for none
    private final boolean losesRecords;
    private final List<ArchiverProcess> alive = new ArrayList<>();
    private final List<BesideProcess> beside = new ArrayList<>(); // make bases, merge, or let go
    private int started;
    private boolean isCalm;

    RandomRun(long seed, Path folder, Tally tally) throws IOException {
        this.random = new Random(seed);
        this.tally = tally;
        this.site = new Site(random, folder, Samples.keys(seed % 4 == 0 ? 1 : 0));
        this.check = new ArchiveCheck(site);
        this.faultOneIn = List.of(0, 300, 60, 20).get(random.nextInt(4));
        this.losesRecords = random.nextInt(6) == 0;
    }

    Site site() {
        return site;
    }

    void run() throws IOException, LostRaceException {
        if (random.nextInt(20) == 0) {
            site.lengthenTo(CHECKPOINT - 1 - random.nextInt(5));
        }
        try {
            for (int actions = random.nextInt(ACTIONS_MAX); actions > 0; actions--) {
                act();
            }
            finish();
        } finally {
            for (ArchiverProcess one : List.copyOf(alive)) {
                kill(one); // no thread is left, also when a check failed
            }
            for (BesideProcess maker : beside) {
                maker.kill();
            }
        }
    }

    private void act() throws IOException {
        switch (random.nextInt(52)) {
            case 0, 1, 2, 3, 4, 5 -> commit();
            case 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 -> site.captures.write();
            case 17 -> replaceCapture();
            case 18, 19, 20 -> site.captures.writeLate();
            case 21 -> site.captures.repeat();
            case 22, 23, 31 -> rebalance();
            case 24 -> stopAny();
            case 25 -> killAny();
            case 26 -> deleteArchived();
            case 27 -> loseRecord();
            case 28 -> look();
            case 29, 30 -> site.arrive();
            case 32, 33, 34, 35 -> workBeside();
            default -> work();
        }
    }

    private void commit() {
        if (site.source.committed().size() < TRANSACTIONS_MAX) {
            site.source.commit();
        }
    }

    /** Now and then one is killed, or stands still while another begins. */
    private void workBeside() throws IOException {
        if (beside.isEmpty() || random.nextInt(8) == 0) {
            beside.add(startBeside());
        }
        BesideProcess one = beside.get(random.nextInt(beside.size()));
        if (random.nextInt(30) == 0) {
            one.kill();
        } else {
            one.steps(1 + random.nextInt(BURST_MAX));
        }
        removeEnded();
    }

    private BesideProcess startBeside() throws IOException {
        if (random.nextInt(3) == 0) {
            BesideProcess base = BesideProcess.ofBase(site, started++, new RandomFates());
            site.note(base.name() + " makes a base");
            return base;
        }
        if (random.nextInt(3) == 0) {
            BesideProcess expire = BesideProcess.ofExpire(site, started++, new RandomFates());
            site.note(expire.name() + " lets bases go");
            return expire;
        }
        int few = 2 + random.nextInt(TRANSACTIONS_MAX);
        BesideProcess merge = BesideProcess.ofMerge(site, started++, new RandomFates(), few);
        site.note("%s merges up to %d transactions".formatted(merge.name(), few));
        return merge;
    }

    private void removeEnded() {
        for (BesideProcess one : beside) {
            if (one.hasEnded()) {
                tally.operations += one.steps();
                tally.beside += one.hasPublished() ? 1 : 0;
            }
        }
        beside.removeIf(BesideProcess::hasEnded);
    }

    private void replaceCapture() {
        site.captures.replace();
        site.note("a capture opens a session at record " + (site.topic.end() - 1));
        tally.captures++;
    }

    private void rebalance() {
        if (random.nextInt(4) > 0) {
            forgetDead();
        }
        List<LogMember> members = site.topic.members();
        if (!members.isEmpty()) {
            site.topic.giveTo(Optional.of(members.get(random.nextInt(members.size()))));
            site.note("the group has another owner");
            tally.rebalances++;
        }
    }

    /** Nobody heard of them for long enough. */
    private void forgetDead() {
        List<LogMember> living = alive.stream().map(ArchiverProcess::member).toList();
        for (LogMember member : site.topic.members()) {
            if (!living.contains(member)) {
                site.topic.leave(member);
            }
        }
    }

    private void stopAny() {
        boolean isNow = random.nextBoolean();
        anyAlive()
                .ifPresent(
                        one -> {
                            if (isNow) {
                                one.interrupt();
                            } else {
                                one.member()
                                        .stop(); // it comes while the archiver waits for records
                            }
                        });
    }

    private void killAny() throws IOException {
        Optional<ArchiverProcess> one = anyAlive();
        if (one.isPresent()) {
            kill(one.get());
            tally.kills++;
        }
    }

    private void kill(ArchiverProcess one) throws IOException {
        one.kill();
        remove(one);
    }

    private void deleteArchived() throws IOException {
        long archived = archived().state().newest().orElseThrow().log().offset();
        site.topic.deleteBefore(archived - 1 - random.nextInt(3)); // a capture needs the last one
        site.note("records before %d are deleted".formatted(site.topic.first()));
    }

    private void loseRecord() throws IOException {
        long archived = archived().state().newest().orElseThrow().log().offset();
        long there = site.topic.end() - archived;
        if (losesRecords && !site.topic.hasLost() && there > 0) {
            long lost = archived + random.nextInt(Math.toIntExact(there));
            site.topic.lose(lost);
            site.note("record %d is lost".formatted(lost));
            tally.losses++;
        }
    }

    private Archive archived() throws IOException {
        return Archive.open(site.store, site.keys);
    }

    private void look() throws IOException {
        Archive archive = check.check();
        if (random.nextInt(3) == 0) {
            new RestoreCheck(site, archive, check.transactions()).anyPosition();
        }
    }

    private Optional<ArchiverProcess> anyAlive() {
        return alive.isEmpty()
                ? Optional.empty()
                : Optional.of(alive.get(random.nextInt(alive.size())));
    }

    private void work() throws IOException {
        if (alive.isEmpty() || (alive.size() < ARCHIVERS_MAX && random.nextInt(4) == 0)) {
            start(anyLimits());
        }
        steps(anyAlive().orElseThrow(), 1 + random.nextInt(BURST_MAX));
    }

    private ArchiverProcess start(SegmentLimits limits) throws IOException {
        ArchiverProcess one = new ArchiverProcess(site, started++, limits, new RandomFates());
        site.note(one.name() + " starts with " + limits);
        alive.add(one);
        if (site.topic.isFree()) {
            site.topic.giveTo(Optional.of(one.member()));
        }
        return one;
    }

    private SegmentLimits anyLimits() {
        Duration age = random.nextBoolean() ? Duration.ZERO : NEVER;
        long bytes = List.of(1L, 2_000L, 20_000L).get(random.nextInt(3));
        long memory = List.of(250L, 2_000L, 1_000_000L).get(random.nextInt(3));
        return new SegmentLimits(age, age, bytes, memory);
    }

    /** Lets it go on for so many steps, or to its end. */
    private void steps(ArchiverProcess one, int stepsMax) throws IOException {
        for (int i = 0; i < stepsMax && !one.hasEnded(); i++) {
            one.steps(1);
            if (one.isPublishing() && !isCalm && random.nextInt(4) == 0) {
                overtake(one);
                return;
            }
        }
        if (one.hasEnded()) {
            remove(one);
            if (site.topic.isFree()) {
                rebalance();
            }
        }
    }

    /** It stands still in the worst moment, and another one goes on from where the archive is. */
    private void overtake(ArchiverProcess late) throws IOException {
        ArchiverProcess other =
                alive.stream()
                        .filter(one -> one != late && !one.isPublishing())
                        .findFirst()
                        .orElse(late);
        if (other == late) {
            other = start(anyLimits());
        }
        site.note(other.name() + " overtakes " + late.name());
        site.topic.giveTo(Optional.of(other.member()));
        steps(other, random.nextInt(2 * BURST_MAX));
    }

    private void remove(ArchiverProcess one) {
        if (alive.remove(one)) {
            tally.operations += one.steps();
            tally.lostRaces += one.lostRaces();
        }
    }

    private void finish() throws IOException {
        site.note("nothing fails from here on");
        isCalm = true;
        for (ArchiverProcess one : List.copyOf(alive)) {
            endLate(one);
        }
        for (BesideProcess maker : beside) {
            maker.steps(random.nextInt(2 * BURST_MAX));
            maker.kill();
        }
        removeEnded();
        boolean isWhole = new QuietTime(site, check, started++).run();
        tally.holes += isWhole ? 0 : 1;
        tally.runs++;
        tally.transactions += check.transactions();
        tally.manifests += check.manifests();
    }

    /** One that has the log no more, and does not know it yet. */
    private void endLate(ArchiverProcess one) throws IOException {
        steps(one, random.nextInt(BURST_MAX));
        if (random.nextBoolean() || one.hasEnded()) {
            one.member().stop();
            steps(one, STOP_STEPS_MAX);
        } else {
            kill(one);
        }
    }

    private final class RandomFates implements Fates {
        @Override
        public Optional<Fault> ofStoreCall() {
            return next(faultOneIn);
        }

        /** Any of them may come first, and they are all alike. */
        @Override
        public Optional<Fault> ofParallelRead() {
            synchronized (site) {
                return next(faultOneIn * MANY_READS);
            }
        }

        @Override
        public Optional<Fault> ofLogCall() {
            return next(faultOneIn);
        }

        @Override
        public boolean isLate() {
            return next(faultOneIn).isPresent();
        }

        private Optional<Fault> next(int oneIn) {
            if (isCalm || oneIn == 0 || random.nextInt(oneIn) > 0) {
                return Optional.empty();
            }
            tally.faults++;
            return Optional.of(FAULTS.get(random.nextInt(FAULTS.size())));
        }
    }
}
