package dev.tidemark.schemas.change;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the source's commit order: 64 bits, compared without sign, that only grow on one
 * timeline history.
 *
 * <p>For PostgreSQL it is a log sequence number; a transaction's position is the <em>end</em> of
 * its commit record. It is written as PostgreSQL writes it, {@code 0/1A2B3C8}. Other sources put
 * theirs into the same 64 bits (MySQL: binary log number and offset), so that formats need not
 * change.
 */
public record Position(long value) implements Comparable<Position> {
    /** Before everything. */
    public static final Position ZERO = new Position(0);

    private static final Pattern NOTATION =
            Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");

    /** Reads PostgreSQL's notation; empty when the text is something else. */
    public static Optional<Position> parse(String text) {
        Matcher parts = NOTATION.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        long high = Long.parseLong(parts.group(1), 16);
        long low = Long.parseLong(parts.group(2), 16);
        return Optional.of(new Position(high << 32 | low));
    }

    /** Like {@link #parse}, for text that a server or our own format wrote. */
    public static Position of(String text) {
        return parse(text)
                .orElseThrow(() -> new IllegalArgumentException("not a position: " + text));
    }

    public boolean isAfter(Position other) {
        return compareTo(other) > 0;
    }

    public boolean isBefore(Position other) {
        return compareTo(other) < 0;
    }

    @Override
    public int compareTo(Position other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%X/%X", value >>> 32, value & 0xFFFF_FFFFL);
    }
}
