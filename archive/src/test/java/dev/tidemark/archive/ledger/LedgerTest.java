package dev.tidemark.archive.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.ledger.LedgerEntry.Kind;
import dev.tidemark.archive.store.MemoryObjectStore;
import java.io.IOException;
import java.time.Instant;
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
        assertThat(ledger.newestGood(Kind.RESTORE)).contains(restore);
    }

    @Test
    void anEmptyLedgerSaysNothing() throws IOException {
        assertThat(ledger.newestGood(Kind.RESTORE)).isEmpty();
    }

    private static LedgerEntry entry(Kind kind, Instant time, boolean good) {
        return new LedgerEntry(Ledger.FORMAT, kind, time, 3, good, 250, 1_000);
    }
}
