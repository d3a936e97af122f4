package dev.tidemark.replay.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.proof.Hashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FixedZipTest {
    @TempDir private Path folder;
    private final TimeZone zone = TimeZone.getDefault();

    @AfterEach
    void backToTheZoneOfBefore() {
        TimeZone.setDefault(zone);
    }

    /** Of 1980 some zones had summer time, and some have another offset since. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "UTC",
                "Pacific/Kiritimati",
                "Pacific/Pago_Pago",
                "Asia/Kathmandu",
                "Australia/Lord_Howe"
            })
    void theBytesAreTheSameInEveryTimeZone(String id) throws IOException {
        TimeZone.setDefault(TimeZone.getTimeZone(id));
        Files.writeString(folder.resolve("a"), "first");
        Files.writeString(folder.resolve("b"), "");
        Path zip = folder.resolve("z.zip");

        FixedZip.write(folder, List.of("a", "b"), zip);

        assertThat(Hashes.sha256(zip))
                .isEqualTo("ed84506ae6302a5bcc9d7914bbec9a608a831cd7c0619679d33c5d635113203d");
    }
}
