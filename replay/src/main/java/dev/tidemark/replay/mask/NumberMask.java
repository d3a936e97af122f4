package dev.tidemark.replay.mask;

/**
 * Whole numbers to others of the same sign, one to one. For one thread.
 *
 * @param greatest of those that are not negative
 * @param least of the negative ones, less one, without its sign
 */
record NumberMask(Permutation permutation, long greatest, long least) {
    /** JavaScript's Number.MAX_SAFE_INTEGER: what readers of JSON take for a whole number. */
    private static final long JSON_MAX = (1L << 53) - 1;

    static NumberMask of(KeyedHash hash, ColumnType type) {
        long greatest = type.greatest();
        boolean isDecimal = type.kind() == ColumnType.Kind.NUMERIC;
        return new NumberMask(
                new Permutation(hash, greatest), greatest, isDecimal ? greatest - 1 : greatest);
    }

    static NumberMask ofJson(KeyedHash hash) {
        return new NumberMask(new Permutation(hash, JSON_MAX), JSON_MAX, JSON_MAX - 1);
    }

    /** Is it one that it is one to one for? */
    boolean holds(String digits) {
        return digits.matches("-?\\d{1,19}") && isInRange(digits);
    }

    private boolean isInRange(String digits) {
        long from0 = from0(digits);
        return from0 >= 0 && from0 <= (isNegative(digits) ? least : greatest);
    }

    /** The other number; what is none of its numbers, such as NaN, becomes 0. */
    String of(String digits) {
        if (!holds(digits)) {
            return "0";
        }
        long other = permutation.of(from0(digits));
        if (!isNegative(digits)) {
            return Long.toString(other);
        }
        while (other > least) {
            other = permutation.of(other);
        }
        return "-" + Long.toUnsignedString(other + 1);
    }

    private static boolean isNegative(String digits) {
        return digits.startsWith("-");
    }

    /** The least of a two's complement has no positive twin. */
    private static long from0(String digits) {
        return isNegative(digits)
                ? Long.parseUnsignedLong(digits.substring(1)) - 1
                : Long.parseUnsignedLong(digits);
    }
}
