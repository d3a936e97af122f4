package dev.tidemark.cli.bench;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archiver.Archiver;
import dev.tidemark.archiver.consume.ChangeLog;
import dev.tidemark.archiver.segment.SegmentLimits;
import dev.tidemark.cli.config.SegmentSettings;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** The archiver alone, from a filled change log to published segments. */
record ArchiverRun(Site site) {
    private static final Duration RUN_MAX = Duration.ofMinutes(4);

    /**
     * The last segment waits for its age; it must be small beside the run, and not so small that
     * segments become tiny.
     */
    private static final Duration AGE = Duration.ofSeconds(1);

    /** The time from the first record to the manifest that has the position. */
    Duration run(Position end) throws IOException, InterruptedException {
        try (Archive archive = site.parts().archive();
                TemporaryFolder temporary = site.parts().temporary("bench");
                ChangeLog log = site.parts().changeLog(site.topic())) {
            while (!log.isAssigned()) {
                log.poll(Duration.ofMillis(10));
            }
            Archiver archiver =
                    new Archiver(archive, limits(), temporary.path(), Clock.systemUTC());
            return run(archiver, log, end);
        }
    }

    private SegmentLimits limits() {
        SegmentSettings settings = site.parts().configuration().segment();
        return new SegmentLimits(
                AGE, settings.idleAge(), settings.bytesMax(), settings.memoryBytesMax());
    }

    private static Duration run(Archiver archiver, ChangeLog log, Position end)
            throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        long start = System.nanoTime();
        Thread thread = Thread.ofPlatform().start(() -> run(archiver, log, failure));
        try {
            Site.await(
                    RUN_MAX,
                    "the segment with " + end,
                    () -> failure.get() != null || !archiver.progress().archived().isBefore(end));
            if (failure.get() != null) {
                throw new IllegalStateException("the archiver failed", failure.get());
            }
            return Duration.ofNanos(System.nanoTime() - start);
        } finally {
            thread.interrupt();
            thread.join();
        }
    }

    private static void run(Archiver archiver, ChangeLog log, AtomicReference<Throwable> failure) {
        try {
            archiver.run(log);
        } catch (IOException | RuntimeException e) {
            failure.set(e);
        }
    }

    /** Bytes of all journals, and the changes in them. */
    record Journals(long bytes, long changes) {}

    Journals journals() throws IOException {
        try (Archive archive = site.parts().archive()) {
            long bytes = 0;
            long changes = 0;
            for (Manifest segment : archive.state().segments()) {
                bytes += segment.file(FileRef.Kind.JOURNAL).map(FileRef::bytes).orElse(0L);
                changes += segment.span().changes();
            }
            return new Journals(bytes, changes);
        }
    }
}
