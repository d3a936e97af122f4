package dev.tidemark.archive.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every object store does. */
abstract class ObjectStoreContract {
    private static final int LARGE_BYTES = 40 * 1024 * 1024;

    @TempDir Path folder;
    ObjectStore store;

    /** A new and empty store. */
    abstract ObjectStore open() throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = open();
    }

    @AfterEach
    void closeStore() throws IOException {
        store.close();
    }

    @Test
    void putIfAbsentKeepsTheFirstContent() throws IOException {
        boolean first = store.putIfAbsent("manifests/1.json", bytes("first"));
        boolean second = store.putIfAbsent("manifests/1.json", bytes("second"));

        assertThat(first).isTrue();
        assertThat(second).isFalse();
        assertThat(store.get("manifests/1.json")).isEqualTo(bytes("first"));
    }

    @Test
    void oneOfManyThreadsCreatesAName() throws Exception {
        int threads = 16;
        int names = 10;
        for (int name = 0; name < names; name++) {
            List<Boolean> created = race("race/" + name, threads);

            assertThat(created).containsOnlyOnce(true);
            assertThat(store.get("race/" + name))
                    .isEqualTo(bytes("content of " + created.indexOf(true)));
        }
    }

    @Test
    void whatIsReadInPlaceIsTheObject() throws IOException {
        store.putIfAbsent("a/b", bytes("first"));

        Optional<Path> there = store.inPlace("a/b");

        if (there.isPresent()) {
            assertThat(there.get()).hasBinaryContent(bytes("first"));
        }
        assertThat(store.inPlace("a/none")).isEmpty();
        assertThat(store.inPlace("a")).isEmpty();
    }

    @Test
    void putRefusesANameThatIsTaken() throws IOException {
        store.putIfAbsent("a/b", bytes("first"));

        assertThatThrownBy(() -> store.put("a/b", file("second")))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessage("a/b");
        assertThat(store.get("a/b")).isEqualTo(bytes("first"));
    }

    @Test
    void putRefusesALargeFileForANameThatIsTaken() throws IOException {
        store.putIfAbsent("a/b", bytes("first"));
        Path large = largeFile(1);

        assertThatThrownBy(() -> store.put("a/b", large))
                .isInstanceOf(FileAlreadyExistsException.class)
                .hasMessage("a/b");
        assertThat(store.get("a/b")).isEqualTo(bytes("first"));
    }

    @Test
    void aLargeFileComesBackAsItWas() throws IOException {
        Path large = largeFile(7);
        Path back = folder.resolve("back");

        store.put("data/1-w/journal.parquet", large);
        store.download("data/1-w/journal.parquet", back);

        assertThat(Files.mismatch(large, back)).isEqualTo(-1);
        assertThat(store.size("data/1-w/journal.parquet")).isEqualTo(LARGE_BYTES);
    }

    @Test
    void anEmptyObjectIsAnObject() throws IOException {
        store.putIfAbsent("empty", new byte[0]);
        store.put("empty-file", file(""));

        assertThat(store.get("empty")).isEmpty();
        assertThat(store.size("empty-file")).isZero();
        assertThat(store.putIfAbsent("empty", bytes("more"))).isFalse();
    }

    @Test
    void downloadReplacesAFile() throws IOException {
        store.putIfAbsent("a", bytes("new"));
        Path target = file("an older and longer content");

        store.download("a", target);

        assertThat(target).hasContent("new");
    }

    @Test
    void aMissingNameIsToldByName() throws IOException {
        store.putIfAbsent("there/is", bytes("one"));
        for (String name : List.of("missing", "missing/too", "there", "there/is.not")) {
            assertMissing(name, () -> store.get(name));
            assertMissing(name, () -> store.size(name));
            assertMissing(
                    name,
                    () -> {
                        store.download(name, folder.resolve("target"));
                        return name;
                    });
        }
        assertThat(folder.resolve("target")).doesNotExist();
    }

    @Test
    void deleteRemovesOneObjectOnce() throws IOException {
        store.putIfAbsent("d/a", bytes("a"));
        store.putIfAbsent("d/b", bytes("b"));

        store.delete("d/a");
        store.delete("d/a");
        store.delete("d");
        store.delete("never/was");

        assertThat(store.list("", "", 10)).containsExactly("d/b");
        assertMissing("d/a", () -> store.get("d/a"));
    }

    @Test
    void aNameCanBeCreatedAfterItsFolderWasEmptied() throws IOException {
        store.putIfAbsent("d/e/a", bytes("a"));
        store.delete("d/e/a");

        assertThat(store.putIfAbsent("d/e/b", bytes("b"))).isTrue();
        assertThat(store.list("", "", 10)).containsExactly("d/e/b");
    }

    @Test
    void listIsInTheOrderOfBytes() throws IOException {
        List<String> inOrder =
                List.of("A", "a-b", "a.b", "a/b", "a/b-c", "a/b0/c", "a0", "a_", "b", "ba/x");
        for (String name : inOrder.reversed()) {
            store.putIfAbsent(name, bytes(name));
        }

        assertThat(store.list("", "", 100)).isEqualTo(inOrder);
        assertThat(store.list("", "a-", 100)).isEqualTo(inOrder.subList(1, 10));
        assertThat(store.list("", "a.b", 100)).isEqualTo(inOrder.subList(3, 10));
        assertThat(store.list("", "a/b", 2)).isEqualTo(inOrder.subList(4, 6));
        assertThat(store.list("", "zz", 100)).isEmpty();
    }

    @Test
    void listTakesTheBeginningOfNames() throws IOException {
        for (String name : List.of("m/009", "m/010", "m/011", "m/020", "n/010")) {
            store.putIfAbsent(name, bytes(name));
        }

        assertThat(store.list("m/", "", 100)).containsExactly("m/009", "m/010", "m/011", "m/020");
        assertThat(store.list("m/01", "", 100)).containsExactly("m/010", "m/011");
        assertThat(store.list("m/01", "m/010", 100)).containsExactly("m/011");
        assertThat(store.list("m", "m/011", 100)).containsExactly("m/020");
        assertThat(store.list("m/01", "a", 1)).containsExactly("m/010");
        assertThat(store.list("x/", "", 100)).isEmpty();
        assertThat(store.list("m/010/", "", 100)).isEmpty();
        assertThat(store.list("m/", "n/010", 100)).isEmpty();
    }

    @Test
    void pagesOfAListMakeUpTheWhole() throws IOException {
        var random = new Random(5);
        List<String> names = new ArrayList<>();
        for (int number = 0; number < 60; number++) {
            String name = "p%d/%s.%05d".formatted(number % 3, "x".repeat(number % 2), number);
            names.add(name);
            store.putIfAbsent(name, bytes(name));
        }
        names.sort(null);

        List<String> listed = new ArrayList<>();
        List<String> page;
        do {
            String after = listed.isEmpty() ? "" : listed.getLast();
            page = store.list("p", after, 1 + random.nextInt(9));
            listed.addAll(page);
        } while (!page.isEmpty());

        assertThat(listed).isEqualTo(names);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", "/", "/a", "a/", "a//b", ".", "..", "a/..", "../a", "a/./b", ".tmp/a", ".a",
                "a b", "ä", "a\\b", "a\n", "a:b", "a%2Fb", "a?b", "a*"
            })
    void aBadNameIsRefused(String name) throws IOException {
        Path file = file("content");

        assertRefused(name, () -> store.putIfAbsent(name, new byte[0]));
        assertRefused(name, () -> store.get(name));
        assertRefused(name, () -> store.size(name));
        assertRefused(
                name,
                () -> {
                    store.put(name, file);
                    return name;
                });
        assertRefused(
                name,
                () -> {
                    store.download(name, file);
                    return name;
                });
        assertRefused(
                name,
                () -> {
                    store.delete(name);
                    return name;
                });
        assertThat(store.list("", "", 10)).isEmpty();
    }

    @Test
    void aNameThatIsTooLongIsRefused() throws IOException {
        String longest = ("a".repeat(255) + "/").repeat(2);

        assertRefused(longest + "a", () -> store.putIfAbsent(longest + "a", new byte[0]));
        assertRefused("a".repeat(256), () -> store.putIfAbsent("a".repeat(256), new byte[0]));
        assertThat(store.putIfAbsent(longest.substring(0, 511), bytes("x"))).isTrue();
        assertThat(store.list("", "", 9)).containsExactly(longest.substring(0, 511));
    }

    @Test
    void aListRefusesWhatIsNoPrefix() {
        for (String prefix : List.of("/", "../", "a//", "./", "a b", ".tmp/", "a/../")) {
            assertThatThrownBy(() -> store.list(prefix, "", 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("not the beginning of an object name: '" + prefix + "'");
        }
        assertRefused("a/", () -> store.list("", "a/", 1));
        assertThatThrownBy(() -> store.list("", "", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("namesMax must be at least 1: 0");
    }

    @Test
    void probeLeavesNothing() throws IOException {
        store.probe();
        store.probe();

        assertThat(store.list("", "", 10)).isEmpty();
    }

    private List<Boolean> race(String name, int threads) throws Exception {
        var start = new CyclicBarrier(threads);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                byte[] content = bytes("content of " + thread);
                results.add(
                        executor.submit(
                                () -> {
                                    start.await();
                                    return store.putIfAbsent(name, content);
                                }));
            }
            List<Boolean> created = new ArrayList<>();
            for (Future<Boolean> result : results) {
                created.add(result.get());
            }
            return created;
        }
    }

    private static void assertMissing(String name, Callable<?> call) {
        assertThatThrownBy(call::call).isInstanceOf(NoSuchFileException.class).hasMessage(name);
    }

    private static void assertRefused(String name, Callable<?> call) {
        assertThatThrownBy(call::call)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not an object name: '" + name + "'");
    }

    private Path file(String content) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "file", ""), content);
    }

    private Path largeFile(long seed) throws IOException {
        byte[] content = new byte[LARGE_BYTES];
        new Random(seed).nextBytes(content);
        return Files.write(folder.resolve("large"), content);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
