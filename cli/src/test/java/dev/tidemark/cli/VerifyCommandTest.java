package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code verify} says, and how it ends, of archives that need no server. */
final class VerifyCommandTest {
    private static final Path GOLDEN = Path.of("../archive/src/test/resources");
    private static final String PROOF = "proof: {trusted-keys: signing.pub}\n";
    private static final String ROLL_BACK =
            "roll back: not checkable without an anchor: an older state of the archive looks the same\n";

    @TempDir private Path directory;

    private Path archive = Path.of("");

    @BeforeEach
    void copy() throws IOException {
        archive = directory.resolve("archive");
        Path golden = GOLDEN.resolve("golden-merged");
        try (var files = Files.walk(golden)) {
            for (Path file : files.toList()) {
                Files.copy(file, archive.resolve(golden.relativize(file).toString()));
            }
        }
        Files.copy(GOLDEN.resolve("golden-merged.pub"), directory.resolve("signing.pub"));
        configure(PROOF);
    }

    private void configure(String more) throws IOException {
        Files.writeString(
                directory.resolve("tidemark.yaml"),
                "archive: {url: \"file://%s\"}\n%s".formatted(archive, more));
    }

    private Outcome verify(String... options) {
        String[] arguments = new String[options.length + 1];
        arguments[0] = "verify";
        System.arraycopy(options, 0, arguments, 1, options.length);
        return Outcome.of(directory, Instant.parse("2026-11-20T14:00:00Z"), arguments);
    }

    @Test
    void theLevelIsNamedAndEachNumberSaysWhatItCounts() {
        assertThat(verify("--level", "files").out())
                .isEqualTo(
                        """
                        gap after 0/160 (2026-11-20T12:05:52Z), recorded 2026-11-20T12:08:32Z: the slot was lost
                        whole: level files: the chain of manifests 0 to 14; 23 files by size of 11 manifests in force; no problem found
                        signed: 15 of 15 manifests of the chain by trusted keys
                        """
                                + ROLL_BACK);
        assertThat(verify("--level", "hashes", "--since", "14").out())
                .contains("whole: level hashes: the chain of manifests 0 to 14; ")
                .contains(" of 1 manifest in force from number 14 on; no problem found\n");
        assertThat(verify().out())
                .contains("whole: level rebuild: the chain of manifests 0 to 14; 23 files (")
                .contains(") with 7 transactions and ");
    }

    @Test
    void jsonNamesTheLevelAndWhatIsKnownOfTheKeys() {
        assertThat(verify("--level", "hashes", "--json").out())
                .contains(
                        "\"verdict\" : \"GOOD\"",
                        "\"level\" : \"HASHES\"",
                        "\"keys\" : \"NOT_ENCRYPTED\"",
                        "\"exact\" : true");
    }

    @Test
    void aNumberThatNoManifestHasIsRefused() throws IOException {
        assertThat(verify("--since", "-1"))
                .isEqualTo(
                        new Outcome(
                                2,
                                "",
                                """
                                error: --since -1 is no manifest's number
                                HINT: Manifests are numbered from 0 on. Leave --since out to look at all.
                                """));
        assertThat(verify("--since", "15"))
                .isEqualTo(
                        new Outcome(
                                3,
                                "",
                                """
                                error: --since 15 is beyond the archive's newest manifest, which is 14
                                HINT: Nothing would be looked at. If the archive once reached that number it was rolled back: hold it against an anchor.
                                """));

        Files.delete(archive.resolve("manifests/00000000000000000003.json"));

        assertThat(verify("--since", "15").code()).isEqualTo(6);
    }

    @Test
    void anArchiveThatIsGoneIsMissingWhereSomebodyKnowsIt() throws IOException {
        Files.move(archive, directory.resolve("elsewhere"));
        Outcome unmounted = verify();
        Files.createDirectory(archive);

        Outcome known = verify("--json");
        configure("");
        Outcome unknown = verify();

        assertThat(known.code()).as(known.err()).isEqualTo(6);
        assertThat(known.out()).contains("\"verdict\" : \"MISSING\"");
        assertThat(archive).isEmptyDirectory();
        assertThat(unmounted.code()).as("it may be a disk that is not mounted").isEqualTo(4);
        assertThat(unknown)
                .isEqualTo(
                        new Outcome(
                                3,
                                "",
                                """
                                error: there is no archive at file://%s
                                HINT: Check archive.url; 'tidemark init' creates an archive.
                                """
                                        .formatted(archive)));
    }

    @Test
    void anArchiveThatIsNotEncryptedIsAnotherOneWhereAKeyIsConfigured() throws IOException {
        configure("encryption: {key-file: crm.key}\n");
        Path key =
                Files.writeString(
                        directory.resolve("crm.key"),
                        "hmnpvN0VL0rClRlWoJHL0HbUfVqTnzjyZGBvGRp7TbI=\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));

        Outcome outcome = verify("--json");

        assertThat(outcome.code()).as(outcome.err()).isEqualTo(8);
        assertThat(outcome.out()).contains("\"verdict\" : \"DIVERGED\"");
    }
}
