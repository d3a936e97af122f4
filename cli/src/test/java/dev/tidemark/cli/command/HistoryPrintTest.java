package dev.tidemark.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.replay.history.Actor;
import dev.tidemark.replay.history.ChangedField;
import dev.tidemark.replay.history.RowChange;
import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HistoryPrintTest {
    private static final Optional<String> NULL = Optional.empty();

    private static ChangedField field(
            String column, Optional<String> before, Optional<String> after, boolean beforeKnown) {
        return new ChangedField(column, "", before, after, beforeKnown);
    }

    private static String changed(String operation, ChangedField... fields) {
        return HistoryPrint.changed(
                new RowChange(
                        Instant.EPOCH,
                        new Position(1),
                        7,
                        Actor.UNKNOWN,
                        "crm.deal",
                        List.of("3"),
                        operation,
                        List.of(fields),
                        Optional.empty()));
    }

    @Test
    void whatIsKnownToHaveChangedComesFirstAndWhatIsNotIsNeverCalledNull() {
        assertThat(
                        changed(
                                "UPDATE",
                                field("id", Optional.of("3"), Optional.of("33"), true),
                                field("stage", NULL, Optional.of("won"), false),
                                field("closed", Optional.of("f"), NULL, true),
                                field("note", NULL, NULL, false)))
                .isEqualTo(
                        "id: 3 → 33, closed: f → NULL; before unknown, now stage = won, note = NULL");
    }

    @Test
    void aPartOfADocumentHasItsPathAndIsAbsentWhereItIsNotThere() {
        assertThat(
                        changed(
                                "UPDATE",
                                new ChangedField(
                                        "settings",
                                        "theme",
                                        Optional.of("\"a\""),
                                        Optional.of("\"b\""),
                                        true),
                                new ChangedField(
                                        "settings",
                                        "pages[2].size",
                                        Optional.of("null"),
                                        Optional.empty(),
                                        true)))
                .isEqualTo("settings.theme: \"a\" → \"b\", settings.pages[2].size: null → absent");
    }

    @Test
    void anInsertHasValuesOnly() {
        assertThat(
                        changed(
                                "INSERT",
                                field("id", NULL, Optional.of("3"), true),
                                field("stage", NULL, Optional.of("new"), true)))
                .isEqualTo("id = 3, stage = new");
    }
}
