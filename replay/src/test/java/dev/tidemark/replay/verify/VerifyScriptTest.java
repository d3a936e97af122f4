package dev.tidemark.replay.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.proof.SigningKey;
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
    @TempDir static Path folder;
    @TempDir Path copy;

    private static ProvenArchive small;
    private static ProvenArchive large;
    private static ObjectStore other;
    private static SigningKey foreign;

    @BeforeAll
    static void write() throws Exception {
        assumeTrue(VerifyScript.hasPython(), "python3 is not there");
        Path key = folder.resolve("signing.pem");
        SigningKey.create(key);
        Path foreignKey = folder.resolve("foreign.pem");
        SigningKey.create(foreignKey);
        foreign = SigningKey.read(foreignKey);
        small = ProvenArchive.small(folder, key, Samples.NOON);
        large = ProvenArchive.large(folder, key);
        other = ProvenArchive.small(folder, key, Samples.NOON.plusSeconds(1)).store();
    }

    private VerifyScript.Outcome run(ProvenArchive archive, boolean isAnchored) throws Exception {
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
        VerifyScript.copy(archive.store(), copy);
    }

    private VerifyScript.Outcome run(List<String> options) throws Exception {
        return VerifyScript.run(copy, options);
    }

    private static ProvenArchive target(Attack.Target target) throws IOException {
        return switch (target) {
            case SMALL -> small.copy();
            case LARGE -> large.copy();
        };
    }

    @ParameterizedTest
    @EnumSource
    void theScriptFindsAWholeArchiveGood(Attack.Target target) throws Exception {
        VerifyScript.Outcome outcome = run(target(target), true);

        assertThat(outcome.text()).startsWith("GOOD: ").doesNotContain("not checkable");
        assertThat(outcome.code()).isZero();
    }

    @ParameterizedTest
    @FieldSource("dev.tidemark.replay.verify.Attack#ALL")
    void theScriptComesToTheSameVerdict(Attack attack) throws Exception {
        ProvenArchive archive = target(attack.target());
        attack.deed().to(new Attack.Means(archive.store(), other, foreign));

        VerifyScript.Outcome alone = run(archive, false);
        VerifyScript.Outcome anchored = run(archive, true);

        assertThat(alone.text())
                .containsPattern("(?m)^" + attack.alone() + ": ")
                .contains("roll back: not checkable without an anchor");
        assertThat(alone.code()).as(alone.text()).isEqualTo(VerifyScript.code(attack.alone()));
        assertThat(anchored.code())
                .as(anchored.text())
                .isEqualTo(VerifyScript.code(attack.anchored()));
    }

    @Test
    void theScriptKnowsEveryKindOfManifest() throws Exception {
        String script = Files.readString(VerifyScript.FILE);
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

        VerifyScript.Outcome outcome = run(List.of());

        assertThat(outcome.text())
                .isEqualTo(
                        "error: a newer Tidemark wrote this archive: %s needs 'rings'; take its version of this script%n"
                                .formatted(name));
        assertThat(outcome.code()).isEqualTo(3);
    }

    @Test
    void whatTheScriptIsGivenHasToBeReadable() throws Exception {
        copy(small.copy());
        Path other = Files.writeString(folder.resolve("other.json"), "{}");
        Path missing = folder.resolve("none");

        VerifyScript.Outcome noAnchor = run(List.of("--anchor", missing.toString()));
        VerifyScript.Outcome notAnAnchor = run(List.of("--anchor", other.toString()));
        VerifyScript.Outcome noKey = run(List.of("--public-key", missing.toString()));
        VerifyScript.Outcome notAKey = run(List.of("--public-key", other.toString()));

        assertThat(List.of(noAnchor, notAnAnchor, noKey, notAKey))
                .containsExactly(
                        usage("cannot read the anchor %s: No such file or directory", missing),
                        usage("the file %s holds no anchor; 'tidemark anchor' writes one", other),
                        usage("cannot read the public key %s: No such file or directory", missing),
                        usage("the file %s holds no public key for Ed25519", other));
    }

    private static VerifyScript.Outcome usage(String message, Path file) {
        return new VerifyScript.Outcome(2, "error: " + message.formatted(file) + "\n");
    }

    @Test
    void whereNothingIsTheScriptRefusesUnlessSomebodyKnowsAnArchive() throws Exception {
        VerifyScript.Outcome unknown = run(List.of());
        VerifyScript.Outcome known = run(List.of("--public-key", small.publicKey().toString()));

        assertThat(unknown)
                .isEqualTo(
                        new VerifyScript.Outcome(
                                3, "error: there is no archive in " + copy + "\n"));
        assertThat(known.code()).isEqualTo(6);
        assertThat(known.text()).startsWith("the archive lacks tidemark.json\nMISSING: ");
    }
}
