package dev.tidemark.replay.mask;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What an invented value looks like. */
public enum FakeKind {
    FIRST_NAME("first-name"),
    LAST_NAME("last-name"),
    FULL_NAME("full-name"),
    COMPANY("company"),
    /** At example.com and its siblings, which receive no mail (RFC 2606). */
    EMAIL("email"),
    /** Of the numbers that are kept for fiction, which nobody has (555-0100 to 555-0199). */
    PHONE("phone"),
    STREET("street"),
    CITY("city"),
    POSTCODE("postcode"),
    COUNTRY("country"),
    /** Street, postcode and city in one line. */
    ADDRESS("address");

    private final String word;

    FakeKind(String word) {
        this.word = word;
    }

    static Optional<FakeKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(FakeKind::toString).toList();
    }

    /** As a mask file writes it. */
    @Override
    public String toString() {
        return word;
    }
}
