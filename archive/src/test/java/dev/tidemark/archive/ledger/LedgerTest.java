package dev.tidemark.archive.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.ledger.LedgerEntry.Kind;
import dev.tidemark.archive.store.MemoryObjectStore;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
    private static final int ENTRIES = 1_100; // more than one listing

    private final Ledger ledger = new Ledger(new MemoryObjectStore());

    @Test
    void theNewestOfAKindThatEndedWellIsFoundWhoeverWroteWhen() throws IOException {
        LedgerEntry whole = entry(Kind.VERIFY, NOON.plusSeconds(ENTRIES), true);
        ledger.add(whole);
        ledger.add(entry(Kind.VERIFY, NOON.plusSeconds(ENTRIES + 1), false));
        for (int i = 0; i < ENTRIES; i++) {
            ledger.add(entry(Kind.VERIFY, NOON.plusSeconds(i), true));
        }
        LedgerEntry restore = entry(Kind.RESTORE, NOON, true);
        ledger.add(restore);

        assertThat(ledger.newestGood(Kind.VERIFY)).contains(whole);
        assertThat(ledger.newest(Kind.VERIFY).map(LedgerEntry::good)).contains(false);
        assertThat(ledger.newestGood(Kind.RESTORE)).contains(restore);
    }

    @Test
    void theNewestOfAllKindsComeFirst() throws IOException {
        List<LedgerEntry> entries =
                List.of(
                        entry(Kind.VERIFY, NOON.plusSeconds(3), false),
                        entry(Kind.BASE, NOON.plusSeconds(2), true),
                        entry(Kind.RESTORE, NOON.plusSeconds(1), true));
        for (LedgerEntry entry : entries.reversed()) {
            ledger.add(entry);
        }
        ledger.add(entry(Kind.INIT, NOON, true));

        assertThat(ledger.newest(3)).isEqualTo(entries);
    }

    @Test
    void aDrillHasItsVerdictAndOneOfBeforeHasNone() throws IOException {
        LedgerEntry before = entry(Kind.DRILL, NOON, true);
        LedgerEntry whole =
                entry(Kind.DRILL, NOON.plusSeconds(1), true)
                        .proving(
                                new LedgerEntry.Drill(
                                        DrillVerdict.EQUAL_TO_THE_SOURCE, OptionalLong.of(7)));
        LedgerEntry brokenOff =
                entry(Kind.DRILL, NOON.plusSeconds(2), false)
                        .proving(
                                new LedgerEntry.Drill(
                                        DrillVerdict.BROKE_OFF, OptionalLong.empty()));
        for (LedgerEntry entry : List.of(before, whole, brokenOff)) {
            ledger.add(entry);
        }

        assertThat(ledger.newest(3)).containsExactly(brokenOff, whole, before);
        assertThat(ledger.newest(Kind.DRILL, entry -> entry.drill().isEmpty())).contains(before);
    }

    @Test
    void anEmptyLedgerSaysNothing() throws IOException {
        assertThat(ledger.newestGood(Kind.RESTORE)).isEmpty();
    }

    private static LedgerEntry entry(Kind kind, Instant time, boolean good) {
        return new LedgerEntry(
                Ledger.FORMAT, kind, time, 3, good, 250, 1_000, Optional.of("ada@ops1"));
    }
}
