package dev.tidemark.archiver;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.LogPoint;
import dev.tidemark.archive.manifest.LostRaceException;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archiver.commit.SegmentCommitter;
import dev.tidemark.archiver.consume.LogReader;
import dev.tidemark.archiver.consume.OffsetRange;
import dev.tidemark.archiver.consume.Standpoint;
import dev.tidemark.archiver.consume.TransactionReader;
import dev.tidemark.archiver.segment.SegmentBuilder;
import dev.tidemark.archiver.segment.SegmentLimits;
import dev.tidemark.archiver.segment.ShapeTracker;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Catalog;
import dev.tidemark.schemas.change.Frame;
import dev.tidemark.schemas.log.Announcement;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The archiver service: reads the change log from where the newest manifest ends, and publishes
 * segment after segment.
 *
 * <p>Runs in its caller's thread until that is interrupted; then it publishes what is whole and
 * returns. After any failure the archive is as its newest manifest says, and a new run goes on from
 * there.
 */
public final class Archiver {
    private static final Logger log = LoggerFactory.getLogger(Archiver.class);
    private static final Duration POLL = Duration.ofMillis(100);

    /** Longer than an election takes; short against the hours in which nobody would notice. */
    private static final Duration LOOK = Duration.ofSeconds(15);

    private final Archive archive;
    private final SegmentLimits limits;
    private final Path temporary;
    private final SegmentCommitter committer;
    private final Clock clock;
    private volatile ArchiverProgress progress;

    /** Where the work stands between two commits; made anew when it has to start over. */
    private record Work(ShapeTracker shapes, SegmentBuilder builder, TransactionReader reader) {}

    private long nextOffset;
    private Optional<Integer> leaderEpoch = Optional.empty(); // of the record before that
    private long segmentSince; // System.nanoTime of its first transaction
    private int idleSegments;
    private boolean hasLostRace;

    /** That of the segment that was begun last: what it has on disk is to go, whatever happens. */
    private Optional<SegmentBuilder> begun = Optional.empty();

    private volatile boolean isAtHole;
    private long lookedAt; // System.nanoTime of the last look at a topic that is not ours to read

    /**
     * An archiver of one archive.
     *
     * @param temporary a folder of its own on local disk, for a segment's files
     */
    public Archiver(Archive archive, SegmentLimits limits, Path temporary, Clock clock) {
        this(archive, limits, temporary, clock, ArchiverProgress.NONE);
    }

    /**
     * One that goes on after another of the same process.
     *
     * @param before what that one counted; this one counts on from there
     */
    public Archiver(
            Archive archive,
            SegmentLimits limits,
            Path temporary,
            Clock clock,
            ArchiverProgress before) {
        this.archive = archive;
        this.limits = limits;
        this.temporary = temporary;
        this.clock = clock;
        this.progress = before.in(ArchiverProgress.State.STARTING);
        this.committer = new SegmentCommitter(archive, temporary, clock);
    }

    public ArchiverProgress progress() {
        return progress;
    }

    /** Did it end because the log does not go on? Any thread may ask. */
    public boolean isAtHole() {
        return isAtHole;
    }

