package dev.tidemark.archive.access;

import static dev.tidemark.archive.Samples.NOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tidemark.archive.Samples;
import dev.tidemark.archive.WrittenArchive;
import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.archive.manifest.Archive;
import dev.tidemark.archive.store.MemoryObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessLogTest {
    private static final AccessLog.Wanted ALL =
            new AccessLog.Wanted(Optional.empty(), Optional.empty(), 100);

    @TempDir private Path folder;

    private final MemoryObjectStore store = new MemoryObjectStore();

    private static AccessEntry entry(String reader, int minute) {
        return new AccessEntry(
                AccessEntry.FORMAT,
                NOON.plus(Duration.ofMinutes(minute)),
                reader,
                "ann",
                "history",
                List.of("crm.contact", "4711"),
                Optional.empty(),
                17);
    }

    private Archive archive(KeyChain keys) throws IOException {
        Archive archive = Archive.create(store, Samples.IDENTITY, keys);
        new WrittenArchive(archive, folder).base(1, NOON);
        return archive;
    }

    @Test
    void theNewestOfAllReadersComeFirst() throws IOException {
        AccessLog log = archive(KeyChain.EMPTY).access();
        log.add(entry("bob", 1));
        log.add(entry("ann", 3));
        log.add(entry("bob", 2));

        assertThat(log.newest(ALL).entries())
                .containsExactly(entry("ann", 3), entry("bob", 2), entry("bob", 1));
        assertThat(
                        log.newest(
                                new AccessLog.Wanted(
                                        Optional.of("bob"),
                                        Optional.of(NOON.plus(Duration.ofMinutes(2))),
                                        9)))
                .isEqualTo(new AccessLog.Listed(List.of(entry("bob", 2)), List.of(), 1));
        assertThat(log.newest(new AccessLog.Wanted(Optional.empty(), Optional.empty(), 1)))
                .isEqualTo(new AccessLog.Listed(List.of(entry("ann", 3)), List.of(), 3));
    }

    @Test
    void nothingOfItIsInClearInAnEncryptedArchive() throws IOException {
        archive(Samples.KEYS).access().add(entry("ann", 1));

        String name = store.list("access/ann/", "", 2).getFirst();
        assertThat(new String(store.get(name), UTF_8)).doesNotContain("history", "4711");
        assertThat(Archive.open(store, Samples.KEYS).access().newest(ALL).entries())
                .containsExactly(entry("ann", 1));
    }

    @Test
    void whatIsNoEntryOfItsFoldersReaderIsNamedAndCountsForNothing() throws IOException {
        Archive archive = archive(Samples.KEYS);
        archive.access().add(entry("ann", 1));
        String name = store.list("access/", "", 2).getFirst();
        String moved = name.replace("/ann/", "/bob/");
        store.putIfAbsent(moved, store.get(name));
        store.putIfAbsent("access/ann/20261120T130000.000Z-1.json", "{}".getBytes(UTF_8));

        AccessLog.Listed listed = archive.access().newest(ALL);

        assertThat(listed.entries()).containsExactly(entry("ann", 1));
        assertThat(listed.unreadable())
                .containsExactly("access/ann/20261120T130000.000Z-1.json", moved);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "null", "{\"format\":1,\"reader\":\"ann\"}", "no JSON"})
    void whateverSomebodyWroteThereTheRestIsListed(String text) throws IOException {
        Archive archive = archive(KeyChain.EMPTY);
        archive.access().add(entry("ann", 1));
        store.putIfAbsent("access/ann/20261120T130000.000Z-1.json", text.getBytes(UTF_8));

        AccessLog.Listed listed = archive.access().newest(ALL);

        assertThat(listed.entries()).containsExactly(entry("ann", 1));
        assertThat(listed.unreadable()).containsExactly("access/ann/20261120T130000.000Z-1.json");
    }

    @Test
    void theArchiveIsTheSameWithAndWithoutIt() throws IOException {
        Archive archive = archive(KeyChain.EMPTY);
        archive.access().add(entry("ann", 1));

        archive.collectGarbage();
        archive.collectReplaced();

        assertThat(Archive.damage(store)).isEmpty();
        assertThat(store.list("access/", "", 9)).hasSize(1);
        assertThat(catchThrowable(() -> Archive.open(store))).isNull();
    }
}
