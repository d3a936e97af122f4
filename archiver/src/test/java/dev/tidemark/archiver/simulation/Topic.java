package dev.tidemark.archiver.simulation;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Frame;
import dev.tidemark.schemas.log.Announcement;
import dev.tidemark.schemas.log.FrameEncoder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A change log in memory that behaves as Kafka's does: one partition, a group that gives it to one
 * member at a time, and offsets that stay when old records are deleted.
 */
final class Topic {
    static final String NAME = "tidemark.crm";
    static final String ID = "topic";

    private final List<Frame> frames = new ArrayList<>(); // deleted and lost ones too
    private final List<byte[]> records = new ArrayList<>();
    private final Set<Long> lost = new HashSet<>();
    private final List<LogMember> members = new ArrayList<>();
    private Optional<LogMember> owner = Optional.empty();
    private int generation;
    private long first;
    private Optional<Announcement> announced = Optional.empty();

    /** Writes a record; its offset. */
    long append(Frame frame) {
        frames.add(frame);
        records.add(FrameEncoder.encode(frame));
        return end() - 1;
    }

    /** The first offset that is there. */
    long first() {
        return first;
    }

    /** The offset of the next record. */
    long end() {
        return frames.size();
    }

    /** What was written there. */
    Frame frame(long offset) {
        return frames.get(Math.toIntExact(offset));
    }

    boolean isLost(long offset) {
        return lost.contains(offset);
    }

    /** Did it lose records that nobody deleted? */
    boolean hasLost() {
        return !lost.isEmpty();
    }

    /** A record is gone, as if the log's disks had failed. */
    void lose(long offset) {
        lost.add(offset);
    }

    /** What is before an offset is deleted, as by a limit of age. */
    void deleteBefore(long offset) {
        first = Math.max(first, offset);
    }

    /**
     * The sessions that may be in force before a record, whatever was deleted: one whose record was
     * lost is for those who read it before that.
     */
    Set<Long> sessionsBefore(long offset) {
        Set<Long> sessions = new HashSet<>();
        for (long at = offset - 1; at >= 0; at--) {
            if (frame(at).session() == Frame.OPENING) {
                sessions.add(at);
                if (!isLost(at)) {
                    return sessions;
                }
            }
        }
        sessions.add(Frame.OPENING);
        return sessions;
    }

    /** Records from an offset on. */
    List<ConsumerRecord<byte[], byte[]>> read(long offset, int recordsMax) {
        if (offset < first) {
            throw TidemarkException.failed(
                    "offset %d is out of range: records were deleted".formatted(offset), "");
        }
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        for (long at = offset; at < end() && found.size() < recordsMax; at++) {
            if (!isLost(at)) {
                byte[] value = records.get(Math.toIntExact(at));
                found.add(new ConsumerRecord<>(NAME, 0, at, new byte[0], value));
            }
        }
        return found;
    }

    void join(LogMember member) {
        members.add(member);
    }

    /** Members that did not leave; those that were killed are known as dead to nobody yet. */
    List<LogMember> members() {
        return List.copyOf(members);
    }

    /** It left, or nobody heard of it for long enough. */
    void leave(LogMember member) {
        members.remove(member);
        if (owner.filter(member::equals).isPresent()) {
            giveTo(Optional.empty());
        }
    }

    /** The partition is another's from now on; who had it learns that when it polls. */
    void giveTo(Optional<LogMember> next) {
        owner = next;
        generation++;
    }

    boolean isOwnedBy(LogMember member) {
        return owner.filter(member::equals).isPresent();
    }

    /** Has nobody the partition? */
    boolean isFree() {
        return owner.isEmpty();
    }

    /** Grows with each change of owner. */
    int generation() {
        return generation;
    }

    void announce(Announcement said) {
        announced = Optional.of(said);
    }

    /** What the group's offset says. */
    Optional<Announcement> announced() {
        return announced;
    }
}
