package dev.tidemark.cli.bench;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.archiver.Archiver;
import dev.tidemark.archiver.consume.ChangeLog;
import dev.tidemark.archiver.segment.SegmentLimits;
import dev.tidemark.cli.config.ArchiveSettings;
import dev.tidemark.cli.config.SegmentSettings;
import dev.tidemark.cli.wiring.TemporaryFolder;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** The archiver alone, from a filled change log to published segments. */
record ArchiverRun(Site site) {
    private static final Duration RUN_MAX = Duration.ofMinutes(4);

    /**
     * The last segment waits for its age; it must be small beside the run, and not so small that
     * segments become tiny.
     */
    private static final Duration AGE = Duration.ofSeconds(1);

    /**
     * Into copies of the archive, and in the last round into the archive itself: a service runs for
     * long, and a JVM's first run is not what it will do.
     */
    List<Double> run(Leg leg, int rounds) throws IOException, InterruptedException {
        List<Double> rates = new ArrayList<>();
        for (int round = 1; round < rounds; round++) {
            Path copy = site.directory().resolve("archive-" + round);
            copy(site.directory().resolve("archive"), copy);
            rates.add(Race.rate(leg, run(leg.end(), copy).toNanos()));
        }
        rates.add(Race.rate(leg, run(leg.end(), site.directory().resolve("archive")).toNanos()));
        return rates;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    /** The time from the first record to the manifest that has the position. */
    private Duration run(Position end, Path folder) throws IOException, InterruptedException {
        ArchiveSettings settings = site.parts().configuration().neededArchive();
        ObjectStore store = new ArchiveSettings(folder.toString(), settings.s3()).open();
        try (Archive archive = Archive.open(store);
                TemporaryFolder temporary = site.parts().temporary("bench");
                ChangeLog log = site.parts().changeLog(site.topic())) {
            while (!log.isAssigned()) {
                log.poll(Duration.ofMillis(10));
            }
            return run(
                    new Archiver(archive, limits(), temporary.path(), Clock.systemUTC()), log, end);
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
                    () ->
                            failure.get() != null
                                    || !archiver.progress().archive().to().isBefore(end));
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