    /**
     * Archives until this thread is interrupted.
     *
     * @throws TidemarkException when it cannot go on
     */
    public void run(LogReader changeLog) throws IOException {
        Work work = restart(List.of());
        boolean stopping = false;
        try {
            boolean standingBy = false;
            while (true) {
                Iterable<ConsumerRecord<byte[], byte[]>> records = changeLog.poll(POLL);
                if (changeLog.takeNewlyAssigned()) {
                    work.builder.discard();
                    archive.refresh();
                    work = restart(List.of());
                    changeLog.seek(point());
                    archive.contradicts(changeLog.announced()).ifPresent(log::warn);
                    progress = progress.in(ArchiverProgress.State.WORKING).heard(clock.instant());
                    log.info("archiving '{}' from record {}", point().topic(), nextOffset);
                    standingBy = false;
                    continue;
                }
                if (!changeLog.isAssigned()) {
                    standBy(changeLog, standingBy);
                    standingBy = true;
                    continue;
                }
                work = take(changeLog, records, work);
            }
        } catch (InterruptedException e) {
            stopping = true;
            finish(changeLog, work);
        } finally {
            if (begun.isPresent()) {
                begun.get().discard();
            }
            progress = progress.in(ArchiverProgress.State.STARTING);
            if (stopping) { // also when the last segment failed: it is not to be tried again
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Nobody is given a topic that was deleted, so whoever waits for it looks now and then. */
    private void standBy(LogReader changeLog, boolean already) throws InterruptedException {
        progress = progress.in(ArchiverProgress.State.STANDING_BY);
        if (!already) {
            log.info(
                    "standing by for '{}': another archiver works, or Kafka is electing",
                    point().topic());
            lookedAt = System.nanoTime();
        } else if (System.nanoTime() - lookedAt > LOOK.toNanos()) {
            changeLog.checkIsSame(point());
            lookedAt = System.nanoTime();
        }
    }

    private Work take(
            LogReader changeLog, Iterable<ConsumerRecord<byte[], byte[]>> records, Work started)
            throws IOException, InterruptedException {
        Work work = started;
        hasLostRace = false;
        if (records.iterator().hasNext()) {
            progress = progress.heard(clock.instant());
        }
        for (ConsumerRecord<byte[], byte[]> record : records) {
            boolean wasEmpty = work.builder.isEmpty();
            TransactionReader.Outcome outcome = read(changeLog, work, record);
            if (outcome == TransactionReader.Outcome.READ_AGAIN) {
                work.builder.discard();
                work = restart(work.reader.skipped());
                changeLog.seek(point());
                return work;
            }
            nextOffset = record.offset() + 1;
            leaderEpoch = record.leaderEpoch();
            if (wasEmpty && !work.builder.isEmpty()) {
                segmentSince = System.nanoTime();
                progress = progress.opened(clock.instant());
            }
            if (isFull(work)) {
                work = publish(changeLog, work);
                if (hasLostRace) {
                    return work; // the rest of this batch is read again
                }
            }
        }
        return isOld(work) ? publish(changeLog, work) : work;
    }

    /**
     * What is whole before a hole is published: it can be restored, whatever becomes of the rest.
     */
    private TransactionReader.Outcome read(
            LogReader changeLog, Work work, ConsumerRecord<byte[], byte[]> record)
            throws IOException {
        try {
            Optional<Frame> frame = changeLog.frame(record);
            if (frame.isEmpty()) {
                log.warn(
                        "left out record {}, which was written for another place", record.offset());
                return TransactionReader.Outcome.TAKEN;
            }
            return work.reader.take(record.offset(), frame.get());
        } catch (TidemarkException e) {
            isAtHole = !changeLog.isLocked(record); // the log goes on for who has the key
            Optional<Long> whole = work.reader.breakOffAtHole(nextOffset);
            if (whole.isPresent()) {
                nextOffset = whole.get();
                leaderEpoch = Optional.empty(); // of a record further on
                finish(changeLog, work);
            }
            throw e;
        }
    }

    private boolean isFull(Work work) {
        return canEnd(work) && work.builder.bytes() >= limits.bytesMax();
    }

    private boolean isOld(Work work) {
        if (!canEnd(work)) {
            return false;
        }
        Duration age = Duration.ofNanos(System.nanoTime() - segmentSince);
        Duration allowed =
                work.builder.hasChanges() ? limits.ageMax() : limits.idleAge(idleSegments);
        return age.compareTo(allowed) >= 0;
    }

    private static boolean canEnd(Work work) {
        return !work.builder.isEmpty() && !work.reader.isInTransaction();
    }

    private Work publish(LogReader changeLog, Work work) throws IOException, InterruptedException {
        try {
            commit(changeLog, work);
            return next(work);
        } catch (LostRaceException e) {
            hasLostRace = true;
            archive.refresh();
            // Much is published beside an archiver, another one's segments are not.
            boolean isArchiver =
                    archive.state()
                            .published()
                            .filter(won -> won.kind() != Manifest.Kind.MERGED_SEGMENT)
                            .map(Manifest::advances)
                            .orElse(false);
            log.atLevel(isArchiver ? Level.WARN : Level.INFO)
                    .log("{}: going on from there", e.getMessage());
            Work again = restart(List.of());
            changeLog.seek(point());
            return again;
        }
    }

    private void commit(LogReader changeLog, Work work) throws IOException, LostRaceException {
        boolean idle = !work.builder.hasChanges();
        LogPoint point =
                new LogPoint(
                        point().topic(),
                        point().topicId(),
                        nextOffset,
                        work.reader.session(),
                        leaderEpoch);
        Manifest manifest = committer.commit(work.builder.seal(), work.shapes, point);
        idleSegments = idle ? idleSegments + 1 : 0;
        published(manifest);
        changeLog.announce(
                new Announcement(
                        point.offset(),
                        point.session(),
                        manifest.number(),
                        archive.state().hash()));
    }

    private void published(Manifest manifest) {
        progress = progress.published(manifest, archive.state()).heard(clock.instant());
        log.info(
                "published segment {}: {} transactions, {} changes, {} bytes, to {}",
                manifest.number(),
                manifest.span().transactions(),
                manifest.span().changes(),
                manifest.dataBytes(),
                manifest.span().to());
    }

    /**
     * What is whole is published before the service stops; what is not comes again from the log.
     */
    private void finish(LogReader changeLog, Work work) throws IOException {
        if (canEnd(work) && changeLog.isAssigned()) {
            try {
                commit(changeLog, work);
            } catch (LostRaceException e) {
                log.info("{}: stopped without the last segment", e.getMessage());
            }
        }
    }

    private LogPoint point() {
        return newest().log();
    }

    private Manifest newest() {
        return archive.state()
                .newest()
                .orElseThrow(
                        () ->
                                TidemarkException.failed(
                                        "the archive " + archive.url() + " holds no base yet",
                                        "Wait until 'tidemark init' has finished, or run it again."));
    }

    private Work next(Work before) {
        before.shapes.published();
        return work(before.shapes, List.of());
    }

    private Work restart(List<OffsetRange> skipped) throws IOException {
        Manifest newest = newest();
        FileRef file = archive.state().catalog().orElseThrow();
        Catalog catalog = archive.catalog(file);
        nextOffset = newest.log().offset();
        leaderEpoch = newest.log().leaderEpoch();
        progress = progress.at(archive.state());
        return work(new ShapeTracker(catalog), skipped);
    }

    private Work work(ShapeTracker shapes, List<OffsetRange> skipped) {
        Manifest newest = newest();
        SegmentBuilder builder = new SegmentBuilder(temporary, limits, shapes);
        begun = Optional.of(builder);
        Standpoint from =
                new Standpoint(
                        newest.span().to(),
                        newest.log().session(),
                        archive.systemId(),
                        newest.timeline(),
                        archive.identity().database());
        return new Work(shapes, builder, new TransactionReader(builder, from, skipped));
    }
}
