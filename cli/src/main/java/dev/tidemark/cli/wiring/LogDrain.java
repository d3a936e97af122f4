package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archiver.Archiver;
import dev.tidemark.archiver.consume.ChangeLog;
import dev.tidemark.archiver.segment.SegmentLimits;
import dev.tidemark.capture.publish.ChangeLogTopic;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Archives what is left in a change log that nobody writes any more, as far as it goes. It stands
 * by where an archiver works already, and waits for that one.
 */
final class LogDrain {
    private static final Logger log = LoggerFactory.getLogger(LogDrain.class);

    /** What is left is to be published at once. */
    private static final Duration AGE = Duration.ofMillis(500);

    private static final Duration LOOK = Duration.ofMillis(200);

    private LogDrain() {}

    /**
     * Returns when the archive has reached a position, or a hole before it.
     *
     * @return what the hole is
     * @throws TidemarkException when something else was in the way, which may pass
     */
    static Optional<String> run(Parts parts, Archive archive, ChangeLogTopic topic, Position until)
            throws IOException, InterruptedException {
        if (isReached(archive, until)) {
            return Optional.empty();
        }
        log.info("archiving what is left in the change log, up to {}", until);
        try (Archive own = parts.archive();
                TemporaryFolder temporary = parts.temporary("archiver");
                ChangeLog changeLog = parts.changeLog(topic)) {
            SegmentLimits usual = parts.segmentLimits();
            SegmentLimits atOnce =
                    new SegmentLimits(AGE, AGE, usual.bytesMax(), usual.memoryBytesMax());
            Archiver archiver = new Archiver(own, atOnce, temporary.path(), parts.clock());
            FutureTask<Void> archiving =
                    new FutureTask<>(
                            () -> {
                                archiver.run(changeLog);
                                return null;
                            });
            Thread thread = Thread.ofPlatform().name("archiver").start(archiving);
            try {
                return await(archive, until, archiver, archiving);
            } finally {
                thread.interrupt();
                thread.join();
                archive.refresh();
            }
        }
    }

    /** As long as it takes: an archiver elsewhere, which this one waits for, has its own pace. */
    private static Optional<String> await(
            Archive archive, Position until, Archiver archiver, FutureTask<Void> archiving)
            throws IOException, InterruptedException {
        while (!isReached(archive, until)) {
            if (archiving.isDone()) {
                return Optional.of(hole(archiver, archiving));
            }
            TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
        }
        return Optional.empty();
    }

    private static boolean isReached(Archive archive, Position until) throws IOException {
        archive.refresh();
        return !archive.state().newest().orElseThrow().span().to().isBefore(until);
    }

    private static String hole(Archiver archiver, FutureTask<Void> archiving)
            throws IOException, InterruptedException {
        try {
            archiving.get();
            throw new IllegalStateException("the archiver ended by itself");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TidemarkException said) {
                if (archiver.isAtHole()) {
                    return String.valueOf(said.getMessage());
                }
                throw TidemarkException.failed(
                        "cannot archive what is left in the change log: " + said.getMessage(),
                        said.hint() + " Nothing was changed: run the command again.",
                        said);
            }
            if (e.getCause() instanceof IOException broken) {
                throw broken;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
