package dev.tidemark.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;

/** A configuration's file, and what is read from it. */
abstract class WrittenConfiguration {
    private static final String HINT =
            "Correct the file. 'tidemark config reference' prints every key with its type and default.";

    @TempDir protected Path directory;

    protected final void assertProblems(String yaml, String message, Section... needed) {
        TidemarkException error =
                catchThrowableOfType(
                        TidemarkException.class,
                        () -> Configuration.read(file(yaml), Set.of(needed)));

        assertThat(error)
                .hasMessage(message.replace("FILE", directory.resolve("crm.yaml").toString()));
        assertThat(error.kind()).isEqualTo(TidemarkException.Kind.USAGE);
        assertThat(error.hint()).isEqualTo(HINT);
    }

    protected final Configuration read(String yaml) {
        return Configuration.read(file(yaml), Set.of());
    }

    protected final Path file(String yaml) {
        try {
            return Files.writeString(directory.resolve("crm.yaml"), yaml);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
