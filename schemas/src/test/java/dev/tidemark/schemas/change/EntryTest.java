package dev.tidemark.schemas.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class EntryTest {
    @Test
    void theFullRowOfATableWithoutColumnsHasNoFields() {
        var delete = new Entry.Row(1, Operation.DELETE, BeforeImage.FULL, List.of(), List.of());

        assertThat(delete.before()).isEmpty();
    }

    @Test
    void aKeyHasFields() {
        assertThatThrownBy(
                        () ->
                                new Entry.Row(
                                        1, Operation.DELETE, BeforeImage.KEY, List.of(), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("before-image KEY has 0 fields");
    }
}
