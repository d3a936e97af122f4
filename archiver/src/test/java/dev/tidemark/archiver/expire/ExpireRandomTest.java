package dev.tidemark.archiver.expire;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;

import dev.tidemark.archive.fold.RandomBases;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archiver.base.FoldedBase;
import dev.tidemark.archiver.mark.Holds;
import dev.tidemark.archiver.mark.Marks;
import dev.tidemark.archiver.merge.Merge;
import dev.tidemark.archiver.merge.MergeLimits;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever expires, in whatever order with bases and merges: each moment that is kept is what it
 * was, and a moment that is gone is refused.
 */
class ExpireRandomTest {
    private static final int SEEDS = 30;
    private static final MergeLimits LIMITS =
            new MergeLimits(1 << 30, 8, Duration.ZERO, Duration.ZERO);
    private static final Clock LATER =
            Clock.fixed(NOON.plus(Duration.ofDays(1000)), ZoneOffset.UTC);

    @TempDir Path folder;

    @Test
    void eachMomentThatIsKeptIsWhatItWas() throws IOException {
        RandomBases.checkAll(folder, SEEDS, new Keeping());
    }

    /** A position of these histories is its commit's millisecond after noon. */
    private static Instant time(Position position) {
        return NOON.plusMillis(position.value());
    }

    /** What was promised of each archive. */
    private final class Keeping implements RandomBases.Step {
        private final Map<Archive, Position> first = new HashMap<>();
        private final Map<Archive, List<Position>> marked = new HashMap<>();
        private final Map<Archive, List<Position>> heldFrom = new HashMap<>();
        private final Map<Archive, List<Position>> heldTo = new HashMap<>();

        @Override
        public void run(Archive archive, Random random, RandomBases.Other other)
                throws IOException {
            archive.refresh();
            if (random.nextInt(3) == 0) {
                other.run();
            }
            if (random.nextBoolean()) {
                Optional<FoldedBase> base = FoldedBase.begin(archive, folder, LATER);
                if (base.isPresent()) {
                    base.get().run(FoldedBase.Progress.NONE);
                }
            }
            if (random.nextInt(3) == 0) {
                new Merge(archive, folder, LATER, LIMITS, true).run(Merge.Progress.NONE);
            }
            if (random.nextInt(4) == 0) {
                mark(archive, random);
            }
            if (random.nextInt(4) == 0) {
                hold(archive, random);
            }
            if (random.nextBoolean()) {
                expire(archive, random);
            }
        }

        /** In what is kept by now. */
        private Position any(Archive archive, Random random) {
            long from =
                    Math.max(
                            archive.state().stretches().getLast().from().value(),
                            first.getOrDefault(archive, at(1)).value());
            long to = archive.state().newest().orElseThrow().span().to().value();
            return at(from + random.nextLong(to - from + 1));
        }

        private void mark(Archive archive, Random random) throws IOException {
            Target target = new Target(new Moment.AtPosition(any(archive, random)), false);
            Position marked =
                    new Marks(archive, LATER)
                            .add("m" + archive.state().last(), target, "", folder)
                            .position();
            of(this.marked, archive).add(marked);
        }

        private void hold(Archive archive, Random random) throws IOException {
            Position one = any(archive, random);
            Position other = any(archive, random);
            Position from = one.isAfter(other) ? other : one;
            Position to = one.isAfter(other) ? one : other;
            new Holds(archive, LATER).add("h" + archive.state().last(), time(from), time(to), "");
            of(heldFrom, archive).add(from);
            of(heldTo, archive).add(to);
        }

        private void expire(Archive archive, Random random) throws IOException {
            Optional<Duration> history =
                    random.nextInt(4) == 0
                            ? Optional.empty()
                            : Optional.of(Duration.ofMillis(1 + random.nextInt(60)));
            Optional<Duration> window =
                    random.nextBoolean()
                            ? Optional.empty()
                            : history.or(() -> Optional.of(Duration.ofMillis(30)))
                                    .map(all -> all.dividedBy(1 + random.nextInt(3)))
                                    .filter(Duration::isPositive);
            Map<Cycle, Integer> bases =
                    random.nextBoolean() ? Map.of() : Map.of(Cycle.DAILY, 1 + random.nextInt(3));
            new Expire(archive, LATER, LIMITS).run(new Retention(window, bases, history));
            long end = archive.state().newest().orElseThrow().span().to().value();
            history.ifPresent(
                    kept ->
                            first.merge(
                                    archive,
                                    at(Math.max(1, end - kept.toMillis())),
                                    (one, later) -> later.isAfter(one) ? later : one));
        }

        private static List<Position> of(Map<Archive, List<Position>> all, Archive archive) {
            return all.computeIfAbsent(archive, none -> new ArrayList<>());
        }

        @Override
        public boolean mayBeGone(Archive archive, Position moment) {
            boolean isOld = moment.isBefore(first.getOrDefault(archive, at(1)));
            boolean isMarked = of(marked, archive).contains(moment);
            boolean isHeld = false;
            for (int n = 0; n < of(heldFrom, archive).size(); n++) {
                isHeld |=
                        !moment.isBefore(of(heldFrom, archive).get(n))
                                && !moment.isAfter(of(heldTo, archive).get(n));
            }
            return isOld && !isMarked && !isHeld;
        }
    }
}
