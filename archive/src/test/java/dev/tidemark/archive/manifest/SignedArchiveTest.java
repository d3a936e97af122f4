package dev.tidemark.archive.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.proof.Signing;
import dev.tidemark.archive.proof.SigningKey;
import dev.tidemark.archive.store.MemoryObjectStore;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds for those who write a signed archive. */
class SignedArchiveTest {
    @TempDir Path folder;

    private final MemoryObjectStore store = new MemoryObjectStore();
    private SigningKey key;

    @BeforeEach
    void makeAKey() {
        key = key("signing.pem");
    }

    private SigningKey key(String name) {
        SigningKey.create(folder.resolve(name));
        return SigningKey.read(folder.resolve(name));
    }

    private Archive opened(SigningKey with) throws Exception {
        Archive archive = Archive.open(store);
        archive.signWith(Signing.with(with));
        return archive;
    }

    private void write(int manifests) throws Exception {
        ArchiveTest.written(store, 1);
        Archive archive = opened(key);
        for (long n = 1; n < manifests; n++) {
            archive.commit(ArchiveTest.step(n));
        }
    }

    @Test
    void whatIsPublishedIsSignedAndReadBackAsItWas() throws Exception {
        write(3);

        Archive archive = Archive.open(store);
        assertThat(archive.state().manifests().getFirst().signer()).isEmpty();
        assertThat(archive.state().manifests().getLast().signer()).contains(key.signer());
        for (Manifest manifest : archive.state().manifests()) {
            assertThat(manifest.bytes()).isEqualTo(store.get(manifest.name()));
        }
    }

    @Test
    void aSignedArchiveIsNotGoneOnWithWithoutAKey() throws Exception {
        write(2);
        Archive archive = Archive.open(store);

        ArchiveTest.assertRefused(
                () -> archive.commit(ArchiveTest.step(2)),
                "the archive memory: is signed, with the key %s at last, and there is no key to go on with"
                        .formatted(key.signer()),
                "Set proof.signing-key. It may be a new key: whoever verifies then trusts both.");
    }

    @Test
    void anotherKeyMayGoOn() throws Exception {
        write(Archive.CHECKPOINT_EVERY + 1); // the checkpoint is that of the first key
        SigningKey second = key("second.pem");

        Manifest manifest = opened(second).commit(ArchiveTest.step(Archive.CHECKPOINT_EVERY + 1));

        assertThat(manifest.signer()).contains(second.signer());
        assertThat(Archive.damage(store)).isEmpty();
    }

    @Test
    void whoSignsForTheFirstTimeLosesAgainstThoseWhoPublishedSinceHeDecided() throws Exception {
        write(Archive.CHECKPOINT_EVERY + 1);
        Archive late = opened(key("second.pem"));
        Manifest decided = ArchiveTest.step(Archive.CHECKPOINT_EVERY + 1);
        opened(key).commit(ArchiveTest.step(Archive.CHECKPOINT_EVERY + 1));

        assertThatThrownBy(() -> late.commit(decided)).isInstanceOf(LostRaceException.class);
        late.refresh();
        assertThat(late.commit(ArchiveTest.step(Archive.CHECKPOINT_EVERY + 2)).number())
                .isEqualTo(Archive.CHECKPOINT_EVERY + 2L);
    }

    /** Else the next signature would prove what he made up. */
    @Test
    void whatAnAttackerPutIntoACheckpointIsNotSigned() throws Exception {
        write(Archive.CHECKPOINT_EVERY + 1);
        String name = ArchiveTest.CHECKPOINT;
        String text = new String(store.get(name), UTF_8);
        store.delete(name);
        store.putIfAbsent(
                name, text.replaceFirst("\"changes\":1", "\"changes\":2").getBytes(UTF_8));

        Archive archive = opened(key);

        ArchiveTest.assertRefused(
                () -> archive.commit(ArchiveTest.step(Archive.CHECKPOINT_EVERY + 1)),
                "a checkpoint of the archive memory: is not what its manifests say",
                "'tidemark verify' names it. Find out who wrote it; checkpoints only save time, and may be deleted.");
    }
}
