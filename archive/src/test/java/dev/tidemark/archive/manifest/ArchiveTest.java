package dev.tidemark.archive.manifest;

import static dev.tidemark.archive.Samples.IDENTITY;
import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.archive.proof.Hashes;
import dev.tidemark.archive.store.FaultyObjectStore;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.json.CanonicalJson;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ArchiveTest {
    /** The first one. */
    static final String CHECKPOINT = "checkpoints/00000000000000000099.json";

    private static final String HASH = "0".repeat(64);
    private static final FileRef CATALOG =
            new FileRef(
                    "data/00000000000000000000-0badcafe/schema.json",
                    FileRef.Kind.CATALOG,
                    2,
                    0,
                    HASH,
                    0,
                    0);

    private final MemoryObjectStore store = new MemoryObjectStore();

    /** The step from one position to the next one. */
    static Manifest step(long number) {
        return new Manifest(
                ArchiveIdentity.FORMAT,
                0,
                "",
                number == 0 ? Manifest.Kind.BASE : Manifest.Kind.SEGMENT,
                "",
                NOON,
                1,
                new LogPoint("tidemark.crm", "topic", number, 0, Optional.empty()),
                new Span(at(number), at(number + 1), NOON, NOON, NOON, 1, 1),
                CATALOG,
                List.of());
    }

    private Archive written(long manifests) throws IOException, LostRaceException {
        return written(store, manifests);
    }

    static Archive written(ObjectStore store, long manifests)
            throws IOException, LostRaceException {
        Archive archive = Archive.create(store, IDENTITY);
        for (long n = 0; n < manifests; n++) {
            archive.commit(step(n));
        }
        return archive;
    }

    @Test
    void manifestsAreNumberedAndChained() throws Exception {
        List<Manifest> manifests = written(3).state().manifests();

        assertThat(manifests).extracting(Manifest::number).containsExactly(0L, 1L, 2L);
        assertThat(manifests.get(0).previous()).isEmpty();
        for (int n = 1; n < 3; n++) {
            byte[] before = store.get("manifests/%020d.json".formatted(n - 1));
            assertThat(manifests.get(n).previous()).isEqualTo(Hashes.sha256(before));
        }
        assertThat(Archive.open(store).state().manifests()).isEqualTo(manifests);
    }

    @Test
    void aManifestIsTheSameBytesWheneverItIsWritten() {
        Manifest manifest =
                new Manifest(
                        1,
                        42,
                        HASH,
                        Manifest.Kind.SEGMENT,
                        "0badcafe",
                        NOON,
                        1,
                        new LogPoint("tidemark.crm", "topic", 7, 3, Optional.empty()),
                        new Span(
                                at(0x1_0000_0002L), at(-1), NOON, NOON, NOON.plusNanos(1000), 5, 9),
                        CATALOG,
                        List.of());

        String golden =
                """
                {"catalog":{"bytes":2,"kind":"CATALOG","name":"data/00000000000000000000-0badcafe/schema.json",\
                "rows":0,"sha256":"0000000000000000000000000000000000000000000000000000000000000000","table":0,\
                "version":0},"files":[],"format":1,"kind":"SEGMENT","log":{"offset":7,"session":3,\
                "topic":"tidemark.crm","topicId":"topic"},"look":null,"number":42,\
                "previous":"0000000000000000000000000000000000000000000000000000000000000000",\
                "span":{"changes":9,"firstCommit":"2026-11-20T12:00:00Z","from":"1/2",\
                "lastCommit":"2026-11-20T12:00:00Z","latestCommit":"2026-11-20T12:00:00.000001Z",\
                "to":"FFFFFFFF/FFFFFFFF","transactions":5},"timeline":1,"writer":"0badcafe",\
                "written":"2026-11-20T12:00:00Z"}""";
        assertThat(new String(manifest.bytes(), UTF_8)).isEqualTo(golden);
        Manifest read = CanonicalJson.read(golden.getBytes(UTF_8), Manifest.class, "it");
        assertThat(read).isEqualTo(manifest);
        assertThat(read.bytes()).isEqualTo(manifest.bytes());
    }

    @Test
    void ofTwoWritersOfOneNumberExactlyOneWins() throws Exception {
        Archive first = written(1);
        Archive second = Archive.open(store);

        first.commit(step(1));
        assertThatThrownBy(() -> second.commit(step(1)))
                .isInstanceOf(LostRaceException.class)
                .hasMessage(
                        "another writer published manifests/00000000000000000001.json of memory: first");

        second.refresh();
        second.commit(step(2));
        assertThat(second.state().manifests())
                .extracting(Manifest::writer)
                .containsExactly(first.writer(), first.writer(), second.writer());
        assertThat(Archive.open(store).state()).isEqualTo(second.state());
    }

    @ParameterizedTest
    @EnumSource
    void anUnknownEndNeitherLosesNorDoublesAManifest(FaultyObjectStore.Fault fault)
            throws Exception {
        boolean failed = true;
        for (int n = 1; failed; n++) {
            MemoryObjectStore real = new MemoryObjectStore();
            FaultyObjectStore faulty = new FaultyObjectStore(real, n, fault);
            try (Archive archive = Archive.create(real, IDENTITY)) {
                archive.commit(step(0));
            }
            ObjectStore used = faulty;
            while (!writeThree(used)) {
                used = faulty.hasFailed() ? real : faulty; // the process starts again
            }
            Archive whole = Archive.open(real);
            assertThat(whole.state().manifests())
                    .describedAs("call %d fails: %s", n, fault)
                    .extracting(manifest -> manifest.span().from().value())
                    .containsExactly(0L, 1L, 2L, 3L);
            failed = faulty.hasFailed();
        }
    }

    /** Goes on after the newest manifest, as a writer does; false when it broke off. */
    private static boolean writeThree(ObjectStore store) throws LostRaceException {
        try (Archive archive = Archive.open(store)) {
            while (archive.state().last() < 3) {
                archive.commit(step(archive.state().last() + 1));
            }
            return true;
        } catch (IOException e) {
            assertThat(e).hasMessageStartingWith("injected failure");
            return false;
        }
    }

    @Test
    void theSameWriterMayCommitAgainAfterAnUnknownEnd() throws Exception {
        MemoryObjectStore real = new MemoryObjectStore();
        Archive.create(real, IDENTITY).close();
        int put = 5; // after the identity, two lists, and a look whether the identity is there
        ObjectStore answerLost = new FaultyObjectStore(real, put, FaultyObjectStore.Fault.AFTER);
        ObjectStore readBackLostToo =
                new FaultyObjectStore(answerLost, put + 1, FaultyObjectStore.Fault.BEFORE);
        Archive archive = Archive.open(readBackLostToo);

        assertThatThrownBy(() -> archive.commit(step(0)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("injected failure before call 6: get 'manifests/");
        archive.commit(step(0));

        assertThat(archive.state().last()).isZero();
        assertThat(Archive.open(real).state()).isEqualTo(archive.state());
    }

    @Test
    void anArchiveThatWasEmptiedGetsNoManifest() throws Exception {
        Archive archive = written(2);
        removeAll();

        assertThatThrownBy(() -> archive.commit(step(2)))
                .isInstanceOf(TidemarkException.class)
                .hasMessage(
                        "the archive memory: no longer holds"
                                + " 'manifests/00000000000000000001.json' as it was")
                .extracting("kind", "hint")
                .containsExactly(
                        TidemarkException.Kind.FAILED,
                        "Somebody emptied or replaced the storage. Put the archive back from a"
                                + " copy; what the copy lacks comes again from the change log.");
        assertThat(store.list("", "", 1)).isEmpty();
    }

    @Test
    void anArchiveThatWasReplacedByAnotherGetsNoManifest() throws Exception {
        Archive archive = written(2);
        removeAll();
        written(2); // by another writer, and so another manifest of the same number

        assertThatThrownBy(() -> archive.commit(step(2)))
                .isInstanceOf(TidemarkException.class)
                .hasMessageEndingWith("'manifests/00000000000000000001.json' as it was");
        assertThat(Archive.open(store).state().last()).isEqualTo(1);
    }

    @Test
    void anOlderCopyIsWrittenOnOnceItIsOpenedAnew() throws Exception {
        Archive archive = written(3);
        store.delete("manifests/00000000000000000002.json");

        assertThatThrownBy(() -> archive.commit(step(3))).isInstanceOf(TidemarkException.class);
        Archive again = Archive.open(store);
        again.commit(step(2));

        assertThat(Archive.open(store).state().last()).isEqualTo(2);
    }

    @Test
    void anArchiveWhoseIdentityIsGoneGetsNoBase() throws Exception {
        Archive archive = written(0);
        removeAll();

        assertThatThrownBy(() -> archive.commit(step(0)))
                .isInstanceOf(TidemarkException.class)
                .hasMessage("the archive memory: no longer holds 'tidemark.json' as it was");
        assertThat(store.list("", "", 1)).isEmpty();
    }

    private void removeAll() throws IOException {
        for (String name : store.list("", "", 1_000)) {
            store.delete(name);
        }
    }

    @Test
    void aPlaceWithoutAnArchiveIsRefused() {
        assertRefused(
                () -> Archive.open(store),
                "there is no archive at memory:",
                "Check archive.url; 'tidemark init' creates an archive.");
    }

    @Test
    void anArchiveThatHoldsABaseIsNotCreatedAgain() throws Exception {
        written(1);

        assertRefused(
                () -> Archive.create(store, IDENTITY),
                "the archive memory: exists already and holds a base of 2026-11-20T12:00:00Z",
                "Nothing is left to initialise. For a new archive choose another archive.url.");
    }

    @Test
    void anArchiveIsFoundOnceItIsCreated() throws Exception {
        assertThat(Archive.find(store, KeyChain.EMPTY)).isEmpty();

        written(1);

        assertThat(Archive.find(store, KeyChain.EMPTY).orElseThrow().state().newest()).isPresent();
    }

    @Test
    void aCreatedArchiveWithoutABaseIsOpenedAgain() throws Exception {
        written(0);

        assertThat(Archive.create(store, IDENTITY).state()).isEqualTo(ArchiveState.EMPTY);
    }

    @Test
    void anArchiveOfAnotherSourceIsRefused() throws Exception {
        Archive archive = written(1);

        archive.checkIsOf("crm", "7001", "crm");
        assertRefused(
                () -> archive.checkIsOf("crm", "7002", "crm"),
                "the archive memory: is of database 'crm' in system 7001, not of 'crm' in system 7002",
                "Check source.url and archive.url. After an upgrade or a restore of the source by other means,"
                        + " 'tidemark base --from-source' goes on in this archive.");
        assertRefused(
                () -> archive.checkIsOf("erp", "7001", "crm"),
                "the archive memory: was created for the source name 'crm', not 'erp'",
                "Check archive.url; if it is right, set source.name as it was.");
    }

    @Test
    void garbageIsWhatLiesInDecidedFoldersAndIsNamedByNoManifest() throws Exception {
        Archive archive = written(1);
        byte[] content = "{}".getBytes(UTF_8);
        FileRef named = archive.upload(content, "schema.json", FileRef.Kind.CATALOG);
        Manifest draft = step(1);
        archive.commit(
                new Manifest(
                        1,
                        0,
                        "",
                        draft.kind(),
                        "",
                        NOON,
                        1,
                        draft.log(),
                        draft.span(),
                        named,
                        List.of(named)));
        String lost = "data/00000000000000000001-ffffffff/journal.parquet";
        String next = "data/00000000000000000002-ffffffff/journal.parquet";
        store.putIfAbsent(lost, content);
        store.putIfAbsent(next, content);

        int deleted = Archive.open(store).collectGarbage();

        assertThat(deleted).isEqualTo(1);
        assertThat(store.list("data/", "", 10)).containsExactlyInAnyOrder(named.name(), next);
    }

    static void assertRefused(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call,
            String message,
            String hint) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TidemarkException.class,
                        error -> {
                            assertThat(error).hasMessage(message);
                            assertThat(error.hint()).isEqualTo(hint);
                            assertThat(error.kind()).isEqualTo(TidemarkException.Kind.REFUSED);
                        });
    }
}
