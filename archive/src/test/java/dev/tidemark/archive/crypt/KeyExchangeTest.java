package dev.tidemark.archive.crypt;

import static dev.tidemark.archive.Samples.KEYS;
import static dev.tidemark.archive.Samples.NOON;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveIdentity;
import dev.tidemark.archive.manifest.ArchiveKeys;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.proof.Hashes;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What becomes of an archive when its keys are exchanged, or lost. */
class KeyExchangeTest extends WrittenEncrypted {
    @Test
    void afterARotationTheNewKeyReadsAllTheOldOneNothingAndNoFileIsAnother() throws IOException {
        Map<String, byte[]> before = contents();
        Keyring keyring = ArchiveKeys.of(store, KEYS.and(OTHER));

        keyring.rotate(OTHER, NOON);

        assertThatAllIsReadWith(KeyChain.of(OTHER));
        assertRefused(
                () -> Archive.open(store, KEYS),
                "the archive memory: is encrypted with the key %s, and the key at hand is %s"
                        .formatted(OTHER.id(), id(KEYS)),
                "Set encryption.key-file or encryption.key-env to the key %s; after 'tidemark key rotate' that is the new one."
                        .formatted(OTHER.id()));
        assertThat(store.list("keys/", "", 10)).containsExactly("keys/00000000000000000001.json");
        assertUnchanged(before);
    }

