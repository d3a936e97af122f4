package dev.tidemark.replay.mask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.catalog.Column;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What masks make of values. */
final class MaskedColumnsTest {
    private static final MaskKey KEY =
            MaskKey.parse("Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=", "here");
    private static final MaskKey OTHER_KEY =
            MaskKey.parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "here");
    private static final int MANY = 100_000;
    private static final int SOME = 5_000; // what is slow has the same suffix

    private static final Table TABLE =
            Table.provisional(
                    7,
                    "crm",
                    "contact",
                    List.of(Column.provisional(1, "id"), Column.provisional(2, "value")));

    @ParameterizedTest
    @EnumSource
    void anInventionIsTheSameForTheSameValueAndKey(FakeKind kind) throws IOException {
        Mask mask = new Mask.Fake(kind);

        assertThat(masked(KEY, mask, "text", "Ann Lee"))
                .isEqualTo(masked(KEY, mask, "text", "Ann Lee"))
                .isNotEqualTo("Ann Lee")
                .isNotBlank();
        assertThat(List.of(masked(OTHER_KEY, mask, "text", "Ann Lee"))).doesNotContain("Ann Lee");
    }

    @Test
    void anotherKeyGivesAnother() throws IOException {
        Mask email = new Mask.Fake(FakeKind.EMAIL);

        assertThat(masked(KEY, email, "text", "a@b.c"))
                .isNotEqualTo(masked(OTHER_KEY, email, "text", "a@b.c"));
        assertThat(masked(KEY, new Mask.Hash(), "text", "a@b.c"))
                .isNotEqualTo(masked(OTHER_KEY, new Mask.Hash(), "text", "a@b.c"));
        assertThat(masked(KEY, new Mask.Hash(), "integer", "17"))
                .isNotEqualTo(masked(OTHER_KEY, new Mask.Hash(), "integer", "17"));
    }

    @ParameterizedTest
    @EnumSource
    void ofUniqueColumnsNoTwoInventionsAreTheSame(FakeKind kind) throws IOException {
        FieldMask mask = mask(KEY, new ColumnMask(new Mask.Fake(kind), type("text"), true));

        int count = kind == FakeKind.EMAIL || kind == FakeKind.PHONE ? MANY : SOME;
        assertThat(distinct(mask, count, i -> "value " + i)).isEqualTo(count);
    }

    @ParameterizedTest
    @EnumSource
    void anInventionFitsTheShortestColumnThatIsTaken(FakeKind kind) throws IOException {
        for (boolean isUnique : List.of(false, true)) {
            int size = Fakes.charactersMin(kind, isUnique);
            FieldMask mask =
                    mask(
                            KEY,
                            new ColumnMask(
                                    new Mask.Fake(kind),
                                    type("character varying(" + size + ")"),
                                    isUnique));
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 1_000; i++) {
                String text = of(mask, "v" + i);
                assertThat(text.length()).isBetween(1, size);
                seen.add(text);
            }
            assertThat(isUnique ? seen.size() : 1_000).isEqualTo(1_000);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "text,value %d",
        "character varying(16),value %d",
        "character(20),value %d",
        "uuid,%d",
        "bytea,%d",
        "integer,%d",
        "bigint,-%d",
        "'numeric(6,0)',-%d"
    })
    void noTwoHashesAreTheSame(String type, String pattern) throws IOException {
        FieldMask mask = mask(KEY, new ColumnMask(new Mask.Hash(), type(type), true));

        assertThat(distinct(mask, MANY, i -> pattern.formatted(i + 1))).isEqualTo(MANY);
    }

    @Test
    void everySmallintHasAHashOfItsOwnWithItsSign() throws IOException {
        FieldMask mask = mask(KEY, new ColumnMask(new Mask.Hash(), type("smallint"), true));
        Set<Integer> seen = new HashSet<>();
        for (int i = Short.MIN_VALUE; i <= Short.MAX_VALUE; i++) {
            int hashed = Integer.parseInt(of(mask, String.valueOf(i)));
            assertThat(hashed).isBetween((int) Short.MIN_VALUE, (int) Short.MAX_VALUE);
            assertThat(hashed < 0).isEqualTo(i < 0);
            seen.add(hashed);
        }

        assertThat(seen).hasSize(65_536);
    }

    @ParameterizedTest
    @CsvSource({
        "bigint,9223372036854775807", "bigint,-9223372036854775808", "integer,2147483647",
                "integer,-2147483648",
        "'numeric(3,0)',999", "'numeric(3,0)',-999", "'numeric(3,0)',NaN",
                "'numeric(18,0)',-999999999999999999"
    })
    void theEndsOfARangeStayInIt(String type, String digits) throws IOException {
        ColumnType there = type(type);
        String hashed = masked(KEY, new Mask.Hash(), type, digits);

        assertThat(FixedText.of(hashed, there).isPresent() || hashed.equals("-9223372036854775808"))
                .isTrue();
    }

    @Test
    void aHashHasTheShapeOfItsColumn() throws IOException {
        assertThat(masked(KEY, new Mask.Hash(), "uuid", "x"))
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(masked(KEY, new Mask.Hash(), "bytea", "\\x00")).matches("\\\\x[0-9a-f]{64}");
        assertThat(masked(KEY, new Mask.Hash(), "character varying(5)", "long text"))
                .matches("[a-z2-7]{5}");
        assertThat(masked(KEY, new Mask.Hash(), "character(30)", "x")).matches("[a-z2-7]{26} {4}");
    }

    @Test
    void whatIsEqualInTheDatabaseHasAnEqualHash() throws IOException {
        assertThat(masked(KEY, new Mask.Hash(), "public.citext", "ANN"))
                .isEqualTo(masked(KEY, new Mask.Hash(), "public.citext", "Ann"));
        assertThat(masked(KEY, new Mask.Hash(), "character(4)", "x   "))
                .isEqualTo(masked(KEY, new Mask.Hash(), "character(4)", "x"));
    }

    @Test
    void nullStaysNullAndAnEmptyTextEmpty() throws IOException {
        for (Mask mask :
                List.of(
                        new Mask.Hash(),
                        new Mask.Fake(FakeKind.CITY),
                        new Mask.Fixed("x"),
                        new Mask.Null())) {
            FieldMask field = mask(KEY, new ColumnMask(mask, type("text"), false));
            assertThat(field.of(Value.Mark.NULL, List.of())).isEqualTo(Value.Mark.NULL);
        }
        assertThat(masked(KEY, new Mask.Hash(), "text", "")).isEmpty();
        assertThat(masked(KEY, new Mask.Fake(FakeKind.EMAIL), "text", "")).isEmpty();
    }

    @Test
    void aLargeValueIsHashedAsASmallOneOfTheSameText() throws IOException {
        FieldMask mask = mask(KEY, new ColumnMask(new Mask.Hash(), type("text"), false));
        Value small = Value.text("a".repeat(2_000_000));
        Value large = new Value.Large(java.nio.ByteBuffer.wrap(FieldMasks.utf8(small)));

        assertThat(mask.of(large, List.of())).isEqualTo(mask.of(small, List.of()));
    }

    @Test
    void nobodyIsMailedAndNobodyIsCalled() throws IOException {
        for (int i = 0; i < 1_000; i++) {
            assertThat(masked(KEY, new Mask.Fake(FakeKind.EMAIL), "text", "v" + i))
                    .matches("[a-z]+\\.[a-z]+\\.[a-z2-7]{16}@example\\.(com|net|org)");
            assertThat(masked(KEY, new Mask.Fake(FakeKind.PHONE), "text", "v" + i))
                    .matches("\\+1[2-9]\\d\\d55501\\d\\d");
        }
    }

    @Test
    void aPhoneNumberIsTheSameOnEveryMachine() throws IOException {
        Mask phone = new Mask.Fake(FakeKind.PHONE);
        FieldMask unique = mask(KEY, new ColumnMask(phone, type("text"), true));
        String expected = of(unique, "v");
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));

            assertThat(of(unique, "v")).isEqualTo(expected).matches("[+0-9x]+");
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "timestamp without time zone,2026-01-31 25:00:00,false",
        "timestamp without time zone,2026-01-31 24:00:00,false",
        "timestamp without time zone,2026-01-31 23:60:00,false",
        "timestamp without time zone,2026-01-31 23:59:60,false",
        "timestamp without time zone,2026-02-30 12:00:00,false",
        "timestamp without time zone,2026-01-31 23:59:59.123456,true",
        "timestamp(2) without time zone,2026-01-31 23:59:59.12,true",
        "timestamp(2) without time zone,2026-01-31 23:59:59.123,false",
        "timestamp(0) with time zone,2026-01-31 23:59:59+00,true",
        "timestamp(0) with time zone,2026-01-31 23:59:59.5+00,false",
        "timestamp with time zone,2026-01-31 24:00:01+00,false",
        "timestamp with time zone,2026-01-31 12:00:00.5+00,true"
    })
    void aFixedTimeIsOneThatTheTypeHolds(String type, String text, boolean isHeld) {
        assertThat(FixedText.of(text, type(type)).isPresent()).isEqualTo(isHeld);
    }

    @Test
    void datesOfTheSamePersonKeepTheirDistances() throws IOException {
        Mask shift = new Mask.DateShift(30, Optional.of("id"));
        FieldMask date = mask(KEY, new ColumnMask(shift, type("date"), false));
        FieldMask time = mask(KEY, new ColumnMask(shift, type("timestamp with time zone"), false));
        List<Value> row = List.of(Value.text("17"), Value.Mark.NULL);

        String day = date.of(Value.text("2026-03-01"), row).toString();
        String moment = time.of(Value.text("2026-03-02 23:59:59.5+00"), row).toString();

        assertThat(moment).isEqualTo(java.time.LocalDate.parse(day).plusDays(1) + " 23:59:59.5+00");
        assertThat(
                        java.time.temporal.ChronoUnit.DAYS.between(
                                java.time.LocalDate.parse("2026-03-01"),
                                java.time.LocalDate.parse(day)))
                .isBetween(-30L, 30L)
                .isNotZero();
        assertThat(date.of(Value.text("infinity"), row)).hasToString("infinity");
        assertThat(date.of(Value.text("0044-03-15 BC"), row).toString())
                .matches("00\\d\\d-\\d\\d-\\d\\d BC");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$.phone: keep; * : null | {\"a\": 1, \"phone\": \"7\"} | {\"a\": null, \"phone\": \"7\"}",
                "$.a.b : keep | {\"a\": {\"b\": [1, {\"c\": 2.50}], \"x\": \"secret\"}, \"y\": \"secret\"}"
                        + " | {\"a\": {\"b\": [1, {\"c\": 2.50}]}}",
                "$.l[*].k : keep | {\"l\": [{\"k\": 1, \"s\": \"secret\"}, \"secret\", [\"secret\"]]}"
                        + " | {\"l\": [{\"k\": 1}, null, [null]]}",
                "$[\"a b\"].* : keep | {\"a b\": {\"x\": true, \"y\": null}, \"z\": 0}"
                        + " | {\"a b\": {\"x\": true, \"y\": null}}",
                "* : keep; $.x : null | {\"x\": {\"deep\": [1]}, \"y\": \"tab\\t\\u0001é\\\\\"}"
                        + " | {\"x\": null, \"y\": \"tab\\t\\u0001é\\\\\"}",
                "$.x : keep | \"secret\" | null",
                "$.x : keep | [1, 2] | [null, null]",
                "* : keep | [] | []",
                "* : keep | {\"a\": {}} | {\"a\": {}}"
            })
    void ofJsonOnlyWhatIsDecidedStays(String parts, String json, String expected)
            throws IOException {
        assertThat(masked(KEY, json(parts), "jsonb", json)).isEqualTo(expected);
    }

    @Test
    void ofTwoPathsTheOneThatNamesMoreCountsWhicheverIsWrittenFirst() throws IOException {
        String json = "{\"a\": \"open\", \"ssn\": \"123\"}";

        for (String parts : List.of("$.* : keep; $.ssn : null", "$.ssn : null; $.* : keep")) {
            assertThat(masked(KEY, json(parts), "jsonb", json))
                    .isEqualTo("{\"a\": \"open\", \"ssn\": null}");
        }
    }

    @Test
    void behindADateInJsonNothingButATimeStays() throws IOException {
        Mask shift =
                new Mask.Json(
                        List.of(
                                new Mask.Json.Part(
                                        JsonPath.parse("*").orElseThrow(),
                                        new Mask.DateShift(30, Optional.of("id")))));

        assertThat(masked(KEY, shift, "jsonb", "\"1980-05-05 Ann Lee, +49 170\""))
                .isEqualTo("null");
        assertThat(masked(KEY, shift, "jsonb", "\"2026-01-31T14:03:07.5+01:00\""))
                .endsWith("T14:03:07.5+01:00\"")
                .doesNotContain("2026-01-31");
    }

    @Test
    void aDateThatNobodyUnderstandsDoesNotStay() throws IOException {
        Mask shift = new Mask.DateShift(30, Optional.of("id"));

        assertThat(masked(KEY, shift, "date", "1000000-01-31")).isNotEqualTo("1000000-01-31");
        assertThat(masked(KEY, shift, "date", "-infinity")).isEqualTo("-infinity");
        assertThatThrownBy(() -> masked(KEY, shift, "date", "31.01.1980"))
                .hasMessage("a value cannot be read as a date");
    }

    @Test
    void inJsonThereAreTheSameInventionsAsInColumns() throws IOException {
        String json =
                masked(
                        KEY,
                        json("$.m : email; $.n : hash; $.t : hash"),
                        "jsonb",
                        "{\"m\": \"a@b.c\", \"n\": 17, \"t\": [\"x\", 1.5, true]}");

        assertThat(json)
                .isEqualTo(
                        "{\"m\": \"%s\", \"n\": %s, \"t\": [\"%s\", null, null]}"
                                .formatted(
                                        masked(KEY, new Mask.Fake(FakeKind.EMAIL), "text", "a@b.c"),
                                        NumberMask.ofJson(KEY.hash()).of("17"),
                                        masked(KEY, new Mask.Hash(), "text", "x")));
    }

    @Test
    void jsonMayBeDeeperThanAStack() throws IOException {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);

        assertThat(masked(KEY, json("* : keep"), "jsonb", deep)).isEqualTo(deep);
    }

    private static Mask json(String parts) {
        List<Mask.Json.Part> list = new java.util.ArrayList<>();
        for (String part : parts.split(";")) {
            String[] both = part.split(":");
            Mask mask =
                    switch (both[1].strip()) {
                        case "keep" -> new Mask.Keep();
                        case "null" -> new Mask.Null();
                        case "hash" -> new Mask.Hash();
                        case String kind -> new Mask.Fake(FakeKind.of(kind).orElseThrow());
                    };
            list.add(new Mask.Json.Part(JsonPath.parse(both[0].strip()).orElseThrow(), mask));
        }
        return new Mask.Json(list);
    }

    private static ColumnType type(String type) {
        return ColumnType.of(type);
    }

    private static FieldMask mask(MaskKey key, ColumnMask column) {
        return new FieldMasks(TABLE, key.hash(), Locale.ENGLISH).of(column);
    }

    private static String masked(MaskKey key, Mask mask, String type, String value)
            throws IOException {
        return of(mask(key, new ColumnMask(mask, type(type), false)), value);
    }

    private static String of(FieldMask mask, String value) throws IOException {
        return mask.of(Value.text(value), List.of(Value.text("1"), Value.text(value))).toString();
    }

    private static int distinct(FieldMask mask, int count, IntFunction<String> values)
            throws IOException {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < count; i++) {
            seen.add(of(mask, values.apply(i)));
        }
        return seen.size();
    }
}
