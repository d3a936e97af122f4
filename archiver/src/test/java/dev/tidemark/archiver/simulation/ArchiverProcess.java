package dev.tidemark.archiver.simulation;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.NamedWriter;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.archiver.Archiver;
import dev.tidemark.archiver.segment.SegmentLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * One process of an archiver, from opening the archive to its end. A step is one operation of the
 * store or of the log.
 */
final class ArchiverProcess {
    private static final int BATCH_MAX = 8; // records; small, so that much happens between two

    private final Site site;
    private final SegmentLimits limits;
    private final Program program;
    private final LogMember member;

    /**
     * A process that has not begun.
     *
     * @param number of it in this simulation: no other has it
     */
    ArchiverProcess(Site site, int number, SegmentLimits limits, Fates fates) throws IOException {
        this.site = site;
        this.limits = limits;
        this.program = new Program(site, number, fates, this::run, this::isExpected);
        this.member =
                new LogMember(
                        site.topic, program::ofLogCall, () -> 1 + site.random.nextInt(BATCH_MAX));
    }

    private void run(ObjectStore store, Path folder) throws IOException {
        try (Archive archive = NamedWriter.open(store, name())) {
            archive.collectGarbage();
            new Archiver(archive, limits, folder, Clock.fixed(Samples.NOON, ZoneOffset.UTC))
                    .run(member);
        }
    }

    String name() {
        return program.name();
    }

    LogMember member() {
        return member;
    }

    /** Is it about to create a manifest? */
    boolean isPublishing() {
        return program.isPublishing();
    }

    int lostRaces() {
        return program.lostRaces();
    }

    /** How many operations it began. */
    long steps() {
        return program.steps();
    }

    boolean hasEnded() {
        return program.hasEnded();
    }

    /** Lets it do so many things, or all up to its end. */
    void steps(int stepsMax) throws IOException {
        for (int i = 0; i < stepsMax && !hasEnded(); i++) {
            program.step();
            if (hasEnded()) {
                site.topic.leave(member);
            }
        }
    }

    /** It is told to stop, whatever it is doing. */
    void interrupt() {
        program.interrupt();
    }

    /** It is gone, and its group does not know yet. */
    void kill() throws IOException {
        program.kill();
    }

    /** What it ended with, if that was an error. */
    Optional<String> failure() {
        return program.failure();
    }

    /** Is it how an archiver stops at what the log has lost? */
    static boolean saysOfLoss(String message) {
        return message.startsWith("the change log has a hole before record")
                || message.contains("in the change log has more or fewer large values")
                || message.contains("which neither catalog nor stream describe");
    }

    private boolean isExpected(String message) {
        boolean isGone =
                message.contains("out of range") || message.contains("and the archive needs");
        return (isGone && site.topic.first() > 0) || (saysOfLoss(message) && site.topic.hasLost());
    }
}
