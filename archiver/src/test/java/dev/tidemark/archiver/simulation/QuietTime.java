package dev.tidemark.archiver.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archiver.segment.SegmentLimits;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A time in which nothing fails: then the archive gets all that happened, or stands at a hole. */
final class QuietTime {
    private static final SegmentLimits LIMITS =
            new SegmentLimits(Duration.ZERO, Duration.ZERO, 20_000, 2_000);
    private static final int STEPS_MAX = 20_000; // some 100 suffice for a transaction
    private static final int LOOK_STEPS = 20;

    private final Site site;
    private final ArchiveCheck check;
    private final ArchiverProcess archiver;

    /**
     * What comes last.
     *
     * @param number of its archiver
     */
    QuietTime(Site site, ArchiveCheck check, int number) throws IOException {
        this.site = site;
        this.check = check;
        this.archiver = new ArchiverProcess(site, number, LIMITS, Fates.CALM);
    }

    /** All happens, and is checked; has the archive all of it? */
    boolean run() throws IOException {
        try {
            site.topic.giveTo(Optional.of(archiver.member()));
            archiveAll();
            while (!site.underWay.isEmpty()) {
                site.arrive();
            }
            site.source.heartbeat(); // what was left in the next number's folder is decided by it
            archiveAll();
            archiver.member().stop();
            archiver.steps(STEPS_MAX);
        } finally {
            archiver.kill();
        }
        return checkEnd();
    }

    private void archiveAll() throws IOException {
        while (site.captures.write()) {}
        for (int steps = 0; steps < STEPS_MAX && !archiver.hasEnded(); steps += LOOK_STEPS) {
            check.check();
            if (check.isWhole()) {
                return;
            }
            archiver.steps(LOOK_STEPS);
        }
        assertThat(site.topic.hasLost()).describedAs("what is missing was lost").isTrue();
    }

    private boolean checkEnd() throws IOException {
        check.check();
        if (check.isWhole()) {
            assertThat(archiver.failure()).isEmpty();
            check.checkNoGarbage();
        } else {
            assertThat(archiver.failure())
                    .hasValueSatisfying(
                            why -> assertThat(why).matches(ArchiverProcess::saysOfLoss));
        }
        RestoreCheck restores = new RestoreCheck(site, check.check(), check.transactions());
        restores.latest();
        restores.anyPosition();
        restores.anyTime();
        return check.isWhole();
    }
}
