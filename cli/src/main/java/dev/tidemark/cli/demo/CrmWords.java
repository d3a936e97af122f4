package dev.tidemark.cli.demo;

import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Names, sentences and bytes of a CRM, all from one random generator and a few short lists. */
final class CrmWords {
    static final List<String> INDUSTRIES =
            List.of("Retail", "Banking", "Energy", "Health", "Logistics", "Machinery", "Software");
    static final List<String> SOURCES = List.of("web", "fair", "partner", "phone", "newsletter");
    static final List<String> TAGS =
            List.of("vip", "newsletter", "duplicate?", "2026", "größer", "do not call", "");
    static final List<String> CHANNELS = List.of("email", "phone", "post", "sms");
    static final List<String> PARENTS = List.of("account", "contact", "opportunity", "case");
    static final List<String> STAGES =
            List.of("prospecting", "qualification", "proposal", "negotiation", "won", "lost");
    static final List<String> MAILBOXES = List.of("inbox", "sales", "support", "archive");

    private static final List<String> FIRST =
            List.of(
                    "Anna", "Ben", "Chloé", "Dmitri", "Elif", "Farid", "Grace", "Håkon", "Ines",
                    "Jürgen", "Kaito", "Leïla", "Marta", "Noah", "Oona", "Paweł", "Rosa", "Søren",
                    "Tomáš", "Uma", "Vera", "Wei", "Ximena", "Yara", "Zoë", "李", "Σοφία");
    private static final List<String> LAST =
            List.of(
                    "Andersen",
                    "Brown",
                    "Castro",
                    "Demir",
                    "Eriksson",
                    "Fischer",
                    "García",
                    "Horváth",
                    "Ito",
                    "Jansen",
                    "Kowalski",
                    "Lopez",
                    "Müller",
                    "Nguyen",
                    "O'Brien",
                    "Petrov",
                    "Quispe",
                    "Rossi",
                    "Schmidt",
                    "Tanaka",
                    "van der Berg",
                    "Weiß",
                    "Yılmaz");
    private static final List<String> PLACES =
            List.of("Aarhus", "Bremen", "Cádiz", "Graz", "Łódź", "Oslo", "Porto", "Zürich");
    private static final List<String> TRADES =
            List.of("Tools", "Foods", "Systems", "Freight", "Optics", "Textiles", "Pumps", "Media");
    private static final List<String> FORMS = List.of("GmbH", "Ltd", "S.A.", "AG", "& Sons", "Oy");
    private static final List<String> WORDS =
            List.of(
                    "offer",
                    "please",
                    "meeting",
                    "tomorrow",
                    "contract",
                    "we",
                    "can",
                    "the",
                    "price",
                    "delivery",
                    "about",
                    "question",
                    "and",
                    "invoice",
                    "sample",
                    "Friday",
                    "thanks",
                    "for",
                    "call",
                    "back",
                    "order",
                    "late",
                    "urgent",
                    "renewal",
                    "discount",
                    "team",
                    "waiting",
                    "on",
                    "signed",
                    "budget",
                    "next",
                    "quarter",
                    "Grüße",
                    "of",
                    "in",
                    "with",
                    "customer",
                    "asks",
                    "demo",
                    "support",
                    "ticket",
                    "50%",
                    "C:\\temp",
                    "😀");

    private final RandomGenerator random;

    CrmWords(RandomGenerator random) {
        this.random = random;
    }

    <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    String firstName() {
        return oneOf(FIRST);
    }

    String lastName() {
        return oneOf(LAST);
    }

    String company() {
        return oneOf(PLACES) + " " + oneOf(TRADES) + " " + oneOf(FORMS);
    }

    String city() {
        return oneOf(PLACES);
    }

    /** An address that says nothing of the person, told apart by a number. */
    String email(String name, long number) {
        String local = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
        return local + number + "@" + oneOf(TRADES).toLowerCase(Locale.ROOT) + ".example";
    }

    String phone() {
        return "+" + random.nextInt(1, 99) + " " + random.nextInt(10_000, 9_999_999);
    }

    String address() {
        return "10." + random.nextInt(256) + "." + random.nextInt(256) + "." + random.nextInt(256);
    }

    String sentence(int words) {
        StringBuilder text = new StringBuilder(words * 7);
        for (int i = 0; i < words; i++) {
            text.append(i == 0 ? "" : " ").append(oneOf(WORDS));
        }
        return text.toString();
    }

    /**
     * The body of an e-mail, 6–14 kB. Each paragraph ends with a link of its own, as newsletters
     * have them: so the body stays above 2 kB when compressed and is kept out of line.
     */
    String mail() {
        int size = random.nextInt(6_000, 14_000);
        StringBuilder text = new StringBuilder(size + 200);
        while (text.length() < size) {
            text.append(sentence(random.nextInt(8, 24))).append(".\n\thttps://crm.example/t/");
            text.append(HexFormat.of().formatHex(bytes(32))).append("\r\n\n");
        }
        return text.toString();
    }

    /** What cannot be compressed: 8–200 kB, most of it small. */
    byte[] file() {
        double skew = Math.pow(random.nextDouble(), 4);
        return bytes(8_000 + (int) (skew * 192_000));
    }

    byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    /** A version 4 UUID of the seed's own. */
    UUID uuid() {
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    /** A small JSON object. */
    String json() {
        return "{\"region\": \"%s\", \"score\": %d.%d0, \"tags\": [\"%s\", null], \"note\": \"%s\"}"
                .formatted(
                        city(),
                        random.nextInt(100),
                        random.nextInt(10),
                        oneOf(TAGS),
                        sentence(random.nextInt(1, 6)).replace("\\", "\\\\"));
    }
}
