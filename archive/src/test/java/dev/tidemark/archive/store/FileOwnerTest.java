package dev.tidemark.archive.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileOwnerTest {
    private static final Path FOLDER = Path.of("/var/lib/tidemark");

    @TempDir private Path directory;

    @Test
    void theHintNamesBothUsersWhenTheyDiffer() {
        assertThat(FileOwner.hint(FOLDER, Optional.of(0), Optional.of(10001)))
                .isEqualTo(
                        " '/var/lib/tidemark' belongs to user 0, and this program runs as user 10001.");
        assertThat(FileOwner.hint(FOLDER, Optional.of(7), Optional.of(7))).isEmpty();
        assertThat(FileOwner.hint(FOLDER, Optional.empty(), Optional.of(7))).isEmpty();
    }

    @Test
    void thereIsNoHintForOnesOwnFolderOrAnotherReason() {
        Path missing = directory.resolve("not").resolve("there");

        assertThat(FileOwner.hint(missing, new AccessDeniedException("it"))).isEmpty();
        assertThat(FileOwner.hint(missing, new IOException("No space left on device"))).isEmpty();
    }
}