    private Map<String, byte[]> contents() throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        for (String name : names()) {
            contents.put(name, store.get(name));
        }
        return contents;
    }

    private void assertUnchanged(Map<String, byte[]> before) throws IOException {
        for (Map.Entry<String, byte[]> one : before.entrySet()) {
            if (!one.getKey().startsWith("keys/")) {
                assertThat(store.get(one.getKey())).as(one.getKey()).isEqualTo(one.getValue());
            }
        }
    }

    @Test
    void aRotationThatBrokeOffGoesOn() throws IOException {
        byte[] old = store.get("keys/00000000000000000000.json");
        ArchiveKeys.of(store, KEYS).rotate(OTHER, NOON);
        store.putIfAbsent("keys/00000000000000000000.json", old); // it was not removed

        ArchiveKeys.of(store, KEYS.and(OTHER)).rotate(OTHER, NOON);

        assertThat(store.list("keys/", "", 10)).containsExactly("keys/00000000000000000001.json");
        assertThatAllIsReadWith(KeyChain.of(OTHER));
    }

    @Test
    void filesOfEachDataKeyAreReadAlsoByWhoIsAtWork() throws Exception {
        Map<String, byte[]> before = contents();
        Archive atWork = Archive.open(store, KEYS);

        ArchiveKeys.of(store, KEYS).addDataKey(NOON);
        Archive later = Archive.open(store, KEYS);
        mark(later, "with the new data key", "");
        FileRef file = later.upload("content".getBytes(ISO_8859_1), "x", FileRef.Kind.CATALOG);
        atWork.refresh();

        assertThat(ArchiveKeys.of(store, KEYS).dataKeys()).isEqualTo(2);
        assertThat(atWork.state().mark("with the new data key")).isPresent();
        assertThat(atWork.read(file)).asString(ISO_8859_1).isEqualTo("content");
        assertThatAllIsReadWith(KEYS);
        assertUnchanged(before);
    }

    @Test
    void whoIsAtWorkEncryptsWithANewDataKeyToo() throws Exception {
        KeyEncryptionKey key = KEYS.keys().getFirst();
        Keyring atWork = Keyring.open(store, name(), KeyChain.of(key), Duration.ZERO);
        byte[] before = atWork.cipherToWrite().encrypt(new byte[100], "x");

        ArchiveKeys.of(store, KEYS).addDataKey(NOON);
        byte[] after = atWork.cipherToWrite().encrypt(new byte[100], "x");
        ArchiveKeys.of(store, KEYS.and(OTHER)).rotate(OTHER, NOON);

        Keyring old = Keyring.open(store, name(), KeyChain.of(OTHER), Duration.ofDays(1));
        assertThat(old.cipher().decrypt(before, "x")).isEqualTo(new byte[100]);
        assertThat(old.cipher().decrypt(after, "x")).isEqualTo(new byte[100]);
        assertThat(atWork.cipherToWrite().encrypt(new byte[100], "x"))
                .as("without the new key it goes on")
                .isNotEmpty();
    }

    private String name() throws IOException {
        return "archive " + Hashes.sha256(store.get("tidemark.json"));
    }

    @Test
    void aServiceTakesAKeyThatWasExchangedInItsFile() throws Exception {
        List<KeyEncryptionKey> file = new ArrayList<>(KEYS.keys());
        Archive atWork = Archive.open(store, KeyChain.from(() -> List.copyOf(file)));
        ArchiveKeys.of(store, KEYS).addDataKey(NOON);
        ArchiveKeys.of(store, KEYS.and(OTHER)).rotate(OTHER, NOON);
        Archive later = Archive.open(store, KeyChain.of(OTHER));
        FileRef written = later.upload("content".getBytes(ISO_8859_1), "x", FileRef.Kind.CATALOG);

        assertThatThrownBy(() -> atWork.read(written)).isInstanceOf(TidemarkException.class);
        file.set(0, OTHER);

        assertThat(atWork.read(written)).asString(ISO_8859_1).isEqualTo("content");
    }

    @Test
    void ofTwoWhoExchangeTheKeysOneIsRefused() throws IOException {
        Keyring first = ArchiveKeys.of(store, KEYS);
        byte[] others = "{}".getBytes(ISO_8859_1);
        MemoryObjectStore raced = store;
        raced.putIfAbsent("keys/00000000000000000001.json", others); // a moment before ours

        assertThatThrownBy(() -> first.rotate(OTHER, NOON)).isInstanceOf(TidemarkException.class);

        assertThat(store.get("keys/00000000000000000001.json")).isEqualTo(others);
        assertThat(store.get("keys/00000000000000000000.json")).isNotEmpty();
    }

    @Test
    void keysOfAnotherArchiveOrNumberAreRefused() throws Exception {
        String name = "keys/00000000000000000000.json";
        String refusal =
                "the archive's file %%s of memory: cannot be opened with the key %s that it names"
                        .formatted(id(KEYS));
        String hint =
                "It was altered, or is another archive's. Restore it from a copy of this archive.";
        byte[] own = store.get(name);
        MemoryObjectStore other = new MemoryObjectStore();
        Archive.create(other, new ArchiveIdentity(1, "erp", "7002", "erp", NOON, "parquet"), KEYS);

        replace(name, other.get(name));
        assertRefused(() -> Archive.open(store, KEYS), refusal.formatted(name), hint);

        String next = "keys/00000000000000000001.json";
        replace(name, own);
        replace(
                next,
                new String(own, ISO_8859_1)
                        .replace("\"number\":0", "\"number\":1")
                        .getBytes(ISO_8859_1));
        assertRefused(() -> Archive.open(store, KEYS), refusal.formatted(next), hint);
    }

    @Test
    void anArchiveThatLostItsKeysSaysSo() {
        store.delete("keys/00000000000000000000.json");

        assertRefused(
                () -> Archive.open(store, KEYS),
                "the archive memory: is encrypted, and holds no keys",
                "Restore the folder 'keys/' from a copy of the archive. If its first base was never finished, run 'tidemark init' again.");
    }

    @Test
    void aCreationThatBrokeOffBeforeTheKeysGoesOn() throws IOException {
        MemoryObjectStore begun = new MemoryObjectStore();
        Archive.create(begun, Samples.IDENTITY, KEYS);
        begun.delete("keys/00000000000000000000.json");

        assertThat(Archive.find(begun, KEYS)).isPresent();

        FileRef file =
                Archive.create(begun, Samples.IDENTITY, KEYS)
                        .upload("content".getBytes(ISO_8859_1), "x", FileRef.Kind.CATALOG);
        assertThat(Archive.open(begun, KEYS).read(file)).asString(ISO_8859_1).isEqualTo("content");
    }
}
