package dev.tidemark.replay.search;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads numbers that may be written in several ways. */
final class Decimals {
    /** A longer one is compared by its text: reading it takes more than linear time. */
    static final int CHARACTERS_MAX = 400;

    /** The exponent is bounded, so that no number of it has millions of digits. */
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,3})?");

    private Decimals() {}

    /** Empty when it is none. */
    static Optional<BigDecimal> read(String text) {
        boolean isOne = text.length() <= CHARACTERS_MAX && DECIMAL.matcher(text).matches();
        return isOne ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }
}
