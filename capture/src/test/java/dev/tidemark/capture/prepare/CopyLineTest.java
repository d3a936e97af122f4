package dev.tidemark.capture.prepare;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.schemas.change.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CopyLineTest {
    @Test
    void fieldsAreSplitAtTabs() {
        assertThat(parsed(3, "1\tÄ🙂\t\n"))
                .containsExactly(Value.text("1"), Value.text("Ä🙂"), Value.text(""));
    }

    @Test
    void nullIsNoText() {
        assertThat(parsed(3, "\\N\t\\\\N\tN\n"))
                .containsExactly(Value.Mark.NULL, Value.text("\\N"), Value.text("N"));
    }

    @Test
    void everyEscapeIsRead() {
        assertThat(parsed(1, "a\\b\\f\\n\\r\\t\\v\\\\z\n"))
                .containsExactly(Value.text("a\b\f\n\r\t\u000B\\z"));
    }

    @Test
    void bytesMayBeWrittenInOctalAndHex() {
        assertThat(parsed(3, "\\101\\7\\0608\t\\x41\\x4g\\x41b\t\\xg\\q\\.\n"))
                .containsExactly(
                        Value.text("A\u000708"), Value.text("A\u0004gAb"), Value.text("xgq."));
        assertThat(parsed(1, "\\303\\xa4\n")).containsExactly(Value.text("ä"));
    }

    @Test
    void anEscapedTabDoesNotEndAField() {
        assertThat(parsed(2, "a\\tb\tc\n")).containsExactly(Value.text("a\tb"), Value.text("c"));
    }

    @Test
    void anEmptyLineIsOneEmptyTextOrARowWithoutFields() {
        assertThat(parsed(1, "\n")).containsExactly(Value.text(""));
        assertThat(parsed(0, "\n")).isEmpty();
    }

    @Test
    void anotherNumberOfFieldsIsRefused() {
        assertThatThrownBy(() -> parsed(2, "1\t2\t3\n"))
                .hasMessage("a row has 3 fields instead of 2");
        assertThatThrownBy(() -> parsed(0, "1\n")).hasMessage("a row without fields has 1 bytes");
        assertThatThrownBy(() -> parsed(1, "1"))
                .hasMessage("a line of COPY does not end with a newline");
    }

    @Test
    void bytesThatAreNoUtf8GoThrough() {
        byte[] line = "\u00e4\\\\\u00ff\n".getBytes(ISO_8859_1);
        assertThat(new CopyLine(1).parse(line))
                .containsExactly(new Value.Text("\u00e4\\\u00ff".getBytes(ISO_8859_1)));
    }

    private static List<Value> parsed(int fields, String line) {
        return new CopyLine(fields).parse(line.getBytes(UTF_8));
    }
}
