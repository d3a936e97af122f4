package dev.tidemark.archiver.ahead;

import static java.util.Comparator.reverseOrder;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.LogPoint;
import dev.tidemark.archive.manifest.LostRaceException;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.store.LocalObjectStore;
import dev.tidemark.archiver.commit.SegmentCommitter;
import dev.tidemark.archiver.consume.ChangeLog;
import dev.tidemark.archiver.consume.OffsetRange;
import dev.tidemark.archiver.consume.Standpoint;
import dev.tidemark.archiver.consume.TransactionReader;
import dev.tidemark.archiver.segment.SegmentBuilder;
import dev.tidemark.archiver.segment.SegmentLimits;
import dev.tidemark.archiver.segment.ShapeTracker;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Frame;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * An archive with what is in its change log and not archived yet, for one process: each {@link
 * #refresh} makes segments of it, as an archiver would, in a local folder. Positions are those that
 * they will have in the archive, whose own segments take the place of these as they come. For one
 * thread.
 */
public final class ArchiveAhead implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);

    /** A broker that gives nothing for so long, and has it, is taken for one that is away. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

    private final Archive published;
    private final ChangeLog log;
    private final SegmentLimits limits;
    private final Path temporary;
    private final Clock clock;

    private Archive ahead;
    private String forkedAt = ""; // hash of the newest manifest that is everybody's
    private Path folder;
    private Work work;
    private long nextOffset;
    private Optional<Integer> leaderEpoch = Optional.empty(); // of the record before that

    private record Work(ShapeTracker shapes, SegmentBuilder builder, TransactionReader reader) {}

    private ArchiveAhead(
            Archive published, ChangeLog log, SegmentLimits limits, Path temporary, Clock clock)
            throws IOException {
        this.published = published;
        this.log = log;
        this.limits = limits;
        this.temporary = temporary;
        this.clock = clock;
        this.folder = Files.createTempDirectory(temporary, "ahead-");
        this.ahead = fork();
        this.work = work(List.of());
    }

    /**
     * One that reaches as far as the archive; {@link #refresh} lets it go on.
     *
     * @param published refreshed by this too
     * @param log closed with this
     * @param temporary a folder for its files, which the caller deletes in the end
     */
    public static ArchiveAhead of(
            Archive published, ChangeLog log, SegmentLimits limits, Path temporary, Clock clock)
            throws IOException, InterruptedException {
        ArchiveAhead ahead = new ArchiveAhead(published, log, limits, temporary, clock);
        log.seek(ahead.newest().log());
        return ahead;
    }

    /** The archive that reaches further; another one after each refresh. */
    public Archive archive() {
        return ahead;
    }

    /**
     * Reads what came since.
     *
     * @throws TidemarkException when the log cannot be read on; what is whole before that is in the
     *     archive
     */
    public void refresh() throws IOException, InterruptedException {
        published.refresh();
        if (!published.state().hash().equals(forkedAt)) {
            work.builder.discard();
            ahead.close();
            delete(folder);
            folder = Files.createTempDirectory(temporary, "ahead-");
            ahead = fork();
            start(List.of());
        }
        long end = log.end();
        Instant heard = clock.instant();
        while (!log.isReadUpTo(end)) {
            Iterable<ConsumerRecord<byte[], byte[]>> records = log.poll(POLL);
            if (records.iterator().hasNext()) {
                heard = clock.instant();
            } else if (clock.instant().isAfter(heard.plus(SILENCE_MAX))) {
                throw TidemarkException.failed(
                        "the change log gives nothing from record %d on, and has records up to %d"
                                .formatted(nextOffset, end),
                        "Is a broker away, or a partition without a leader?");
            }
            read(records);
        }
        publishWhole();
    }

    private Archive fork() throws IOException {
        forkedAt = published.state().hash();
        return published.privately(new LocalObjectStore(folder));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private void start(List<OffsetRange> skipped) throws IOException, InterruptedException {
        work = work(skipped);
        log.seek(newest().log());
    }

    private Work work(List<OffsetRange> skipped) throws IOException {
        Manifest newest = newest();
        nextOffset = newest.log().offset();
        leaderEpoch = newest.log().leaderEpoch();
        ShapeTracker shapes =
                new ShapeTracker(ahead.catalog(ahead.state().catalog().orElseThrow()));
        SegmentBuilder builder = new SegmentBuilder(temporary, limits, shapes);
        Standpoint from =
                new Standpoint(
                        newest.span().to(),
                        newest.log().session(),
                        ahead.systemId(),
                        newest.timeline(),
                        ahead.identity().database());
        return new Work(shapes, builder, new TransactionReader(builder, from, skipped));
    }

    private Manifest newest() {
        return ahead.state()
                .newest()
                .orElseThrow(
                        () ->
                                TidemarkException.failed(
                                        "the archive " + ahead.url() + " holds no base yet",
                                        "Wait until 'tidemark init' has finished, or run it again."));
    }

    private void read(Iterable<ConsumerRecord<byte[], byte[]>> records)
            throws IOException, InterruptedException {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (take(record) == TransactionReader.Outcome.READ_AGAIN) {
                work.builder.discard();
                start(work.reader.skipped());
                return;
            }
            nextOffset = record.offset() + 1;
            leaderEpoch = record.leaderEpoch();
            if (work.builder.bytes() >= limits.bytesMax()) {
                publishWhole();
            }
        }
    }

    private TransactionReader.Outcome take(ConsumerRecord<byte[], byte[]> record)
            throws IOException {
        try {
            Optional<Frame> frame = log.frame(record);
            return frame.isEmpty()
                    ? TransactionReader.Outcome.TAKEN
                    : work.reader.take(record.offset(), frame.get());
        } catch (TidemarkException e) {
            Optional<Long> whole = work.reader.breakOffAtHole(nextOffset);
            if (whole.isPresent()) {
                nextOffset = whole.get();
                leaderEpoch = Optional.empty(); // of a record further on
                publishWhole();
            }
            throw e;
        }
    }

    private void publishWhole() throws IOException {
        if (work.builder.isEmpty() || work.reader.isInTransaction()) {
            return;
        }
        LogPoint before = newest().log();
        LogPoint point =
                new LogPoint(
                        before.topic(),
                        before.topicId(),
                        nextOffset,
                        work.reader.session(),
                        leaderEpoch);
        try {
            Manifest unused =
                    new SegmentCommitter(ahead, temporary, clock)
                            .commit(work.builder.seal(), work.shapes, point);
        } catch (LostRaceException e) {
            throw new IllegalStateException("others publish in an archive of this process", e);
        }
        work = work(List.of());
    }

    @Override
    public void close() throws IOException {
        try (log;
                Archive last = ahead) {
            work.builder.discard();
        }
        delete(folder);
    }
}
