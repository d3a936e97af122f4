package dev.tidemark.replay.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.Samples;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.Value;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FieldsTest {
    private static final Table TABLE =
            Samples.table(
                    7,
                    "deal",
                    List.of(1),
                    List.of(
                            Samples.column(1, "id"),
                            Samples.column(2, "stage"),
                            Samples.column(3, "note")));
    private static final Value ID = Value.text("17");

    @Test
    void withoutABeforeImageOnlyTheKeyIsKnownToBeAsItWas() {
        List<Value> after = List.of(ID, Value.text("won"), Value.Mark.NULL);

        assertThat(
                        Fields.difference(
                                TABLE,
                                Fields.keyOf(TABLE, after),
                                Fields.byColumn(TABLE, after),
                                true))
                .containsExactly(
                        new FieldChange("stage", Optional.empty(), Optional.of("won"), false),
                        new FieldChange("note", Optional.empty(), Optional.empty(), false));
    }

    @Test
    void aValueThatTheSourceDidNotSendIsNotCalledChanged() {
        List<Value> after = List.of(ID, Value.text("won"), Value.Mark.UNCHANGED);

        assertThat(
                        Fields.difference(
                                TABLE,
                                Fields.keyOf(TABLE, after),
                                Fields.byColumn(TABLE, after),
                                true))
                .containsExactly(
                        new FieldChange("stage", Optional.empty(), Optional.of("won"), false));
    }

    @Test
    void withAFullBeforeImageOnlyWhatDiffersIsNamed() {
        List<Value> before = List.of(ID, Value.text("new"), Value.Mark.NULL);
        List<Value> after = List.of(ID, Value.text("won"), Value.Mark.NULL);

        assertThat(
                        Fields.difference(
                                TABLE,
                                Fields.byColumn(TABLE, before),
                                Fields.byColumn(TABLE, after),
                                true))
                .containsExactly(
                        new FieldChange("stage", Optional.of("new"), Optional.of("won"), true));
    }
}
