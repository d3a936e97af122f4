package dev.tidemark.cli.moment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.archive.plan.Moment;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.TidemarkException.Kind;
import dev.tidemark.schemas.change.Position;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MomentParserTest {
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-20T14:03:08Z"), ZoneOffset.UTC);
    private static final String FORMS =
            "Write a time such as 2026-11-20T14:03:07.5Z or 2026-11-20T14:03:07+02:00, a position such"
                    + " as 0/1A2B3C8, a transaction such as xid:4711, a mark such as mark:before-import, or latest.";

    private final MomentParser withoutZone = new MomentParser(Optional.empty(), CLOCK);
    private final MomentParser inBerlin =
            new MomentParser(Optional.of(ZoneId.of("Europe/Berlin")), CLOCK);

    @ParameterizedTest
    @CsvSource({
        "2026-11-20T14:03:07.5Z, 2026-11-20T14:03:07.5Z",
        "2026-11-20 14:03:07.123456Z, 2026-11-20T14:03:07.123456Z",
        "2026-11-20T14:03Z, 2026-11-20T14:03:00Z",
        "2026-11-20T14:03:07+02:00, 2026-11-20T12:03:07Z",
        "2026-11-20 14:03:07.5+02, 2026-11-20T12:03:07.5Z",
        "2026-11-20 08:33:07-05:30, 2026-11-20T14:03:07Z",
    })
    void aTimeWithAnOffsetNeedsNoZone(String text, Instant time) {
        assertThat(withoutZone.parse(text)).isEqualTo(new Moment.AtTime(time));
    }

    @Test
    void aTimeWithoutAnOffsetIsInTheConfiguredZone() {
        assertThat(inBerlin.parse("2026-07-01 12:00:00"))
                .isEqualTo(new Moment.AtTime(Instant.parse("2026-07-01T10:00:00Z")));
    }

    @Test
    void anOffsetGoesBeforeTheConfiguredZone() {
        assertThat(inBerlin.parse("2026-07-01T12:00:00Z"))
                .isEqualTo(new Moment.AtTime(Instant.parse("2026-07-01T12:00:00Z")));
    }

    @Test
    void aPositionATransactionAndTheLatestAreRead() {
        assertThat(withoutZone.parse("0/1A2B3C8"))
                .isEqualTo(new Moment.AtPosition(new Position(0x1A2B3C8)));
        assertThat(withoutZone.parse("xid:4711")).isEqualTo(new Moment.AtTransaction(4711));
        assertThat(withoutZone.parse("latest")).isEqualTo(new Moment.Latest());
    }

    @Test
    void aTimeWithoutAnOffsetAndWithoutAZoneIsRefusedWithExamplesOfItself() {
        assertError(
                withoutZone,
                "2026-11-20 14:03:07",
                Kind.USAGE,
                "the time 2026-11-20T14:03:07 has no offset, and no timezone is configured",
                "Write 2026-11-20T14:03:07Z if it is UTC, or another offset, such as"
                        + " 2026-11-20T14:03:07+02:00; or set timezone in the configuration.");
    }

    @Test
    void aTimeThatTheClocksLeftOutIsRefused() {
        assertError(
                inBerlin,
                "2026-03-29T02:30:00",
                Kind.USAGE,
                "the time 2026-03-29T02:30 does not exist in Europe/Berlin: the clocks went from"
                        + " +01:00 to +02:00",
                "Write it with an offset: 2026-03-29T02:30+01:00 or 2026-03-29T02:30+02:00.");
    }

    @Test
    void aTimeThatCameTwiceIsRefused() {
        assertError(
                inBerlin,
                "2026-10-25T02:30:00.25",
                Kind.USAGE,
                "the time 2026-10-25T02:30:00.250 came twice in Europe/Berlin: the clocks went from"
                        + " +02:00 to +01:00",
                "Write it with an offset: 2026-10-25T02:30:00.250+02:00 or"
                        + " 2026-10-25T02:30:00.250+01:00.");
    }

    @Test
    void aTimeInTheFutureIsRefused() {
        assertError(
                withoutZone,
                "2026-11-20T14:03:08.001Z",
                Kind.REFUSED,
                "the moment 2026-11-20T14:03:08.001Z is in the future: now is 2026-11-20T14:03:08Z",
                "Give a time that has passed, or latest.");
    }

    @Test
    void nowIsNotInTheFuture() {
        assertThat(withoutZone.parse("2026-11-20T14:03:08Z"))
                .isEqualTo(new Moment.AtTime(CLOCK.instant()));
    }

    @Test
    void aMarkIsNamedAsItWasWritten() {
        assertThat(inBerlin.parse("mark:before the import"))
                .isEqualTo(new Moment.AtMark("before the import"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mark:",
                "mark: a",
                "yesterday",
                "LATEST",
                "2026-11-20",
                "2026-02-30T10:00:00Z",
                "2026-11-20T24:00:00Z",
                "2026-11-20T14:03:07 Z",
                "0/123456789",
                "xid:0",
                "xid:-1",
                "xid:9999999999999999999"
            })
    void otherTextIsAnsweredWithAllForms(String text) {
        assertError(inBerlin, text, Kind.USAGE, "not a moment: '" + text + "'", FORMS);
    }

    private static void assertError(
            MomentParser parser, String text, Kind kind, String message, String hint) {
        TidemarkException error =
                catchThrowableOfType(TidemarkException.class, () -> parser.parse(text));

        assertThat(error).hasMessage(message);
        assertThat(error.hint()).isEqualTo(hint);
        assertThat(error.kind()).isEqualTo(kind);
    }
}
