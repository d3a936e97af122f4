package dev.tidemark.cli.wiring;

import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.Manifest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds times in which the archive stood still: capture, Kafka or the archiver was away, or the
 * source. An archive that is at work grows at least once in {@code segment.idle-age}. For one
 * thread.
 */
final class Outages {
    /** A restart is none. */
    static final Duration MIN = Duration.ofMinutes(5);

    /** What an archive at work may take longer than it should, in idle ages. */
    private static final int IDLE_AGES = 3;

    private final Duration longest;
    private Instant grew;
    private long seen; // the number of the newest manifest then

    /**
     * From the archive's end on.
     *
     * @param idleAge so often it grows while nothing happens
     */
    Outages(ArchiveState state, Duration idleAge) {
        Duration idle = idleAge.multipliedBy(IDLE_AGES);
        this.longest = idle.compareTo(MIN) > 0 ? idle : MIN;
        this.seen = state.last();
        this.grew = state.newest().map(Manifest::written).orElse(Instant.MAX);
    }

    /** From one instant to another nothing was archived; then it went on. */
    record Outage(Instant from, Instant to) {
        Duration took() {
            return Duration.between(from, to);
        }
    }

    /** Those that ended since this was asked last. */
    List<Outage> in(ArchiveState state) {
        List<Outage> found = new ArrayList<>();
        for (Manifest manifest : state.manifests()) {
            if (isMergedSince(manifest)) { // when those in it were written is not known any more
                grew = manifest.written().isAfter(grew) ? manifest.written() : grew;
            }
            boolean isNew = manifest.number() > seen && manifest.kind() == Manifest.Kind.SEGMENT;
            if (isNew) {
                Instant written = manifest.written();
                if (grew.isBefore(written)
                        && Duration.between(grew, written).compareTo(longest) > 0) {
                    found.add(new Outage(grew, written));
                }
                grew = written;
            }
        }
        seen = state.last();
        return found;
    }

    /** Is it made of segments that nobody looked at yet? */
    private boolean isMergedSince(Manifest manifest) {
        return manifest.kind() == Manifest.Kind.MERGED_SEGMENT
                && manifest.merged().orElseThrow().replaces().getLast().last() > seen;
    }
}
