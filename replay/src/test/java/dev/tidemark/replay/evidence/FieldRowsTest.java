package dev.tidemark.replay.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.replay.difference.Difference;
import dev.tidemark.replay.difference.DifferingRow;
import dev.tidemark.replay.difference.RowOutcome;
import dev.tidemark.replay.history.Actor;
import dev.tidemark.replay.history.ChangedField;
import dev.tidemark.replay.history.RowChange;
import dev.tidemark.schemas.change.Value;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Where there was no row, nothing was NULL. */
class FieldRowsTest {
    private static String is(ChangedField field, String operation) {
        return is(
                HistoryRows.changes(
                        List.of(
                                new RowChange(
                                        Samples.NOON,
                                        Samples.at(16),
                                        16,
                                        Actor.UNKNOWN,
                                        "public.deal",
                                        List.of("1"),
                                        operation,
                                        List.of(field),
                                        Optional.empty())),
                        false));
    }

    private static String is(ChangedField field, RowOutcome outcome) {
        Difference.Place place =
                new Difference.Place("latest", Optional.of(Samples.at(16)), Samples.NOON);
        return is(
                DifferenceRows.of(
                        new Difference(
                                place,
                                place,
                                List.of(),
                                List.of(),
                                List.of(
                                        new DifferingRow(
                                                "public.deal",
                                                List.of("1"),
                                                Optional.empty(),
                                                outcome,
                                                List.of(field),
                                                1,
                                                Optional.empty())),
                                false,
                                true,
                                List.of())));
    }

    /** What the two columns say. */
    private static String is(AnswerRows answer) {
        List<Value> row = answer.rows().getFirst();
        return cell(answer, row, "before_is") + " " + cell(answer, row, "after_is");
    }

    private static String cell(AnswerRows answer, List<Value> row, String column) {
        List<String> names = answer.columns().stream().map(AnswerRows.Column::name).toList();
        return row.get(names.indexOf(column)).toString();
    }

    private static ChangedField field(String before, String after) {
        return new ChangedField(
                "name",
                "",
                Optional.of(before).filter(one -> !one.isEmpty()),
                Optional.of(after).filter(one -> !one.isEmpty()),
                true);
    }

    /** As history and find have them. */
    @ParameterizedTest
    @CsvSource({
        "INSERT,absent known",
        "DELETE,known absent",
        "UPDATE,known known",
        "SOFT DELETE,known known",
        "BASE,known known"
    })
    void aChangeSaysWhetherThereWasARow(String operation, String expected) {
        assertThat(is(field("", ""), operation)).isEqualTo(expected);
        assertThat(is(field("a", "b"), operation)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(RowOutcome.class)
    void aDifferenceSaysWhetherThereWasARow(RowOutcome outcome) {
        String expected =
                switch (outcome) {
                    case INSERT -> "absent known";
                    case DELETE -> "known absent";
                    case UPDATE, SOFT_DELETE, UNDELETE, AS_BEFORE -> "known known";
                };
        assertThat(is(field("", ""), outcome)).isEqualTo(expected);
    }

    @Test
    void whatIsNotKnownOfARowThatWasThereIsNeitherNullNorAbsent() {
        ChangedField unknown =
                new ChangedField("name", "", Optional.empty(), Optional.empty(), false);

        assertThat(is(unknown, "UPDATE")).isEqualTo("unknown known");
        assertThat(is(unknown, "DELETE")).isEqualTo("unknown absent");
        assertThat(is(unknown, "INSERT")).isEqualTo("absent known");
    }

    @Test
    void aPartOfADocumentThatIsNotThereIsAbsent() {
        ChangedField part =
                new ChangedField("settings", "a", Optional.empty(), Optional.of("1"), true);

        assertThat(is(part, "UPDATE")).isEqualTo("absent known");
    }

    @Test
    void aRowWithoutFieldsSaysNothingOfThem() {
        AnswerRows rows =
                HistoryRows.changes(
                        List.of(
                                new RowChange(
                                        Samples.NOON,
                                        Samples.at(16),
                                        16,
                                        Actor.UNKNOWN,
                                        "public.deal",
                                        List.of("1"),
                                        "DELETE",
                                        List.of(),
                                        Optional.empty())),
                        false);

        int fields = FieldColumns.ALL.size();
        assertThat(
                        rows.rows()
                                .getFirst()
                                .subList(rows.columns().size() - fields, rows.columns().size()))
                .isEqualTo(Collections.nCopies(fields, Value.Mark.NULL));
    }
}
