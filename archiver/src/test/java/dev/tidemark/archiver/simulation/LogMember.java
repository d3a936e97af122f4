package dev.tidemark.archiver.simulation;

import dev.tidemark.archive.manifest.LogPoint;
import dev.tidemark.archive.store.FaultyObjectStore.Fault;
import dev.tidemark.archiver.consume.LogReader;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Frame;
import dev.tidemark.schemas.log.Announcement;
import dev.tidemark.schemas.log.RecordCipher;
import dev.tidemark.schemas.log.RecordReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** One archiver's place in a {@link Topic}'s group. */
final class LogMember implements LogReader {
    private final Topic topic;
    private final Supplier<Optional<Fault>> faults; // asked before each call
    private final Supplier<Integer> batches; // how many records come at a time

    private final RecordReader reader = new RecordReader(Topic.NAME, RecordCipher.NONE);
    private int generation = -1;
    private boolean assigned;
    private boolean newlyAssigned;
    private boolean reading; // since it knows where
    private long position;
    private boolean dead;
    private boolean stopping;
    private int seeks;

    LogMember(Topic topic, Supplier<Optional<Fault>> faults, Supplier<Integer> batches) {
        this.topic = topic;
        this.faults = faults;
        this.batches = batches;
        topic.join(this);
    }

    /** The process got a signal: the next poll says so. */
    void stop() {
        stopping = true;
    }

    @Override
    public Iterable<ConsumerRecord<byte[], byte[]>> poll(Duration time)
            throws InterruptedException {
        Optional<Fault> fault = begin("poll");
        if (stopping || Thread.interrupted()) {
            throw new InterruptedException();
        }
        hearOfTheGroup();
        List<ConsumerRecord<byte[], byte[]>> records = List.of();
        if (reading) {
            records = topic.read(position, batches.get());
            position = records.isEmpty() ? position : records.getLast().offset() + 1;
        }
        end(fault, "poll");
        return records;
    }

    @Override
    public Optional<Frame> frame(ConsumerRecord<byte[], byte[]> record) {
        return reader.read(record.offset(), record.value());
    }

    @Override
    public boolean isLocked(ConsumerRecord<byte[], byte[]> record) {
        return reader.isLocked(record.value());
    }

    private void hearOfTheGroup() {
        if (generation != topic.generation()) {
            generation = topic.generation();
            assigned = topic.isOwnedBy(this);
            newlyAssigned = assigned;
            reading = false;
        }
    }

    @Override
    public boolean isAssigned() {
        return assigned;
    }

    @Override
    public boolean takeNewlyAssigned() {
        boolean answer = newlyAssigned;
        newlyAssigned = false;
        return answer;
    }

    @Override
    public void seek(LogPoint point) throws InterruptedException {
        Optional<Fault> fault = begin("seek");
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        requireSame(point);
        if (point.offset() < topic.first() || point.offset() > topic.end()) {
            throw TidemarkException.failed(
                    "the topic '%s' holds records %d to %d, and the archive needs %d next"
                            .formatted(Topic.NAME, topic.first(), topic.end(), point.offset()),
                    "");
        }
        seeks++;
        position = point.offset();
        reading = assigned;
        end(fault, "seek");
    }

    /** How often it was read from where the archive stands. */
    int seeks() {
        return seeks;
    }

    @Override
    public void checkIsSame(LogPoint point) {
        requireSame(point);
    }

    private static void requireSame(LogPoint point) {
        if (!point.topic().equals(Topic.NAME) || !point.topicId().equals(Topic.ID)) {
            throw new AssertionError("the archive names another topic: " + point);
        }
    }

    /** The group takes it from its member alone, and nobody waits for its answer. */
    @Override
    public void announce(Announcement said) {
        boolean isLost = faults.get().isPresent() || dead;
        if (!isLost && topic.isOwnedBy(this) && generation == topic.generation()) {
            topic.announce(said);
        }
    }

    @Override
    public Optional<Announcement> announced() throws InterruptedException {
        Optional<Fault> fault = begin("announced");
        Optional<Announcement> said = topic.announced();
        end(fault, "announced");
        return said;
    }

    private Optional<Fault> begin(String what) {
        Optional<Fault> fault = faults.get();
        dead |= fault.filter(Fault.DEAD_BEFORE::equals).isPresent();
        if (dead || fault.filter(Fault.BEFORE::equals).isPresent()) {
            throw injected("before", what);
        }
        return fault;
    }

    private void end(Optional<Fault> fault, String what) {
        dead |= fault.filter(Fault.DEAD_AFTER::equals).isPresent();
        if (dead || fault.filter(Fault.AFTER::equals).isPresent()) {
            throw injected("after", what);
        }
    }

    private static TidemarkException injected(String when, String what) {
        return TidemarkException.failed("injected failure " + when + " " + what, "");
    }
}
