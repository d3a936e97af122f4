package dev.tidemark.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReferenceTest {
    @Test
    void theDocumentIsWhatTheCodeGenerates() throws Exception {
        Path document = Path.of("..", "docs", "configuration.md");

        assertThat(Files.readString(document))
                .as("write it anew: tidemark config reference > docs/configuration.md")
                .isEqualTo(Reference.markdown());
    }
}
