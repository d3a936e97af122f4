package dev.tidemark.replay.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SoftDeleteTest {
    private static final SampleSchema SCHEMA =
            SampleSchema.of("crm.contact: id, deleted, first_name, last_name");

    private static final SoftDelete FLAG = rule("true");
    private static final SoftDelete TIME =
            new SoftDelete(List.of(new SoftDelete.Test("deleted", List.of())));

    private static SoftDelete rule(String... values) {
        return new SoftDelete(List.of(new SoftDelete.Test("deleted", List.of(values))));
    }

    private static RowFields row(String deleted) {
        return SCHEMA.fields("crm.contact", "1", deleted, "Ann", "null");
    }

    @ParameterizedTest
    @CsvSource({
        "t, DELETED",
        "1, DELETED",
        "true, DELETED",
        "f, ALIVE",
        "0, ALIVE",
        "null, ALIVE",
        "?, UNKNOWN",
        "yes, ALIVE"
    })
    void aFlagIsTheSameAsBooleanAndAsNumber(String deleted, Liveness liveness) {
        assertThat(FLAG.of(row(deleted))).isEqualTo(liveness);
        assertThat(FLAG.isDeleted(row(deleted))).isEqualTo(liveness == Liveness.DELETED);
    }

    @Test
    void aValueOfSeveralIsEnoughAndNotNullIsAnyValue() {
        assertThat(rule("trash", "bin").of(row("bin  "))).isEqualTo(Liveness.DELETED);
        assertThat(rule("trash", "bin").of(row("binary"))).isEqualTo(Liveness.ALIVE);
        assertThat(TIME.of(row("2026-11-20 12:00:00+00"))).isEqualTo(Liveness.DELETED);
        assertThat(TIME.of(row("null"))).isEqualTo(Liveness.ALIVE);
    }

    @Test
    void eachOfSeveralColumnsMustHoldAndOneThatDoesNotIsEnough() {
        SoftDelete both =
                new SoftDelete(
                        List.of(
                                new SoftDelete.Test("deleted", List.of("true")),
                                new SoftDelete.Test("last_name", List.of())));

        assertThat(both.of(SCHEMA.fields("crm.contact", "1", "t", "a", "b")))
                .isEqualTo(Liveness.DELETED);
        assertThat(both.of(SCHEMA.fields("crm.contact", "1", "t", "a", "?")))
                .isEqualTo(Liveness.UNKNOWN);
        assertThat(both.of(SCHEMA.fields("crm.contact", "1", "f", "a", "?")))
                .isEqualTo(Liveness.ALIVE);
    }

    @ParameterizedTest
    @CsvSource({
        "f, t, DELETE",
        "null, t, DELETE",
        "t, f, UNDELETE",
        "t, 1, NONE",
        "f, null, NONE",
        "?, t, UNKNOWN",
        "t, ?, UNKNOWN",
        "?, ?, UNKNOWN"
    })
    void anUpdateThatMakesItTrueIsADeletion(String before, String after, SoftDelete.Effect effect) {
        assertThat(FLAG.effect(row(before), row(after))).isEqualTo(effect);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{first_name} {last_name}    | Ann | Lee  | Ann Lee",
                "{first_name} {last_name}    | Ann | null | Ann",
                "{last_name}, {first_name}   | Ann | Lee  | Lee, Ann",
                "{first_name} {last_name}    | null| null |",
                "{first_name} {last_name}    | Ann | ?    |",
                "last_name                   | Ann | ?    |",
                "last_name                   | Ann | $1   | $1",
                "{last_name->en_US}          | Ann | {\"de_DE\": \"Tisch\", \"en_US\": \"Desk\"} | Desk",
                "{last_name->en_US}          | Ann | {\"de_DE\": \"Tisch\"} | Tisch",
                "{last_name->en_US}          | Ann | Desk | Desk",
                "{last_name->en_US}          | Ann | {x   | {x"
            })
    void aNameIsMadeOfWhatIsKnown(String template, String first, String last, String name) {
        DisplayName display = new DisplayName(List.of(NameTemplate.parse(template).orElseThrow()));

        assertThat(display.of(SCHEMA.fields("crm.contact", "1", "f", first, last)))
                .isEqualTo(Optional.ofNullable(name));
    }

    @Test
    void theFirstTemplateThatGivesANameIsTakenAndNoNameIsLongerThanALine() {
        DisplayName display =
                new DisplayName(
                        List.of(
                                NameTemplate.parse("first_name").orElseThrow(),
                                NameTemplate.parse("last_name").orElseThrow()));

        assertThat(display.of(SCHEMA.fields("crm.contact", "1", "f", "null", "Lee")))
                .contains("Lee");
        assertThat(display.of(SCHEMA.fields("crm.contact", "1", "f", "x".repeat(500), "Lee")))
                .contains("x".repeat(199) + "…");
        assertThat(display).hasToString("{first_name} or {last_name}");
    }
}
