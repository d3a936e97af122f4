package dev.tidemark.archive.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedArchiveTest {
    @TempDir Path folder;

    private final MemoryObjectStore store = new MemoryObjectStore();

    @Test
    void aMissingManifestIsRefused() throws Exception {
        ArchiveTest.written(store, 3);
        store.delete("manifests/00000000000000000001.json");

        ArchiveTest.assertRefused(
                () -> Archive.open(store),
                "the archive memory: lacks the manifest manifests/00000000000000000001.json",
                "Manifests are never deleted one by one: restore it from a copy of the archive.");
    }

    @Test
    void anAlteredManifestIsRefused() throws Exception {
        ArchiveTest.written(store, 3);
        String name = "manifests/00000000000000000001.json";
        String text = new String(store.get(name), UTF_8);
        replace(name, text.replace("\"changes\":1", "\"changes\":2"));

        ArchiveTest.assertRefused(
                () -> Archive.open(store),
                "the archive's manifest manifests/00000000000000000002.json does not follow from the one before it:"
                        + " one of the two was altered",
                "Restore the two manifests from a copy of the archive.");
    }

    @Test
    void anotherArchivesManifestIsRefused() throws Exception {
        ArchiveTest.written(store, 3);
        MemoryObjectStore other = new MemoryObjectStore();
        ArchiveTest.written(other, 3);
        String name = "manifests/00000000000000000002.json";
        replace(name, new String(other.get(name), UTF_8));

        ArchiveTest.assertRefused(
                () -> Archive.open(store),
                "the archive's manifest manifests/00000000000000000002.json does not follow from the one before it:"
                        + " one of the two was altered",
                "Restore the two manifests from a copy of the archive.");
    }

    @Test
    void aTruncatedManifestIsRefused() throws Exception {
        ArchiveTest.written(store, 2);
        String name = "manifests/00000000000000000001.json";
        replace(name, new String(store.get(name), UTF_8).substring(0, 20));

        assertThatThrownBy(() -> Archive.open(store))
                .isInstanceOf(TidemarkException.class)
                .hasMessageStartingWith(
                        "cannot read memory: manifests/00000000000000000001.json: Unexpected end-of-input");
    }

    @Test
    void damageBehindACheckpointIsFoundByReadingAll() throws Exception {
        ArchiveTest.written(store, Archive.CHECKPOINT_EVERY + 2);
        assertThat(Archive.damage(store)).isEmpty();
        String name = "manifests/00000000000000000007.json";
        replace(name, new String(store.get(name), UTF_8).replace("\"changes\":1", "\"changes\":2"));

        assertThat(Archive.open(store).state().last()).isEqualTo(Archive.CHECKPOINT_EVERY + 1);
        assertThat(Archive.damage(store))
                .contains(
                        "the archive's manifest manifests/00000000000000000008.json does not follow from the one before"
                                + " it: one of the two was altered");
    }

    @Test
    void anAlteredCheckpointIsDamage() throws Exception {
        ArchiveTest.written(store, Archive.CHECKPOINT_EVERY + 2);
        replace(
                ArchiveTest.CHECKPOINT,
                new String(store.get(ArchiveTest.CHECKPOINT), UTF_8)
                        .replaceFirst("\"changes\":1", "\"changes\":2"));

        assertThat(Archive.damage(store))
                .contains(
                        "the checkpoint %s of the archive memory: is not what its manifests say"
                                .formatted(ArchiveTest.CHECKPOINT));
    }

    @Test
    void fetchFindsAMissingFile() throws Exception {
        Archive archive = ArchiveTest.written(store, 1);
        FileRef file = uploaded(archive);
        store.delete(file.name());

        assertDamaged(archive, file, "is missing");
    }

    @Test
    void fetchFindsATruncatedFile() throws Exception {
        Archive archive = ArchiveTest.written(store, 1);
        FileRef file = uploaded(archive);
        replace(file.name(), "conten");

        assertDamaged(archive, file, "has 6 bytes instead of 7");
    }

    @Test
    void fetchFindsAnAlteredFile() throws Exception {
        Archive archive = ArchiveTest.written(store, 1);
        FileRef file = uploaded(archive);
        replace(file.name(), "c0ntent");

        assertDamaged(archive, file, "was altered: its SHA-256 is not the one in its manifest");
    }

    @Test
    void fetchBringsTheFileThatWasUploaded() throws Exception {
        Archive archive = ArchiveTest.written(store, 1);
        FileRef file = uploaded(archive);

        assertThat(archive.fetch(file, folder)).hasContent("content");
        assertThat(archive.read(file)).asString(UTF_8).isEqualTo("content");
    }

    private FileRef uploaded(Archive archive) throws IOException {
        Path local = Files.writeString(folder.resolve("local"), "content");
        return archive.upload(local, "journal.parquet", FileRef.Kind.JOURNAL, 1, 0, 0);
    }

    private void assertDamaged(Archive archive, FileRef file, String how) {
        ArchiveTest.assertRefused(
                () -> archive.fetch(file, folder),
                "the archive's file " + file.name() + " " + how,
                "Run 'tidemark verify' to list all damage. Restore the file from a copy of the archive if you have one.");
    }

    private void replace(String name, String content) {
        store.delete(name);
        store.putIfAbsent(name, content.getBytes(UTF_8));
    }
}
