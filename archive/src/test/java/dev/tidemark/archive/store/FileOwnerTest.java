package dev.tidemark.archive.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({
        "r--r-----, 0, 10001, ",
        "rw-rw----, 0, 10001, GROUP_WRITE",
        "r--r--r--, 0, 10001, OTHERS_READ",
        "r--r-----, 0, 0, GROUP_READ",
        "r--r-----, 1000, 10001, GROUP_READ",
        "r--r-----, , 10001, GROUP_READ",
        "r--------, 1000, 1000, "
    })
    void aGroupMayReadWhatRootGaveIt(
            String permissions,
            @Nullable Integer owner,
            @Nullable Integer own,
            @Nullable PosixFilePermission right) {
        Set<PosixFilePermission> rights =
                FileOwner.rightsOfOthers(
                        PosixFilePermissions.fromString(permissions),
                        Optional.ofNullable(owner),
                        Optional.ofNullable(own));

        assertThat(rights).isEqualTo(right == null ? Set.of() : Set.of(right));
    }
}
