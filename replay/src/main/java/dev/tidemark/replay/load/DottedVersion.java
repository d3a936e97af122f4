package dev.tidemark.replay.load;

import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Versions of extensions as most of them are, numbers with dots between: 1.9 comes before 1.10. */
final class DottedVersion {
    private static final Pattern FORM = Pattern.compile("[0-9]+(\\.[0-9]+)*");

    private DottedVersion() {}

    /** Less than 0 when the first comes before the other; empty when one has another form. */
    static OptionalInt compare(String first, String other) {
        if (!FORM.matcher(first).matches() || !FORM.matcher(other).matches()) {
            return OptionalInt.empty();
        }
        String[] firsts = first.split("\\.", -1);
        String[] others = other.split("\\.", -1);
        for (int i = 0; i < Math.max(firsts.length, others.length); i++) {
            int compared = number(firsts, i).compareTo(number(others, i));
            if (compared != 0) {
                return OptionalInt.of(compared);
            }
        }
        return OptionalInt.of(0);
    }

    /** 1.2 is 1.2.0. */
    private static BigInteger number(String[] parts, int at) {
        return Optional.of(parts)
                .filter(there -> at < there.length)
                .map(there -> new BigInteger(there[at]))
                .orElse(BigInteger.ZERO);
    }
}
