package dev.tidemark.cli.moment;

import dev.tidemark.archive.manifest.Mark;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.change.Position;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Reads a moment: a time, a position, a transaction's number, a mark's name or {@code latest}. A
 * time that does not name exactly one instant, or one that is yet to come, is refused.
 *
 * @param zone of times without an offset
 */
public record MomentParser(Optional<ZoneId> zone, Clock clock) {
    private static final String FORMS =
            "Write a time such as 2026-11-20T14:03:07.5Z or 2026-11-20T14:03:07+02:00, a position such"
                    + " as 0/1A2B3C8, a transaction such as xid:4711, a mark such as mark:before-import, or latest.";

    private static final String MARK = "mark:";
    private static final Pattern XID = Pattern.compile("xid:([1-9][0-9]{0,18})");
    private static final Pattern LIKE_A_TIME = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}.*");

    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ISO_LOCAL_DATE_TIME.withResolverStyle(ResolverStyle.STRICT);

    /** PostgreSQL writes whole hours as {@code +02}. */
    private static final DateTimeFormatter WITH_OFFSET =
            new DateTimeFormatterBuilder()
                    .append(LOCAL)
                    .appendOffset("+HH:mm", "Z")
                    .toFormatter()
                    .withResolverStyle(ResolverStyle.STRICT);

    /**
     * Reads one.
     *
     * @throws TidemarkException (usage) for other text, (refused) for a time in the future
     */
    public Moment parse(String text) {
        return parse(text, this::past);
    }

    /**
     * The same, where a time may be to come.
     *
     * @throws TidemarkException (usage) for other text
     */
    public Moment parseEvenToCome(String text) {
        return parse(text, UnaryOperator.identity());
    }

    private Moment parse(String text, UnaryOperator<Instant> check) {
        if (text.equals("latest")) {
            return new Moment.Latest();
        }
        var xid = XID.matcher(text);
        if (xid.matches()) {
            return transaction(text, xid.group(1));
        }
        Optional<Position> position = Position.parse(text);
        if (position.isPresent()) {
            return new Moment.AtPosition(position.get());
        }
        if (text.startsWith(MARK) && Mark.isName(text.substring(MARK.length()))) {
            return new Moment.AtMark(text.substring(MARK.length()));
        }
        if (LIKE_A_TIME.matcher(text).matches()) {
            return new Moment.AtTime(check.apply(time(text.replaceFirst("^(.{10}) ", "$1T"))));
        }
        throw notAMoment(text);
    }

    private static Moment transaction(String text, String digits) {
        try {
            return new Moment.AtTransaction(Long.parseLong(digits));
        } catch (NumberFormatException e) {
            throw notAMoment(text);
        }
    }

    private Instant time(String text) {
        try {
            return OffsetDateTime.parse(text, WITH_OFFSET).toInstant();
        } catch (DateTimeParseException e) {
            return localTime(text);
        }
    }

    private Instant localTime(String text) {
        try {
            LocalDateTime local = LocalDateTime.parse(text, LOCAL);
            return zone.map(known -> inZone(local, known)).orElseThrow(() -> withoutZone(text));
        } catch (DateTimeParseException e) {
            throw notAMoment(text);
        }
    }

    private static Instant inZone(LocalDateTime local, ZoneId zone) {
        ZoneOffsetTransition transition = zone.getRules().getTransition(local);
        if (transition == null) {
            return local.atZone(zone).toInstant();
        }
        ZoneOffset before = transition.getOffsetBefore();
        ZoneOffset after = transition.getOffsetAfter();
        String what =
                transition.isGap()
                        ? "the time %s does not exist in %s: the clocks went from %s to %s"
                        : "the time %s came twice in %s: the clocks went from %s to %s";
        throw TidemarkException.usage(
                what.formatted(local, zone, before, after),
                "Write it with an offset: %s%s or %s%s.".formatted(local, before, local, after));
    }

    private Instant past(Instant time) {
        Instant now = clock.instant();
        if (time.isAfter(now)) {
            throw TidemarkException.refused(
                    "the moment " + time + " is in the future: now is " + now,
                    "Give a time that has passed, or latest.");
        }
        return time;
    }

    private static TidemarkException withoutZone(String text) {
        return TidemarkException.usage(
                "the time " + text + " has no offset, and no timezone is configured",
                "Write "
                        + text
                        + "Z if it is UTC, or another offset, such as "
                        + text
                        + "+02:00; or set timezone in the configuration.");
    }

    private static TidemarkException notAMoment(String text) {
        return TidemarkException.usage("not a moment: '" + text + "'", FORMS);
    }
}
