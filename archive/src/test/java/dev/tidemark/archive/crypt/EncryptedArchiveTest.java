package dev.tidemark.archive.crypt;

import static dev.tidemark.archive.Samples.KEYS;
import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.Samples.catalog;
import static dev.tidemark.archive.Samples.column;
import static dev.tidemark.archive.Samples.row;
import static dev.tidemark.archive.Samples.table;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.WrittenArchive.Transaction;
import dev.tidemark.archive.fold.Fold;
import dev.tidemark.archive.fold.TableFold;
import dev.tidemark.archive.ledger.Ledger;
import dev.tidemark.archive.ledger.LedgerEntry;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.manifest.ArchiveIdentity;
import dev.tidemark.archive.manifest.ArchiveKeys;
import dev.tidemark.archive.manifest.FileRef;
import dev.tidemark.archive.manifest.Gap;
import dev.tidemark.archive.manifest.LostRaceException;
import dev.tidemark.archive.manifest.Manifest;
import dev.tidemark.archive.manifest.Mark;
import dev.tidemark.archive.merge.MergedByHand;
import dev.tidemark.archive.plan.Moment;
import dev.tidemark.archive.plan.Planner;
import dev.tidemark.archive.plan.Target;
import dev.tidemark.archive.proof.Hashes;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.catalog.Table;
import dev.tidemark.schemas.change.BeforeImage;
import dev.tidemark.schemas.change.Entry;
import dev.tidemark.schemas.change.Operation;
import dev.tidemark.schemas.change.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an archive is to those who have its key, and to those who do not. */
class EncryptedArchiveTest {
    private static final Table CONTACT =
            table(1, "zebra_contact", List.of(1), List.of(column(1, "id"), column(2, "kiwi_name")));
    private static final List<List<Value>> ROWS =
            List.of(row("1", "Annabella Quux"), row("2", "Benvolio Quux"));

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

    private static final KeyEncryptionKey OTHER =
            LocalKey.parse("F8D6q1R5bG3AZZmOA0mSxo0WZ8hDg2gGkrTm3q1o0d4=", "of tests");

    @TempDir Path folder;

    private final MemoryObjectStore store = new MemoryObjectStore();

    @BeforeEach
    void writeAnArchiveWithEverythingInIt() throws Exception {
        write(store, KEYS);
    }

    private void write(ObjectStore into, KeyChain keys) throws IOException, LostRaceException {
        Archive archive = Archive.create(into, Samples.IDENTITY, keys);
        WrittenArchive written = new WrittenArchive(archive, folder);
        written.base(at(1), NOON, catalog(CONTACT), Map.of(1L, ROWS));
        written.segment(List.of(change(16, Operation.INSERT, "3", "Cassiopeia Quux")));
        written.segment(List.of(change(32, Operation.UPDATE, "1", "Annabella Foo")));
        MergedByHand.replace(archive, folder);
        mark(archive, "before the flamingo import", "asked for by Dagobert");
        written.baseAfterGap(
                at(64), NOON, catalog(CONTACT), Map.of(1L, ROWS), "the pelican ate the disk");
        archive.ledger()
                .add(
                        new LedgerEntry(
                                Ledger.FORMAT,
                                LedgerEntry.Kind.BASE,
                                NOON,
                                3,
                                true,
                                250,
                                1_000,
                                Optional.of("ada@ops1")));
    }

    private static Transaction change(long position, Operation operation, String... row) {
        Entry entry = new Entry.Row(1, operation, BeforeImage.NONE, List.of(), row(row));
        return new Transaction(at(position), position, NOON, List.of(entry));
    }

    private static void mark(Archive archive, String name, String note)
            throws IOException, LostRaceException {
        Manifest newest = archive.state().newest().orElseThrow();
        archive.commit(
                new Manifest(
                        ArchiveIdentity.FORMAT,
                        0,
                        "",
                        Manifest.Kind.MARK,
                        "",
                        NOON,
                        1,
                        newest.log(),
                        newest.span(),
                        archive.state().catalog().orElseThrow(),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new Mark(name, 0, at(32), NOON, note, false)),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
    }

    private Map<Long, List<List<Value>>> rows(Archive archive, Moment moment) throws IOException {
        Map<Long, List<List<Value>>> rows = new TreeMap<>();
        Target target = new Target(moment, false);
        for (TableFold table :
                Fold.run(archive, new Planner(archive, folder).plan(target), folder, changes -> {})
                        .tables()) {
            List<List<Value>> of = new ArrayList<>();
            table.rows(of::add);
            rows.put(table.table().id(), of);
        }
        return rows;
    }

    private void assertThatAllIsReadWith(KeyChain keys) throws IOException {
        Archive archive = Archive.open(store, keys);
        assertThat(rows(archive, new Moment.AtPosition(at(32))))
                .isEqualTo(
                        Map.of(
                                1L,
                                List.of(
                                        row("2", "Benvolio Quux"),
                                        row("3", "Cassiopeia Quux"),
                                        row("1", "Annabella Foo"))));
        assertThat(archive.state().mark("before the flamingo import"))
                .map(Mark::note)
                .contains("asked for by Dagobert");
        assertThat(archive.state().bases().getLast().gap())
                .map(Gap::reason)
                .contains("the pelican ate the disk");
        assertThat(archive.ledger().newest(1).getFirst().by()).contains("ada@ops1");
    }

    private List<String> names() {
        return store.list("", "", 1_000);
    }

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

    private static String id(KeyChain keys) {
        return keys.keys().getFirst().id();
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

    private void replace(String name, byte[] content) {
        store.delete(name);
        store.putIfAbsent(name, content);
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

    private static void assertRefused(ThrowingCallable call, String message, String hint) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        e -> {
                            assertThat(e).hasMessage(message);
                            assertThat(e.hint()).isEqualTo(hint);
                            assertThat(e.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
                        });
    }
}
