package dev.tidemark.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.replay.history.FieldChange;
import dev.tidemark.replay.history.RowVersion;
import dev.tidemark.schemas.change.Position;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RowVersionsTest {
    private static final Optional<String> NULL = Optional.empty();

    @Test
    void whatIsKnownToHaveChangedComesFirstAndWhatIsNotIsNeverCalledNull() {
        assertThat(
                        changed(
                                "UPDATE",
                                new FieldChange("id", Optional.of("3"), Optional.of("33"), true),
                                new FieldChange("stage", NULL, Optional.of("won"), false),
                                new FieldChange("closed", Optional.of("f"), NULL, true),
                                new FieldChange("note", NULL, NULL, false)))
                .isEqualTo(
                        "id: 3 → 33, closed: f → NULL; before unknown, now stage = won, note = NULL");
    }

    @Test
    void anUpdateWithoutABeforeImageSaysWhatTheRowHoldsSince() {
        assertThat(changed("UPDATE", new FieldChange("stage", NULL, Optional.of("won"), false)))
                .isEqualTo("before unknown, now stage = won");
    }

    @Test
    void anInsertHasValuesOnly() {
        assertThat(
                        changed(
                                "INSERT",
                                new FieldChange("id", NULL, Optional.of("3"), true),
                                new FieldChange("stage", NULL, Optional.of("new"), true)))
                .isEqualTo("id = 3, stage = new");
    }

    private static String changed(String operation, FieldChange... fields) {
        return RowVersions.changed(
                new RowVersion(
                        Instant.EPOCH,
                        new Position(1),
                        7,
                        "crm.deal",
                        "3",
                        operation,
                        List.of(fields)));
    }
}
