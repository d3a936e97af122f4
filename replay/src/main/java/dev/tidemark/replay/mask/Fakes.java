package dev.tidemark.replay.mask;

import dev.tidemark.schemas.change.Value;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Random;
import net.datafaker.Faker;

/**
 * Invents what a value of some kind looks like: the same for the same value under the same key, in
 * the same version of Tidemark. For one thread.
 */
final class Fakes {
    /** 16 characters of 5 bits: two of 100 million values come to the same once in 10⁸ times. */
    static final int SUFFIX_CHARACTERS = 16;

    /** The longest of {@link #EMAIL_DOMAINS}. */
    static final int EMAIL_DOMAIN_CHARACTERS = "@example.com".length();

    static final int PHONE_CHARACTERS = "+14155550123".length();

    private static final String[] EMAIL_DOMAINS = {"@example.com", "@example.net", "@example.org"};
    private static final int EMAIL_NAME_MAX = 40; // with the suffix below the 64 of RFC 5321

    private final KeyedHash hash;
    private final Random random = new Random(0);
    private final Faker faker;

    Fakes(KeyedHash hash, Locale locale) {
        this.hash = hash;
        faker = new Faker(locale, random);
    }

    /** Are there names in that language? Where there are none, Datafaker takes English ones. */
    static boolean isSpoken(Locale locale) {
        return hasNames(locale.getLanguage())
                || hasNames(locale.getLanguage() + "-" + locale.getCountry());
    }

    private static boolean hasNames(String language) {
        return !language.isEmpty() && Faker.class.getResource("/" + language + ".yml") != null;
    }

    /** How short a column of text may be for it. */
    static int charactersMin(FakeKind kind, boolean isUnique) {
        return switch (kind) {
            case EMAIL -> EMAIL_DOMAIN_CHARACTERS + (isUnique ? SUFFIX_CHARACTERS : 1);
            case PHONE -> PHONE_CHARACTERS + (isUnique ? 1 + SUFFIX_CHARACTERS : 0);
            case FIRST_NAME,
                    LAST_NAME,
                    FULL_NAME,
                    COMPANY,
                    STREET,
                    CITY,
                    POSTCODE,
                    COUNTRY,
                    ADDRESS ->
                    isUnique ? 1 + SUFFIX_CHARACTERS : 1;
        };
    }

    /**
     * Something invented.
     *
     * @param charactersMax what it is cut to; at least {@link #charactersMin}
     * @param isUnique with something at its end that no other value's has
     */
    String of(FakeKind kind, Value value, int charactersMax, boolean isUnique) {
        ByteBuffer mixed = hash.of("fake " + kind, value);
        random.setSeed(mixed.getLong());
        return switch (kind) {
            case EMAIL -> email(mixed, charactersMax);
            case PHONE -> phone(mixed, isUnique);
            case FIRST_NAME,
                    LAST_NAME,
                    FULL_NAME,
                    COMPANY,
                    STREET,
                    CITY,
                    POSTCODE,
                    COUNTRY,
                    ADDRESS ->
                    isUnique
                            ? cut(invented(kind), charactersMax - 1 - SUFFIX_CHARACTERS)
                                    + "-"
                                    + Base32.of(mixed, SUFFIX_CHARACTERS)
                            : cut(invented(kind), charactersMax);
        };
    }

    private String invented(FakeKind kind) {
        return switch (kind) {
            case FIRST_NAME -> faker.name().firstName();
            case LAST_NAME -> faker.name().lastName();
            case FULL_NAME -> faker.name().firstName() + " " + faker.name().lastName();
            case COMPANY -> faker.company().name();
            case STREET -> faker.address().streetAddress();
            case CITY -> faker.address().city();
            case POSTCODE -> faker.address().postcode();
            case COUNTRY -> faker.address().country();
            case ADDRESS ->
                    faker.address().streetAddress()
                            + ", "
                            + faker.address().postcode()
                            + " "
                            + faker.address().city();
            case EMAIL, PHONE -> throw new IllegalArgumentException(kind + " is made otherwise");
        };
    }

    /** All have the suffix, so that those in columns that are not unique are the same. */
    private String email(ByteBuffer mixed, int charactersMax) {
        String name = plain(faker.name().firstName()) + "." + plain(faker.name().lastName()) + ".";
        String domain = EMAIL_DOMAINS[random.nextInt(EMAIL_DOMAINS.length)];
        String suffix = Base32.of(mixed, SUFFIX_CHARACTERS);
        int room = charactersMax - domain.length();
        return room < name.length() + suffix.length() || name.length() > EMAIL_NAME_MAX
                ? suffix.substring(0, Math.min(suffix.length(), room)) + domain
                : name + suffix + domain;
    }

    private static String plain(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
        return plain.isEmpty() ? "someone" : plain;
    }

    private String phone(ByteBuffer mixed, boolean isUnique) {
        int area = 200 + random.nextInt(800);
        int line = 100 + random.nextInt(100);
        String number = String.format(Locale.ROOT, "+1%d5550%d", area, line);
        if (!isUnique) {
            return number;
        }
        long digits = Long.remainderUnsigned(mixed.getLong(), 10_000_000_000_000_000L);
        return String.format(Locale.ROOT, "%sx%016d", number, digits);
    }

    private static String cut(String text, int charactersMax) {
        if (text.codePointCount(0, text.length()) <= charactersMax) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, charactersMax)).strip();
    }
}
