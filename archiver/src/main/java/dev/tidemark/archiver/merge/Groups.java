package dev.tidemark.archiver.merge;

import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.schemas.change.Position;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which segments become one: those of an hour that is over, of a day that is over, of a month that
 * is over, by the commit times of the source in UTC. Of an hour that goes on, those that are many
 * already: whoever asks looks at each of them. For one thread; used once.
 *
 * <p>The archive's newest segment is left alone: an archiver goes on from it. None is merged across
 * the place of a base, so that a restore reads no change before its base. A base that is being made
 * will stand at the end of some segment: those since it was begun are left alone as well.
 */
final class Groups {
    /** Longer than anybody makes a base. Who broke off holds merging up as long. */
    private static final Duration BASE_MAX = Duration.ofDays(1);

    /** By so much the source's clock may go before this one. */
    private static final Duration FUTURE_MAX = Duration.ofDays(1);

    /**
     * An archiver that catches up may be behind the clock by this: to merge what it has of an hour
     * each time somebody looks would write it again and again.
     */
    private static final Duration LATE_MAX = Duration.ofHours(1);

    /** With one in five seconds, those of less than three minutes. */
    private static final int MANY = 32;

    /**
     * What has the same becomes one.
     *
     * @param from when its time begins
     * @param isOver is it?
     */
    private record Bucket(LocalDateTime from, boolean isOver) {}

    /**
     * Segments that become one, and what they follow.
     *
     * @param isOver is their time over, so that it is merged once and for all of it?
     */
    record Group(Manifest before, List<Manifest> segments, boolean isOver) {
        Group {
            segments = List.copyOf(segments);
        }
    }

    private final ArchiveState state;
    private final MergeLimits limits;
    private final boolean isOpenToo;
    private final Instant now;
    private final List<Group> groups = new ArrayList<>();

    private Groups(ArchiveState state, MergeLimits limits, boolean isOpenToo, Instant now) {
        this.state = state;
        this.limits = limits;
        this.isOpenToo = isOpenToo;
        this.now = now;
    }

    /**
     * Finds them.
     *
     * @param isOpenToo also of an hour that is not over
     */
    static List<Group> of(ArchiveState state, MergeLimits limits, boolean isOpenToo, Instant now) {
        Groups groups = new Groups(state, limits, isOpenToo, now);
        state.stretches().forEach(groups::addOf);
        return groups.groups;
    }

    private void addOf(Stretch stretch) {
        Set<Position> bases =
                stretch.foldedBases().stream()
                        .map(base -> base.span().to())
                        .collect(Collectors.toSet());
        unfinishedBase().ifPresent(bases::add);
        begunBase().map(one -> one.span().to()).ifPresent(bases::add);
        Optional<Manifest> newest = state.newest();
        long begun = baseBegun();
        List<Manifest> together = new ArrayList<>();
        long bytes = 0; // of those together
        long transactions = 0;
        Manifest before = stretch.base();
        Manifest last = stretch.base();
        for (Manifest segment : stretch.segments()) {
            boolean isFree =
                    !newest.equals(Optional.of(segment))
                            && firstNumber(segment) < begun
                            && bucket(segment).isPresent();
            boolean follows =
                    isFree
                            && !together.isEmpty()
                            && bucket(segment).equals(bucket(together.getFirst()))
                            && !bases.contains(last.span().to());
            boolean isFull =
                    bytes + segment.dataBytes() > limits.bytes()
                            || transactions + segment.span().transactions() > limits.transactions();
            if (!follows || isFull) {
                close(before, together, follows);
                before = last;
                bytes = 0;
                transactions = 0;
            }
            if (isFree) {
                together.add(segment);
                bytes += segment.dataBytes();
                transactions += segment.span().transactions();
            }
            last = segment;
        }
        close(before, together, false);
    }

    /**
     * @param isFull does no more fit, so that waiting for others is of no use?
     */
    private void close(Manifest before, List<Manifest> together, boolean isFull) {
        boolean isOver =
                !together.isEmpty()
                        && bucket(together.getFirst()).filter(Bucket::isOver).isPresent();
        if (together.size() >= (isOver || isFull ? 2 : MANY)) {
            groups.add(new Group(before, together, isOver));
        }
        together.clear();
    }

    /** Merged segments have the number of their publication, which says nothing of their place. */
    private static long firstNumber(Manifest segment) {
        return segment.merged()
                .filter(merged -> !merged.replaces().isEmpty())
                .map(merged -> merged.replaces().getFirst().first())
                .orElse(segment.number());
    }

    /** From which number on segments may get a base that somebody is making now. */
    private long baseBegun() {
        return begunBase().map(Manifest::number).orElse(Long.MAX_VALUE);
    }

    private Optional<Manifest> begunBase() {
        return state.manifests().stream()
                .filter(one -> one.kind() == Manifest.Kind.FOLDED_BASE_BEGUN)
                .reduce((first, second) -> second)
                .filter(one -> !isPublished(one))
                .filter(one -> one.written().plus(BASE_MAX).isAfter(now));
    }

    /** Where somebody may go on with a base that broke off. */
    private Optional<Position> unfinishedBase() {
        return state.unfinishedBase()
                .filter(one -> one.written().plus(BASE_MAX).isAfter(now))
                .map(one -> one.span().to());
    }

    private boolean isPublished(Manifest begun) {
        return state.foldedBases().stream()
                .anyMatch(
                        base ->
                                base.number() > begun.number()
                                        && base.writer().equals(begun.writer()));
    }

    /**
     * The largest time that is over and has it, or the hour that is not. Empty for one that is made
     * of many of such an hour: the rest of it comes to it when it is over.
     */
    private Optional<Bucket> bucket(Manifest segment) {
        LocalDateTime hour =
                LocalDateTime.ofInstant(time(segment), ZoneOffset.UTC)
                        .truncatedTo(ChronoUnit.HOURS);
        LocalDateTime day = hour.truncatedTo(ChronoUnit.DAYS);
        LocalDateTime month = day.withDayOfMonth(1);
        if (isOpenToo) {
            return Optional.of(new Bucket(LocalDateTime.MIN, true));
        }
        if (isOver(month.plusMonths(1))) {
            return Optional.of(new Bucket(month, true));
        }
        if (isOver(day.plusDays(1))) {
            return Optional.of(new Bucket(day, true));
        }
        if (isOver(hour.plusHours(1))) {
            return Optional.of(new Bucket(hour, true));
        }
        return segment.kind() == Manifest.Kind.SEGMENT
                ? Optional.of(new Bucket(hour, false))
                : Optional.empty();
    }

    /** A commit in the far future, by a clock that jumped, must not hold all later ones up. */
    private Instant time(Manifest segment) {
        Instant commit = segment.span().latestCommit();
        return commit.isAfter(now.plus(FUTURE_MAX)) ? segment.written() : commit;
    }

    /** By what is archived, or by the clock when nothing is committed any more. */
    private boolean isOver(LocalDateTime end) {
        Instant at = end.toInstant(ZoneOffset.UTC);
        boolean isArchived = state.newest().filter(one -> !time(one).isBefore(at)).isPresent();
        return isArchived || !now.isBefore(at.plus(LATE_MAX));
    }
}
