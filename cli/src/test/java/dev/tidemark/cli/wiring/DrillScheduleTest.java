package dev.tidemark.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.ledger.Ledger;
import dev.tidemark.archive.ledger.LedgerEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DrillScheduleTest {
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);

    @Test
    void anArchiveThatWasNeverDrilledIsDueAtOnce() {
        assertThat(DrillSchedule.due(Optional.empty(), WEEK)).isEqualTo(Instant.MIN);
    }

    @Test
    void whatEndedWellIsDueAfterTheInterval() {
        assertThat(DrillSchedule.due(Optional.of(drilled(true)), WEEK)).isEqualTo(NOON.plus(WEEK));
    }

    @Test
    void whatDidNotIsDueTheNextDayOrSooner() {
        assertThat(DrillSchedule.due(Optional.of(drilled(false)), WEEK))
                .isEqualTo(NOON.plus(Duration.ofDays(1)));
        assertThat(DrillSchedule.due(Optional.of(drilled(false)), Duration.ofHours(6)))
                .isEqualTo(NOON.plus(Duration.ofHours(6)));
    }

    private static LedgerEntry drilled(boolean good) {
        return new LedgerEntry(
                Ledger.FORMAT,
                LedgerEntry.Kind.DRILL,
                NOON,
                3,
                good,
                250,
                1_000,
                Optional.of("ada@ops1"));
    }
}
