package dev.tidemark.replay.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.change.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CopyTextTest {
    private final CopyText text = new CopyText(this::keep);
    private final ByteArrayOutputStream drained = new ByteArrayOutputStream();

    @Test
    void fieldsAreSeparatedByTabsAndRowsByNewlines() throws IOException {
        text.add(List.of(Value.text("a"), Value.text(""), Value.text("b")));
        text.endRow();
        text.add(List.of(Value.text("c")));
        text.endRow();

        assertThat(content()).isEqualTo("a\t\tb\nc\n");
    }

    @Test
    void nullIsNotTheTextThatLooksLikeIt() throws IOException {
        text.add(List.of(Value.Mark.NULL, Value.text("\\N"), Value.text("N")));

        assertThat(content()).isEqualTo("\\N\t\\\\N\tN");
    }

    @Test
    void whatCopyUsesItselfIsEscapedAsPostgresDoes() throws IOException {
        text.add(List.of(Value.text("\b\f\n\r\t\u000B\\"), Value.text("\\.")));

        assertThat(content()).isEqualTo("\\b\\f\\n\\r\\t\\v\\\\\t\\\\.");
    }

    @Test
    void longerCharactersPassUnchanged() throws IOException {
        text.add(List.of(Value.text("ñandú 🦤 \u007f")));

        assertThat(content()).isEqualTo("ñandú 🦤 \u007f");
    }

    @Test
    void aRowWithoutFieldsIsAnEmptyLine() throws IOException {
        text.add(List.of());
        text.endRow();

        assertThat(content()).isEqualTo("\n");
    }

    @Test
    void aRowThatIsLargerThanTheBufferPassesInParts() throws IOException {
        String large = "\n".repeat(3_000_000);
        Value file = new Value.Large(ByteBuffer.wrap("é\t".repeat(1_000_000).getBytes(UTF_8)));
        text.add(List.of(Value.text(large), file));

        assertThat(content()).isEqualTo("\\n".repeat(3_000_000) + "\t" + "é\\t".repeat(1_000_000));
        assertThat(text.bytes()).hasSizeLessThan(1_000_000);
    }

    @Test
    void aFieldThatIsNotKnownIsRefused() throws IOException {
        assertThatThrownBy(() -> text.add(List.of(Value.text("1"), Value.Mark.UNCHANGED)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("field 2 of a row is UNCHANGED");
    }

    private void keep(CopyText part) {
        drained.write(part.bytes(), 0, part.length());
        part.clear();
    }

    private String content() {
        keep(text);
        String all = new String(drained.toByteArray(), UTF_8);
        drained.reset();
        return all;
    }
}
