package dev.tidemark.archive.crypt;

import static dev.tidemark.archive.Samples.KEYS;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.proof.Hashes;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.TidemarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

/** What an archive is to those who have its key, and to those who do not. */
class EncryptedArchiveTest extends WrittenEncrypted {

    /** What a thief must not find. */
    private static final List<String> SECRETS =
            List.of(
                    "zebra_contact",
                    "kiwi_name",
                    "Annabella",
                    "Benvolio",
                    "Cassiopeia",
                    "before the flamingo import",
                    "asked for by Dagobert",
                    "the pelican ate the disk",
                    "ada@ops1");

    private String text(String name) throws IOException {
        return new String(store.get(name), ISO_8859_1);
    }

    @Test
    void whoHasTheKeyReadsAllAndLeavesNothingBehind() throws IOException {
        assertThatAllIsReadWith(KEYS);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void withoutTheKeyNoNameAndNoValueIsInAnyObject() throws IOException {
        assertThat(names())
                .anyMatch(name -> name.startsWith("data/"))
                .anyMatch(name -> name.startsWith("manifests/"))
                .anyMatch(name -> name.startsWith("ledger/"))
                .anyMatch(name -> name.startsWith("keys/"));
        for (String name : names()) {
            assertThat(text(name)).as(name).doesNotContain(SECRETS);
        }
    }

    /** Compression hides words too; what is encrypted has no order that a compressor could find. */
    @Test
    void aFileIsNoiseToWhoHasNoKey() throws IOException {
        for (String name : store.list("data/", "", 1_000)) {
            byte[] content = store.get(name);
            Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
            deflater.setInput(content);
            deflater.finish();
            byte[] deflated = new byte[content.length];

            assertThat(deflater.deflate(deflated)).as(name).isEqualTo(content.length);
            assertThat(deflater.finished()).as(name).isFalse();
            assertThat(text(name)).as(name).doesNotContain("PAR1");
            deflater.end();
        }
    }

    @Test
    void aCheckpointHasNoTextsEither() throws Exception {
        Archive archive = Archive.open(store, KEYS);
        while (archive.state().last() < 999) {
            mark(archive, "mark " + archive.state().last() + " of the flamingo import", "");
        }

        assertThat(text("checkpoints/00000000000000000999.json"))
                .contains("\"kind\":\"MARK\"")
                .doesNotContain("flamingo", "pelican");
        assertThat(Archive.damage(store)).isEmpty();
        assertThat(Archive.open(store, KEYS).state()).isEqualTo(archive.state());
        assertThat(Archive.open(store, KEYS).state().mark("mark 500 of the flamingo import"))
                .isPresent();
    }

    @Test
    void withoutTheKeyChainSizesAndHashesAreChecked() throws IOException {
        assertThat(Archive.damage(store)).isEmpty();
        Archive archive = Archive.openWithoutKey(store);

        for (Manifest manifest : archive.state().manifests()) {
            for (FileRef file : manifest.files()) {
                archive.checkSize(file);
                archive.checkContent(file, folder);
            }
        }

        FileRef file = archive.state().bases().getFirst().files().getFirst();
        assertRefused(
                () -> archive.fetch(file, folder),
                "the archive memory: is encrypted with the key %s, and no key is configured"
                        .formatted(id(KEYS)),
                "Set encryption.key-file or encryption.key-env to that key. Without it only 'tidemark verify' with --level files or hashes can check the archive.");
        assertThat(archive.state().bases().getLast().gap().orElseThrow().reason())
                .startsWith("encrypted:");
        assertThat(archive.ledger().newest(1).getFirst().by()).isEmpty();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aMissingKeyIsRefusedAndNamed() {
        assertRefused(
                () -> Archive.open(store),
                "the archive memory: is encrypted with the key %s, and no key is configured"
                        .formatted(id(KEYS)),
                "Set encryption.key-file or encryption.key-env to that key. Without it only 'tidemark verify' with --level files or hashes can check the archive.");
    }

    @Test
    void aWrongKeyIsRefusedAndBothAreNamed() {
        assertRefused(
                () -> Archive.open(store, KeyChain.of(OTHER)),
                "the archive memory: is encrypted with the key %s, and the key at hand is %s"
                        .formatted(id(KEYS), OTHER.id()),
                "Set encryption.key-file or encryption.key-env to the key %s; after 'tidemark key rotate' that is the new one."
                        .formatted(id(KEYS)));
    }

    @Test
    void anArchiveThatIsNotEncryptedIsNotTakenForOneThatIs() throws IOException {
        MemoryObjectStore plain = new MemoryObjectStore();
        Archive.create(plain, Samples.IDENTITY);

        assertRefused(
                () -> Archive.open(plain, KEYS),
                "the archive memory: is not encrypted, and a key is configured",
                "Whether an archive is encrypted is decided by 'tidemark init': take encryption out of the configuration, or choose another archive.url for a new archive.");
    }

    @Test
    void aFlippedBitOfAFileIsFound() throws IOException {
        FileRef file = aBaseFile();
        byte[] content = store.get(file.name());
        content[content.length / 2] ^= 1;
        replace(file.name(), content);

        assertRefused(
                () -> Archive.open(store, KEYS).fetch(file, folder),
                "the archive's file %s was altered: its SHA-256 is not the one in its manifest"
                        .formatted(file.name()),
                "Run 'tidemark verify' to list all damage. Restore the file from a copy of the archive if you have one.");
    }

    @Test
    void aFileThatWasAlteredWithItsManifestIsNotDecrypted() throws IOException {
        FileRef file = aBaseFile();
        byte[] content = store.get(file.name());
        content[content.length / 2] ^= 1;
        assertUndecryptable(replaced(file, content));
    }

    @Test
    void aFileInThePlaceOfAnotherIsNotDecrypted() throws IOException {
        List<FileRef> bases =
                Archive.open(store, KEYS).state().bases().stream()
                        .flatMap(base -> base.file(FileRef.Kind.BASE).stream())
                        .toList();

        assertUndecryptable(replaced(bases.getLast(), store.get(bases.getFirst().name())));
    }

    @Test
    void aFileWithoutItsEndIsNotDecrypted() throws IOException {
        FileRef file = aBaseFile();
        byte[] content = store.get(file.name());

        for (int bytes : new int[] {0, 10, 40, content.length - 16, content.length - 1}) {
            assertUndecryptable(replaced(file, Arrays.copyOf(content, bytes)));
        }
    }

    @Test
    void aFileThatIsNotEncryptedIsNotRead() throws IOException {
        assertUndecryptable(replaced(aBaseFile(), "PAR1 of somebody else".getBytes(ISO_8859_1)));
    }

    private FileRef aBaseFile() throws IOException {
        return Archive.open(store, KEYS)
                .state()
                .bases()
                .getFirst()
                .file(FileRef.Kind.BASE)
                .orElseThrow();
    }

    /** As one who may write, and has no key, would replace it with its manifest. */
    private FileRef replaced(FileRef file, byte[] content) {
        replace(file.name(), content);
        return new FileRef(
                file.name(),
                file.kind(),
                content.length,
                file.rows(),
                Hashes.sha256(content),
                file.table(),
                file.version());
    }

    private void assertUndecryptable(FileRef file) throws IOException {
        Archive archive = Archive.open(store, KEYS);
        String message =
                "the archive's file %s is what its manifest says, and cannot be decrypted: it was not encrypted under this name with the archive's keys"
                        .formatted(file.name());
        String hint =
                "Somebody exchanged the file and its manifest, or the folder 'keys'. Compare with a copy of the archive.";
        assertRefused(() -> archive.fetch(file, folder), message, hint);
        assertRefused(() -> archive.read(file), message, hint);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void noMoreIsInClearOnDiskThanTheLimitAndThatForItsOwnerOnly() throws Exception {
        Archive archive = Archive.open(store, KEYS);
        FileRef file =
                archive.state().manifests().stream()
                        .flatMap(base -> base.file(FileRef.Kind.BASE).stream())
                        .findFirst()
                        .orElseThrow();
        Path one = Files.createDirectory(folder.resolve("one"));
        Path two = Files.createDirectory(folder.resolve("two"));
        archive.limitDecrypted(3 * file.bytes() - 1);

        Path local = archive.fetch(file, one);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(local)))
                .isEqualTo("rw-------");
        assertThatThrownBy(() -> archive.fetch(file, two))
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        error -> {
                            assertThat(error)
                                    .hasMessage(
                                            "no room to decrypt %s: it takes %d bytes for a moment, %d are taken, and the limit is %d"
                                                    .formatted(
                                                            local.getFileName(),
                                                            2 * file.bytes(),
                                                            file.bytes(),
                                                            3 * file.bytes() - 1));
                            assertThat(error.hint())
                                    .startsWith(
                                            "Raise encryption.decrypted-max-bytes to %d or more"
                                                    .formatted(3 * file.bytes()));
                        });
        assertThat(two).isEmptyDirectory();

        Files.delete(local);
        assertThat(archive.fetch(file, two)).exists();
    }

    @Test
    void anObjectThatIsThereAlreadyIsComparedByItsContent() throws IOException {
        Archive archive = Archive.open(store, KEYS);
        byte[] content = "content".getBytes(ISO_8859_1);

        FileRef first = archive.upload(content, "x", FileRef.Kind.CATALOG);

        assertThat(archive.upload(content, "x", FileRef.Kind.CATALOG)).isEqualTo(first);
        assertThatThrownBy(() -> archive.upload(new byte[3], "x", FileRef.Kind.CATALOG))
                .isInstanceOf(TidemarkException.class)
                .hasMessage("the archive already holds another object " + first.name());
    }
}
