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
     * Returns when the archive has reached a position, or cannot.
     *
     * @return why it could not
     */
    static Optional<String> run(Parts parts, Archive archive, ChangeLogTopic topic, Position until)
            throws IOException, InterruptedException {
        if (isReached(archive, until)) {
            return Optional.empty();
        }
        FutureTask<Void> archiving =
                new FutureTask<>(
                        () -> {
                            archive(parts, topic);
                            return null;
                        });
        Thread thread = Thread.ofPlatform().name("archiver").start(archiving);
        try {
            while (!isReached(archive, until)) {
                if (archiving.isDone()) {
                    return Optional.of(failure(archiving));
                }
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
            }
            return Optional.empty();
        } finally {
            thread.interrupt();
            thread.join();
        }
    }

    private static boolean isReached(Archive archive, Position until) throws IOException {
        archive.refresh();
        return !archive.state().newest().orElseThrow().span().to().isBefore(until);
    }

    private static void archive(Parts parts, ChangeLogTopic topic)
            throws IOException, InterruptedException {
        try (Archive own = parts.archive();
                TemporaryFolder temporary = parts.temporary("archiver");
                ChangeLog changeLog = parts.changeLog(topic)) {
            SegmentLimits usual = parts.segmentLimits();
            SegmentLimits atOnce =
                    new SegmentLimits(AGE, AGE, usual.bytesMax(), usual.memoryBytesMax());
            new Archiver(own, atOnce, temporary.path(), parts.clock()).run(changeLog);
        }
    }

    private static String failure(FutureTask<Void> archiving) throws InterruptedException {
        try {
            archiving.get();
            throw new IllegalStateException("the archiver ended by itself");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TidemarkException said) {
                log.warn("{}", said.getMessage());
                return String.valueOf(said.getMessage());
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
