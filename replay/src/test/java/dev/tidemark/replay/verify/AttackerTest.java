package dev.tidemark.replay.verify;

import static dev.tidemark.archive.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ChainCheck;
import dev.tidemark.archive.manifest.ChainReport;
import dev.tidemark.archive.manifest.SignatureRule;
import dev.tidemark.archive.proof.Finding;
import dev.tidemark.archive.proof.SigningKey;
import dev.tidemark.archive.proof.Verdict;
import dev.tidemark.archive.proof.Witness;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** Whoever can write the storage, and has not the key, is found out. */
class AttackerTest {
    @TempDir static Path folder;

    private static ProvenArchive small;
    private static ProvenArchive large;
    private static ObjectStore other;
    private static SigningKey foreign;

    @BeforeAll
    static void write() throws Exception {
        Path key = folder.resolve("signing.pem");
        SigningKey.create(key);
        Path foreignKey = folder.resolve("foreign.pem");
        SigningKey.create(foreignKey);
        foreign = SigningKey.read(foreignKey);
        small = ProvenArchive.small(folder, key, NOON);
        large = ProvenArchive.large(folder, key);
        other = ProvenArchive.small(folder, key, NOON.plusSeconds(1)).store();
    }

    private static ProvenArchive target(Attack.Target target) throws IOException {
        return switch (target) {
            case SMALL -> small.copy();
            case LARGE -> large.copy();
        };
    }

    private static Verification.Report verify(ProvenArchive archive, List<Witness> witnesses)
            throws IOException {
        ChainReport chain = ChainCheck.run(archive.store(), archive.rule(), witnesses);
        return Verification.run(
                Archive.openAsFound(archive.store(), chain, KeyChain.EMPTY),
                chain,
                folder,
                Verification.Extent.all(Verification.Level.REBUILD),
                bytes -> {});
    }

    private static Witness anchorOf(ProvenArchive archive) {
        return Witness.of("the anchor", archive.anchor());
    }

    @ParameterizedTest
    @EnumSource
    void anArchiveThatNobodyAttackedIsGood(Attack.Target target) throws Exception {
        ProvenArchive archive = target(target);

        Verification.Report alone = verify(archive, List.of());
        Verification.Report anchored = verify(archive, List.of(anchorOf(archive)));

        assertThat(alone.problems()).isEmpty();
        assertThat(alone.verdict()).isEqualTo(Verdict.GOOD);
        assertThat(alone.signed()).isTrue();
        assertThat(alone.signatures()).isEqualTo(alone.last() + 1 - archive.rule().from());
        assertThat(alone.anchored()).isFalse();
        assertThat(anchored.anchored()).isTrue();
        assertThat(anchored.verdict()).isEqualTo(Verdict.GOOD);
    }

    @ParameterizedTest
    @FieldSource("dev.tidemark.replay.verify.Attack#ALL")
    void anAttackIsNamed(Attack attack) throws Exception {
        ProvenArchive archive = target(attack.target());
        attack.deed().to(new Attack.Means(archive.store(), other, foreign));

        Verification.Report alone = verify(archive, List.of());
        Verification.Report anchored = verify(archive, List.of(anchorOf(archive)));

        assertThat(alone.verdict()).as("%s", alone.problems()).isEqualTo(attack.alone());
        assertThat(anchored.verdict()).as("%s", anchored.problems()).isEqualTo(attack.anchored());
        if (attack.problem().isEmpty()) {
            assertThat(alone.problems()).isEmpty();
        } else {
            assertThat(alone.problems()).anyMatch(problem -> problem.contains(attack.problem()));
        }
    }

    @Test
    void anObjectThatIsNoManifestIsNamedOnceAndHidesNothing() throws Exception {
        ProvenArchive archive = small.copy();
        archive.store().putIfAbsent("manifests/junk.txt", new byte[] {1});

        Verification.Report report = verify(archive, List.of());

        assertThat(report.problems())
                .containsExactly("the archive has a manifest called manifests/junk.txt");
        assertThat(report.exact()).isTrue();
        assertThat(report.files()).isEqualTo(verify(small, List.of()).files());
    }

    @Test
    void strayObjectsBetweenManifestsHideNone() throws Exception {
        ProvenArchive archive = large.copy();
        archive.store().putIfAbsent("manifests/00000000000000000999.json.old", new byte[] {1});

        Verification.Report report = verify(archive, List.of());

        assertThat(report.problems())
                .containsExactly(
                        "the archive has a manifest called manifests/00000000000000000999.json.old");
        assertThat(report.last()).isEqualTo(1_013);
    }

    @Test
    void whereNothingIsOnlyWhoKnowsAnArchiveMissesIt() throws Exception {
        ObjectStore empty = new MemoryObjectStore();

        assertThatThrownBy(() -> ChainCheck.run(empty, SignatureRule.NONE, List.of()))
                .hasMessage("there is no archive at memory:");
        assertThat(ChainCheck.run(empty, SignatureRule.NONE, List.of(anchorOf(small))).findings())
                .containsExactly(
                        new Finding(Verdict.MISSING, "the archive memory: lacks tidemark.json"));
    }

    @Test
    void whatAnAnchorKnowsBetterIsSaid() throws Exception {
        ProvenArchive rolledBack = small.copy();
        rolledBack.store().delete("manifests/00000000000000000023.json");
        ProvenArchive replaced =
                new ProvenArchive(other, small.publicKey(), small.rule(), small.anchor());

        assertThat(verify(rolledBack, List.of(anchorOf(small))).problems())
                .containsExactly(
                        "the archive ends with manifest 22, and the anchor knows manifest 23: it was rolled back to an older state");
        assertThat(verify(replaced, List.of(anchorOf(small))).problems())
                .containsExactly(
                        "the manifest manifests/00000000000000000023.json is not the one that the anchor knows: the archive is another copy, or was written anew",
                        "the archive is another one than the anchor knows: its tidemark.json differs");
    }
}
