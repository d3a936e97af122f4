package dev.tidemark.replay.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ChainCheck;
import dev.tidemark.archive.manifest.SignatureRule;
import dev.tidemark.archive.proof.TrustedKeys;
import dev.tidemark.archive.store.LocalObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives of earlier versions are found good, by {@code verify} and by the script. */
class GoldenVerifiedTest {
    private static final Path GOLDEN = Path.of("../archive/src/test/resources");
    private static final Path PUBLIC_KEY = GOLDEN.resolve("golden-merged.pub");

    @TempDir Path folder;

    private Path copy = GOLDEN;

    @BeforeEach
    void name() {
        copy = folder.resolve("copy");
    }

    private void copy(String name) throws IOException {
        Path golden = GOLDEN.resolve(name);
        try (var files = Files.walk(golden)) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(golden.relativize(file).toString()));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"golden", "golden-merged"})
    void eachTransactionIsReadAndGood(String name) throws IOException {
        copy(name);
        LocalObjectStore store = new LocalObjectStore(copy);
        SignatureRule rule =
                name.equals("golden")
                        ? SignatureRule.NONE
                        : new SignatureRule(TrustedKeys.read(List.of(PUBLIC_KEY)), 0);
        try (Archive archive = Archive.open(store)) {
            Verification.Report report =
                    Verification.run(
                            archive,
                            ChainCheck.run(store, rule, List.of()),
                            folder,
                            Verification.Extent.all(Verification.Level.REBUILD),
                            bytes -> {});

            assertThat(report.problems()).isEmpty();
            assertThat(report.transactions()).isEqualTo(name.equals("golden") ? 4 : 7);
        }
    }

    @Test
    void theScriptFindsThemGood() throws Exception {
        assumeTrue(VerifyScript.hasPython(), "python3 is not there");
        for (List<String> arguments :
                List.of(
                        List.of(GOLDEN.resolve("golden").toString()),
                        List.of(
                                GOLDEN.resolve("golden-merged").toString(),
                                "--public-key",
                                PUBLIC_KEY.toString()))) {
            List<String> command = new ArrayList<>(List.of("python3", "../docs/verify.py"));
            command.addAll(arguments);
            ProcessBuilder script = new ProcessBuilder(command);
            Process python = script.redirectErrorStream(true).start();
            String text = new String(python.getInputStream().readAllBytes(), UTF_8);

            assertThat(text).startsWith("GOOD: ");
            assertThat(python.waitFor()).as(text).isZero();
        }
    }
}
