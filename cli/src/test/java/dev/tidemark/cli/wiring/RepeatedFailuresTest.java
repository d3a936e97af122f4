package dev.tidemark.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.ledger.LedgerEntry.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

final class RepeatedFailuresTest {
    private Instant now = Instant.parse("2026-11-20T12:00:00Z");
    private final RepeatedFailures failures = new RepeatedFailures(new Now());

    @Test
    void whatFailsAgainAndAgainIsNotedOnceADay() {
        assertThat(failures.isNoted(Kind.MERGE)).isTrue();
        assertThat(failures.isNoted(Kind.BASE)).isTrue();
        now = now.plus(Duration.ofHours(23));
        assertThat(failures.isNoted(Kind.MERGE)).isFalse();
        now = now.plus(Duration.ofHours(1));
        assertThat(failures.isNoted(Kind.MERGE)).isTrue();
        assertThat(failures.isNoted(Kind.MERGE)).isFalse();
    }

    @Test
    void whatFailsAfterItWentWellIsNews() {
        assertThat(failures.isNoted(Kind.MERGE)).isTrue();
        failures.isOver(Kind.MERGE);

        assertThat(failures.isNoted(Kind.MERGE)).isTrue();
    }

    private final class Now extends Clock {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
