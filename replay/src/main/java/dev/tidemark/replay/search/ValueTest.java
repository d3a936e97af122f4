package dev.tidemark.replay.search;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tidemark.replay.history.KeyTexts;
import dev.tidemark.schemas.change.Value;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Says of a field that is known whether it is what somebody looks for. */
interface ValueTest {
    /** Nothing is. */
    ValueTest NEVER = value -> false;

    ValueTest NULL = value -> value == Value.Mark.NULL;

    boolean is(Value value);

    /** Of a field that may not be known. */
    default Verdict of(Value value) {
        return value.isKnown() ? Verdict.of(is(value)) : Verdict.DEPENDS;
    }

    /**
     * Is it a value, by the column's type? Empty when it is none of that type.
     *
     * @param type as the source writes it in a definition
     */
    static Optional<ValueTest> equalTo(String type, String wanted) {
        String plain = type.replaceFirst("\\(.*\\)", "");
        boolean isNumber =
                Set.of("numeric", "real", "double precision").contains(plain)
                        && Decimals.read(wanted).isPresent();
        if (Set.of("real", "double precision").contains(plain)
                && !isNumber
                && !Set.of("NaN", "Infinity", "-Infinity").contains(wanted)) {
            return Optional.empty();
        }
        if (isNumber) {
            BigDecimal number = Decimals.read(wanted).orElseThrow();
            return Optional.of(value -> isSame(value, number));
        }
        return KeyTexts.value(type, wanted).map(Value::text).map(text -> text::equals);
    }

    private static boolean isSame(Value value, BigDecimal number) {
        return value instanceof Value.Text text
                && text.bytes() <= Decimals.CHARACTERS_MAX
                && Decimals.read(text.toString())
                        .filter(one -> one.compareTo(number) == 0)
                        .isPresent();
    }

    /** Does it contain a text, whatever letters are capitals? */
    static ValueTest containing(String text) {
        boolean isAscii = text.chars().allMatch(letter -> letter < 0x80);
        byte[] folded = text.toLowerCase(Locale.ROOT).getBytes(UTF_8);
        String lower = text.toLowerCase(Locale.ROOT);
        return value ->
                switch (value) {
                    case Value.Text small when isAscii -> contains(small.utf8(), folded);
                    case Value.Mark none -> false;
                    default -> value.toString().toLowerCase(Locale.ROOT).contains(lower);
                };
    }

    /** In UTF-8 the bytes of an ASCII text are no part of other letters. */
    private static boolean contains(byte[] in, byte[] folded) {
        for (int from = 0; from <= in.length - folded.length; from++) {
            int at = 0;
            while (at < folded.length && fold(in[from + at]) == folded[at]) {
                at++;
            }
            if (at == folded.length) {
                return true;
            }
        }
        return false;
    }

    private static int fold(byte letter) {
        return letter >= 'A' && letter <= 'Z' ? letter + ('a' - 'A') : letter;
    }
}
