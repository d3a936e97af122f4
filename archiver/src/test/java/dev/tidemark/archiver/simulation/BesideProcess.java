package dev.tidemark.archiver.simulation;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.NamedWriter;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.archiver.base.FoldedBase;
import dev.tidemark.archiver.expire.Cycle;
import dev.tidemark.archiver.expire.Expire;
import dev.tidemark.archiver.expire.Retention;
import dev.tidemark.archiver.merge.Merge;
import dev.tidemark.archiver.merge.MergeLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One process that works beside archivers: makes a base from the archive, merges segments, or lets
 * bases go. A step is one operation of the store.
 */
final class BesideProcess {
    /** What it may end with: another one got in between, or merged and deleted what it reads. */
    private static final Pattern OVERTAKEN =
            Pattern.compile(
                    "another process began to .*|meanwhile (a base was|segments were) .*|the archive's file .* is gone: .*");

    /** What it does; was anything published? */
    private interface Work {
        boolean run(Archive archive, Path folder, Clock clock) throws IOException;
    }

    private final Program program;
    private final Work work;
    private final Clock clock;
    private boolean hasPublished;

    private BesideProcess(Site site, int number, Fates fates, Work work) throws IOException {
        this.work = work;
        // What one merged is old enough to be deleted when the next begins.
        this.clock = Clock.fixed(Samples.NOON.plusSeconds(number), ZoneOffset.UTC);
        this.program =
                new Program(
                        site,
                        number,
                        fates,
                        this::run,
                        message -> OVERTAKEN.matcher(message).matches());
    }

    /**
     * One that makes a base, and has not begun.
     *
     * @param number of it in this simulation: no other has it
     */
    static BesideProcess ofBase(Site site, int number, Fates fates) throws IOException {
        return new BesideProcess(
                site,
                number,
                fates,
                (archive, folder, clock) -> {
                    Optional<FoldedBase> base = FoldedBase.begin(archive, folder, clock);
                    if (base.isPresent()) {
                        base.get().run(FoldedBase.Progress.NONE);
                    }
                    return base.isPresent();
                });
    }

    /** One that merges, with so many transactions in a segment at most. */
    static BesideProcess ofMerge(Site site, int number, Fates fates, int transactionsMax)
            throws IOException {
        MergeLimits limits =
                new MergeLimits(1 << 30, transactionsMax, Duration.ZERO, Duration.ZERO);
        return new BesideProcess(
                site,
                number,
                fates,
                (archive, folder, clock) ->
                        new Merge(archive, folder, clock, limits, true)
                                        .run(Merge.Progress.NONE)
                                        .merged()
                                > 0);
    }

    /** One that lets bases go and keeps the whole history. */
    static BesideProcess ofExpire(Site site, int number, Fates fates) throws IOException {
        Retention policy =
                new Retention(Optional.empty(), Map.of(Cycle.DAILY, 1), Optional.empty());
        MergeLimits limits = new MergeLimits(1, 1, Duration.ZERO, Duration.ZERO);
        return new BesideProcess(
                site,
                number,
                fates,
                (archive, folder, clock) ->
                        !new Expire(archive, clock, limits).run(policy).going().isEmpty());
    }

    private void run(ObjectStore store, Path folder) throws IOException {
        try (Archive archive = NamedWriter.open(store, program.name())) {
            hasPublished = work.run(archive, folder, clock);
        } finally {
            Program.deleteFiles(folder); // a copy that broke off is left to the caller
        }
    }

    String name() {
        return program.name();
    }

    /** Did it publish what it was to? */
    boolean hasPublished() {
        return hasPublished;
    }

    boolean hasEnded() {
        return program.hasEnded();
    }

    long steps() {
        return program.steps();
    }

    /** Lets it do so many things, or all up to its end. */
    void steps(int stepsMax) throws IOException {
        for (int i = 0; i < stepsMax && !hasEnded(); i++) {
            program.step();
        }
    }

    /** Ends it where it stands. */
    void kill() throws IOException {
        program.kill();
    }
}
