package dev.tidemark.capture.source;

import static dev.tidemark.schemas.change.Value.Mark.NULL;
import static dev.tidemark.schemas.change.Value.text;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a server writes for {@code SELECT ROW(…)} becomes the fields again. */
final class TableImageTest {
    @Test
    void anEmptyTextIsNotNull() {
        assertThat(TableImage.fields("(,\"\",)")).containsExactly(NULL, text(""), NULL);
        assertThat(TableImage.fields("(\"\")")).containsExactly(text(""));
        assertThat(TableImage.fields("()")).containsExactly(NULL);
    }

    @Test
    void whatTheServerQuotesIsRead() {
        assertThat(TableImage.fields("(1,\"a \"\"b\"\", (c)\",\"back\\\\slash\",\"\n\",x)"))
                .containsExactly(
                        text("1"),
                        text("a \"b\", (c)"),
                        text("back\\slash"),
                        text("\n"),
                        text("x"));
    }
}
