package dev.tidemark.capture.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import dev.tidemark.schemas.database.Database;
import dev.tidemark.schemas.database.DatabaseUrl;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SlotGuardTest {
    private static final Position LOG_END = new Position(200);

    private final SlotGuard guard =
            new SlotGuard(
                    new Database(
                            Database.Role.SOURCE,
                            DatabaseUrl.parse("postgresql://tidemark@127.0.0.1:1/crm"),
                            Optional.empty()),
                    "tidemark_crm");

    @Test
    void aSlotThatWaitsForTheLogMayGoOn() {
        assertThatCode(() -> guard.check(slot(100, 300), LOG_END, slot(200, 300)))
                .doesNotThrowAnyException();
    }

    @Test
    void aSlotThatWasPastTheLogBeforeItWasReadHasLostWhatIsBetween() {
        TidemarkException thrown = refusal(slot(201, 300), slot(201, 300));

        assertThat(thrown.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
        assertThat(thrown)
                .hasMessage(
                        "the slot 'tidemark_crm' was moved to 0/C9, past the last captured transaction at 0/C8");
    }

    /** Nothing is lost: the log has grown too, and shows it when it is read again. */
    @Test
    void aSlotThatAnotherCaptureMovedWhileTheLogWasReadIsTriedAgain() {
        TidemarkException thrown = refusal(slot(200, 300), slot(250, 300));

        assertThat(thrown.kind()).isEqualTo(TidemarkException.Kind.FAILED);
        assertThat(thrown)
                .hasMessage(
                        "the slot 'tidemark_crm' was moved to 0/FA while the change log was read to 0/C8");
        assertThat(thrown.hint())
                .isEqualTo(
                        "Another capture came first, and this one stands by when it tries again.");
    }

    @Test
    void aSourceWhoseLogWasBehindBeforeAnotherCaptureWroteMoreIsNoneThatLacksTransactions() {
        assertThatCode(() -> guard.check(slot(100, 150), LOG_END, slot(200, 300)))
                .doesNotThrowAnyException();
    }

    @Test
    void aSourceThatLacksWhatTheLogHasIsRefused() {
        TidemarkException thrown = refusal(slot(100, 150), slot(100, 199));

        assertThat(thrown.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
        assertThat(thrown)
                .hasMessage(
                        "the source's log is at 0/C7, before the last captured transaction at 0/C8");
    }

    private TidemarkException refusal(SlotGuard.Slot before, SlotGuard.Slot after) {
        return catchThrowableOfType(
                TidemarkException.class, () -> guard.check(before, LOG_END, after));
    }

    private static SlotGuard.Slot slot(long acknowledged, long written) {
        return new SlotGuard.Slot(
                Optional.empty(),
                "reserved",
                new Position(acknowledged),
                new Position(written),
                0,
                Optional.empty());
    }
}
