package dev.tidemark.cli.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.manifest.ArchiveState;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.LogPoint;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Merged;
import dev.tidemark.archive.manifest.Span;
import dev.tidemark.schemas.change.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The archive stood still when no segment came for longer than it should. */
class OutagesTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final FileRef CATALOG =
            new FileRef(
                    "data/00000000000000000000-0badcafe/schema.json",
                    FileRef.Kind.CATALOG,
                    2,
                    0,
                    "0".repeat(64),
                    0,
                    0);

    private final List<Manifest> manifests = new ArrayList<>();

    private static Instant minutes(int after) {
        return NOON.plus(Duration.ofMinutes(after));
    }

    private ArchiveState with(Manifest.Kind kind, int minutes) {
        return with(kind, minutes, Optional.empty());
    }

    private ArchiveState with(Manifest.Kind kind, int minutes, Optional<Merged> merged) {
        long number = manifests.size();
        manifests.add(
                new Manifest(
                        1,
                        number,
                        "",
                        kind,
                        "",
                        minutes(minutes),
                        1,
                        new LogPoint("tidemark.crm", "topic", number, 0, Optional.empty()),
                        new Span(
                                new Position(number),
                                new Position(number + 1),
                                NOON,
                                NOON,
                                NOON,
                                1,
                                1),
                        CATALOG,
                        List.of(CATALOG),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        merged,
                        Optional.empty(),
                        Optional.empty()));
        return new ArchiveState(number, "", manifests, List.of(), List.of());
    }

    @Test
    void whatWasAwayForLongIsFoundOnceWhenItIsBack() {
        Outages outages = new Outages(with(Manifest.Kind.BASE, 0), Duration.ofMinutes(1));

        assertThat(outages.in(with(Manifest.Kind.SEGMENT, 5))).isEmpty();
        assertThat(outages.in(with(Manifest.Kind.TABLE_BASE_BEGUN, 9))).isEmpty();
        ArchiveState back = with(Manifest.Kind.SEGMENT, 17);
        assertThat(outages.in(back)).containsExactly(new Outages.Outage(minutes(5), minutes(17)));
        assertThat(outages.in(back)).isEmpty();
        assertThat(outages.in(with(Manifest.Kind.SEGMENT, 18))).isEmpty();
    }

    @Test
    void segmentsThatWereMergedBeforeAnybodyLookedWereThere() {
        Outages outages = new Outages(with(Manifest.Kind.BASE, 0), Duration.ofMinutes(1));
        manifests.clear(); // those up to the tenth minute are merged in the twelfth
        Merged merged = new Merged(List.of(new Merged.Range(1, 10)), -1);
        ArchiveState unused = with(Manifest.Kind.MERGED_SEGMENT, 12, Optional.of(merged));

        assertThat(outages.in(with(Manifest.Kind.SEGMENT, 12))).isEmpty();
        assertThat(outages.in(with(Manifest.Kind.SEGMENT, 30)))
                .containsExactly(new Outages.Outage(minutes(12), minutes(30)));
    }

    @Test
    void anArchiveThatGrowsSeldomByItsSettingsIsNotAway() {
        Outages outages = new Outages(with(Manifest.Kind.BASE, 0), Duration.ofMinutes(10));

        assertThat(outages.in(with(Manifest.Kind.SEGMENT, 25))).isEmpty();
        assertThat(outages.in(with(Manifest.Kind.SEGMENT, 56)))
                .containsExactly(new Outages.Outage(minutes(25), minutes(56)));
    }

    @Test
    void aClockThatWasPutBackIsNoOutage() {
        Outages outages = new Outages(with(Manifest.Kind.BASE, 30), Duration.ofMinutes(1));

        assertThat(outages.in(with(Manifest.Kind.SEGMENT, 0))).isEmpty();
        assertThat(outages.in(with(Manifest.Kind.SEGMENT, 1))).isEmpty();
    }
}
