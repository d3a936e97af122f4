package dev.tidemark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bundles of evidence: what checks them, and what it finds. */
class EvidenceProofTest {
    @TempDir private Path directory;

    private EvidenceBundles bundles;

    @BeforeEach
    void writeAnArchive() throws IOException {
        bundles = new EvidenceBundles(directory);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "blame deal 7",
                "tx xid:702",
                "history deal 7 --view versions",
                "find deal --column note",
                "diff 2026-11-20T12:01:00Z 2026-11-20T12:02:00Z"
            })
    void otherQuestionsHaveBundlesToo(String question) throws Exception {
        Path bundle = bundles.bundle(question.split(" "));

        assertThat(Files.readString(bundle.resolve("report.html")))
                .contains("<code>tidemark " + question + "</code>")
                .contains("&lt;script&gt;");
        EvidenceBundles.assertGood(bundle);
    }

    @Test
    void aBundleThatLacksAFileAndSaysSoIsNotWhole() throws Exception {
        Path bundle = bundles.bundle("history", "deal", "7");
        Path sums = bundle.resolve("SHA256SUMS");
        Files.delete(bundle.resolve("rows.csv"));
        Files.writeString(
                sums,
                Files.readString(sums)
                        .lines()
                        .filter(line -> !line.contains("rows.csv") && !line.contains("report.html"))
                        .map(line -> line + "\n")
                        .collect(Collectors.joining()));

        EvidenceBundles.assumePython();
        assertThat(EvidenceBundles.verify(bundle))
                .startsWith("7 ")
                .contains(
                        "SHA256SUMS does not list rows.csv",
                        "report.html is there, and SHA256SUMS does not list it");
    }

    @Test
    void aBundleInAnArchiveDoesNotStandForIt() throws Exception {
        Path bundle = bundles.bundle("history", "deal", "7");
        for (String name : List.of("SHA256SUMS", "question.json", "manifests.jsonl")) {
            Files.copy(bundle.resolve(name), bundles.archive().resolve(name));
        }
        try (Stream<Path> manifests = Files.list(bundles.archive().resolve("manifests"))) {
            Files.delete(manifests.sorted().skip(1).findFirst().orElseThrow());
        }

        EvidenceBundles.assumePython();
        assertThat(EvidenceBundles.verify(bundles.archive())).startsWith("6 ").contains("missing");
    }

    @Test
    void theScriptFindsABundleGoodAndTheFilesInTheArchive() throws Exception {
        Path bundle = bundles.bundle("history", "deal", "7");

        EvidenceBundles.assertGood(bundle);
        assertThat(
                        EvidenceBundles.verify(
                                bundle,
                                "--public-key",
                                directory.resolve("signing.pem.pub").toString(),
                                "--archive",
                                bundles.archive().toString()))
                .startsWith(
                        "0 GOOD: 8 files as SHA256SUMS has them, 5 manifests in the chain, 5 of");
    }

    @Test
    void theScriptSaysWhatIsWrongAfterAnyByteWasChanged() throws Exception {
        Path bundle = bundles.bundle("history", "deal", "7");
        EvidenceBundles.assumePython();
        List<Path> files;
        try (var there = Files.list(bundle)) {
            files = there.sorted().toList();
        }
        for (Path file : files) {
            byte[] whole = Files.readAllBytes(file);
            byte[] changed = whole.clone();
            changed[changed.length / 2] ^= 1;
            Files.write(file, changed);

            String name = file.getFileName().toString();
            assertThat(EvidenceBundles.verify(bundle))
                    .as(name)
                    .matches(said -> said.startsWith("7 ") || said.startsWith("6 "))
                    .contains(name.equals("SHA256SUMS") ? "SHA256SUMS" : name + " is not the one");
            Files.write(file, whole);
        }
        EvidenceBundles.assertGood(bundle);
    }

    /** Whoever changes a manifest and all hashes after it still lacks the key. */
    @Test
    void aForgedManifestIsFoundByItsSignature() throws Exception {
        Path bundle = bundles.bundle("history", "deal", "7");
        EvidenceBundles.assumePython();
        Path manifests = bundle.resolve("manifests.jsonl");
        List<String> lines = new ArrayList<>(Files.readAllLines(manifests));
        lines.set(lines.size() - 1, lines.getLast().replace("the slot was lost", "it rained"));
        Files.writeString(manifests, String.join("\n", lines) + "\n");

        assertThat(
                        EvidenceBundles.verify(
                                bundle,
                                "--public-key",
                                directory.resolve("signing.pem.pub").toString()))
                .startsWith("7 ")
                .contains(
                        "manifests/00000000000000000004.json or tidemark.json was altered after being signed")
                .contains(
                        "question.json is of another archive, or of other manifests, than those in the bundle");
    }
}
