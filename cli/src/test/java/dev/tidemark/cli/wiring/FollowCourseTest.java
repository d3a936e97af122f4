package dev.tidemark.cli.wiring;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Merged;
import dev.tidemark.archive.manifest.Stretch;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.RestorePlan;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.replay.load.RestoreRecord;
import dev.tidemark.schemas.change.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far a database that follows goes next. */
final class FollowCourseTest {
    @TempDir private Path folder;
    private WrittenArchive written;
    private Manifest base;

    @BeforeEach
    void startAnArchive() throws IOException {
        written =
                new WrittenArchive(
                        Archive.create(new MemoryObjectStore(), Samples.IDENTITY), folder);
        base = written.base(100, NOON);
    }

    private Manifest segment(long position, int second) throws IOException {
        return written.segment(List.of(Transaction.empty(position, NOON.plusSeconds(second))));
    }

    private RestorePlan to(Moment moment) throws IOException {
        return new Planner(written.archive(), folder).plan(new Target(moment, false));
    }

    private Optional<Position> next(Duration delay, int now, Optional<RestorePlan> end)
            throws IOException {
        RestoreRecord there =
                new RestoreRecord("crm", "7001", "crm", base.number(), at(100), NOON, "then");
        Clock clock = Clock.fixed(NOON.plusSeconds(now), ZoneOffset.UTC);
        return new FollowCourse(written.archive(), folder, delay, clock)
                .next(there, end)
                .map(plan -> plan.cut().position());
    }

    @Test
    void ofStretchesWithOneOriginTheOneThatHoldsThePositionCounts() throws IOException {
        Manifest expired = segment(110, 1);
        written.foldedBase(Map.of());
        segment(120, 2);
        ArchiveState state =
                written.archive()
                        .state()
                        .without(List.of(new Merged.Range(expired.number(), expired.number())));

        List<Stretch> stretches = state.stretches();
        assertThat(stretches).hasSize(2);
        assertThat(own(stretches, 100)).contains(stretches.getFirst());
        assertThat(own(stretches, 105)).isEmpty();
        assertThat(own(stretches, 110)).contains(stretches.getLast());
        assertThat(own(stretches, 120)).contains(stretches.getLast());
        assertThat(own(stretches, 130)) // it followed the change log
                .contains(stretches.getLast());
        assertThat(FollowCourse.own(stretches, base.number() + 100, at(110))).isEmpty();
    }

    private Optional<Stretch> own(List<Stretch> stretches, long position) {
        return FollowCourse.own(stretches, base.number(), at(position));
    }

    @Test
    void theDelayHoldsOnTheWayToAMomentToo() throws IOException {
        segment(110, 1);
        segment(120, 20);
        segment(130, 30);
        Optional<RestorePlan> end = Optional.of(to(new Moment.AtPosition(at(120))));
        Duration delay = Duration.ofSeconds(10);

        assertThat(next(delay, 25, end)).contains(at(110));
        assertThat(next(delay, 30, end)).contains(at(120));
        assertThat(next(delay, 300, end)).contains(at(120));
        assertThat(next(Duration.ZERO, 25, end)).contains(at(120));
    }
}
