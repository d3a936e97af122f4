package dev.tidemark.replay.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.change.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CopyTextTest {
    private final CopyText text = new CopyText();

    @Test
    void fieldsAreSeparatedByTabsAndRowsByNewlines() {
        text.add(List.of(Value.text("a"), Value.text(""), Value.text("b")));
        text.endRow();
        text.add(List.of(Value.text("c")));
        text.endRow();

        assertThat(content()).isEqualTo("a\t\tb\nc\n");
    }

    @Test
    void nullIsNotTheTextThatLooksLikeIt() {
        text.add(List.of(Value.Mark.NULL, Value.text("\\N"), Value.text("N")));

        assertThat(content()).isEqualTo("\\N\t\\\\N\tN");
    }

    @Test
    void whatCopyUsesItselfIsEscapedAsPostgresDoes() {
        text.add(List.of(Value.text("\b\f\n\r\t\u000B\\"), Value.text("\\.")));

        assertThat(content()).isEqualTo("\\b\\f\\n\\r\\t\\v\\\\\t\\\\.");
    }

    @Test
    void longerCharactersPassUnchanged() {
        text.add(List.of(Value.text("ñandú 🦤 \u007f")));

        assertThat(content()).isEqualTo("ñandú 🦤 \u007f");
    }

    @Test
    void aRowWithoutFieldsIsAnEmptyLine() {
        text.add(List.of());
        text.endRow();

        assertThat(content()).isEqualTo("\n");
    }

    @Test
    void theBufferGrowsWithARowAndShrinksAgain() {
        String large = "\n".repeat(3_000_000);
        text.add(List.of(Value.text(large)));

        assertThat(content()).isEqualTo("\\n".repeat(3_000_000));
        text.clear();
        assertThat(text.length()).isZero();
        assertThat(text.bytes()).hasSizeLessThan(1_000_000);
    }

    @Test
    void aFieldThatIsNotKnownIsRefused() {
        assertThatThrownBy(() -> text.add(List.of(Value.text("1"), Value.Mark.UNCHANGED)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("field 2 of a row is UNCHANGED");
    }

    private String content() {
        return new String(text.bytes(), 0, text.length(), UTF_8);
    }
}
