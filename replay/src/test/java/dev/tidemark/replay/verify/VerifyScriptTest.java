package dev.tidemark.replay.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.proof.SigningKey;
import dev.tidemark.archive.proof.Verdict;
import dev.tidemark.archive.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** A verifier that shares no code with Tidemark comes to the same verdicts. */
class VerifyScriptTest {
    private static final Path SCRIPT = Path.of("..", "docs", "verify.py");

    @TempDir static Path folder;
    @TempDir Path copy;

    private static ProvenArchive small;
    private static ProvenArchive large;
    private static ObjectStore other;
    private static SigningKey foreign;

    @BeforeAll
    static void write() throws Exception {
        assumeTrue(hasPython(), "python3 is not there");
        Path key = folder.resolve("signing.pem");
        SigningKey.create(key);
        Path foreignKey = folder.resolve("foreign.pem");
        SigningKey.create(foreignKey);
        foreign = SigningKey.read(foreignKey);
        small = ProvenArchive.small(folder, key, Samples.NOON);
        large = ProvenArchive.large(folder, key);
        other = ProvenArchive.small(folder, key, Samples.NOON.plusSeconds(1)).store();
    }

    static boolean hasPython() throws InterruptedException {
        try {
            return new ProcessBuilder(
                                    "python3",
                                    "-c",
                                    "import sys; sys.exit(sys.version_info < (3, 8))")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private record Outcome(int code, String text) {}

    private Outcome run(ProvenArchive archive, boolean isAnchored) throws Exception {
        copy(archive);
        List<String> options =
                new ArrayList<>(
                        List.of(
                                "--public-key",
                                archive.publicKey().toString(),
                                "--signed-from",
                                Long.toString(archive.rule().from())));
        if (isAnchored) {
            Path anchor = Files.write(folder.resolve("anchor.json"), archive.anchor().bytes());
            options.addAll(List.of("--anchor", anchor.toString()));
        }
        return run(options);
    }

    private void copy(ProvenArchive archive) throws IOException {
        for (String name : archive.store().list("", "", 10_000)) {
            Path file = copy.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, archive.store().get(name));
        }
    }

    private Outcome run(List<String> options) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("python3", SCRIPT.toString(), copy.toString()));
        command.addAll(options);
        Process python = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(python.getInputStream().readAllBytes(), UTF_8);
        return new Outcome(python.waitFor(), text);
    }

    private static ProvenArchive target(Attack.Target target) throws IOException {
        return switch (target) {
            case SMALL -> small.copy();
            case LARGE -> large.copy();
        };
    }

    private static int code(Verdict verdict) {
        return switch (verdict) {
            case GOOD -> 0;
            case INCONSISTENT -> 1;
            case UNSIGNED, UNTRUSTED -> 5;
            case MISSING -> 6;
            case ALTERED -> 7;
            case DIVERGED -> 8;
        };
    }

    @ParameterizedTest
    @EnumSource
    void theScriptFindsAWholeArchiveGood(Attack.Target target) throws Exception {
        Outcome outcome = run(target(target), true);

        assertThat(outcome.text()).startsWith("GOOD: ").doesNotContain("not checkable");
        assertThat(outcome.code()).isZero();
    }

    @ParameterizedTest
    @FieldSource("dev.tidemark.replay.verify.Attack#ALL")
    void theScriptComesToTheSameVerdict(Attack attack) throws Exception {
        ProvenArchive archive = target(attack.target());
        attack.deed().to(new Attack.Means(archive.store(), other, foreign));

        Outcome alone = run(archive, false);
        Outcome anchored = run(archive, true);

        assertThat(alone.text())
                .containsPattern("(?m)^" + attack.alone() + ": ")
                .contains("roll back: not checkable without an anchor");
        assertThat(alone.code()).as(alone.text()).isEqualTo(code(attack.alone()));
        assertThat(anchored.code()).as(anchored.text()).isEqualTo(code(attack.anchored()));
    }

    @Test
    void theScriptKnowsEveryKindOfManifest() throws Exception {
        String script = Files.readString(SCRIPT);
        String kinds = script.substring(script.indexOf("KINDS = {"), script.indexOf("PACK = "));

        assertThat(kinds)
                .contains(
                        Stream.of(Manifest.Kind.values())
                                .map(kind -> '"' + kind.name() + '"')
                                .toArray(String[]::new));
    }

    @Test
    void theScriptRefusesWhatANewerVersionWrote() throws Exception {
        copy(small.copy());
        String name = small.store().list("manifests/", "", 1_000).getLast();
        String text = Files.readString(copy.resolve(name));
        Files.writeString(
                copy.resolve(name),
                text.replace("\"number\"", "\"needs\":{\"read\":[\"rings\"]},\"number\""));

        Outcome outcome = run(List.of());

        assertThat(outcome.text())
                .isEqualTo(
                        "error: a newer Tidemark wrote this archive: %s needs 'rings'; take its version of this script%n"
                                .formatted(name));
        assertThat(outcome.code()).isEqualTo(3);
    }
}
