package dev.tidemark.capture.source.catalog;

import static dev.tidemark.schemas.change.Value.Mark.NULL;
import static dev.tidemark.schemas.change.Value.text;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a server writes for {@code SELECT ROW(…)} becomes the fields again. */
final class RecordTextTest {
    @Test
    void anEmptyTextIsNotNull() {
        assertThat(RecordText.fields("(,\"\",)", 3)).containsExactly(NULL, text(""), NULL);
        assertThat(RecordText.fields("(\"\")", 1)).containsExactly(text(""));
        assertThat(RecordText.fields("()", 1)).containsExactly(NULL);
        assertThat(RecordText.fields("()", 0)).isEmpty();
    }

    @Test
    void whatTheServerQuotesIsRead() {
        assertThat(RecordText.fields("(1,\"a \"\"b\"\", (c)\",\"back\\\\slash\",\"\n\",x)", 5))
                .containsExactly(
                        text("1"),
                        text("a \"b\", (c)"),
                        text("back\\slash"),
                        text("\n"),
                        text("x"));
    }
}
