package dev.tidemark.archive.manifest;

import static dev.tidemark.archive.Samples.IDENTITY;
import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.Samples.at;
import static dev.tidemark.archive.manifest.ArchiveTest.step;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.store.ForwardingObjectStore;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A base keeps what it needs of older ones as long as itself. */
class RelockTest {
    private final List<String> locked = new ArrayList<>();

    /** Notes what is locked anew. */
    private final class Locking extends ForwardingObjectStore {
        Locking() {
            super(new MemoryObjectStore());
        }

        @Override
        public synchronized void renewLock(String name) {
            locked.add(name);
        }
    }

    @Test
    void aFoldedBaseLocksAnewWhatItNamesOfAnOlderOne() throws Exception {
        Archive archive = Archive.create(new Locking(), IDENTITY);
        FileRef catalog = file(archive, "schema.json", FileRef.Kind.CATALOG);
        FileRef unchanged = file(archive, "16384-1-00000.parquet", FileRef.Kind.BASE);
        FileRef changed = file(archive, "16390-1-00000.parquet", FileRef.Kind.BASE);
        archive.commit(of(step(0), Manifest.Kind.BASE, catalog, List.of(unchanged, changed)));
        archive.commit(of(step(1), Manifest.Kind.SEGMENT, catalog, List.of()));
        assertThat(locked).isEmpty();

        FileRef again = file(archive, "16390-1-00000.parquet", FileRef.Kind.BASE);
        FileRef itsCatalog = file(archive, "schema.json", FileRef.Kind.CATALOG);
        archive.commit(
                of(
                        step(1),
                        Manifest.Kind.FOLDED_BASE,
                        catalog,
                        List.of(unchanged, again, itsCatalog)));

        assertThat(locked)
                .as("and what the archive is opened with")
                .containsExactlyInAnyOrder(
                        "tidemark.json",
                        unchanged.name(),
                        catalog.name(),
                        "manifests/00000000000000000000.json",
                        "manifests/00000000000000000001.json");
    }

    @Test
    void whoLosesARaceDoesNotLockAllOfItAgain() throws Exception {
        ObjectStore store = new Locking();
        Archive archive = Archive.create(store, IDENTITY);
        FileRef catalog = file(archive, "schema.json", FileRef.Kind.CATALOG);
        FileRef unchanged = file(archive, "16384-1-00000.parquet", FileRef.Kind.BASE);
        archive.commit(of(step(0), Manifest.Kind.BASE, catalog, List.of(unchanged)));
        Archive other = Archive.open(store);
        other.commit(of(step(1), Manifest.Kind.SEGMENT, catalog, List.of()));
        FileRef its = file(archive, "schema.json", FileRef.Kind.CATALOG);
        Manifest base = of(step(1), Manifest.Kind.FOLDED_BASE, catalog, List.of(unchanged, its));

        assertThatThrownBy(() -> archive.commit(base)).isInstanceOf(LostRaceException.class);
        archive.refresh();
        archive.commit(base);

        assertThat(locked)
                .doesNotHaveDuplicates()
                .contains(unchanged.name(), "manifests/00000000000000000001.json");
    }

    private static FileRef file(Archive archive, String name, FileRef.Kind kind) throws Exception {
        return archive.upload(name.getBytes(UTF_8), name, kind);
    }

    private static Manifest of(
            Manifest step, Manifest.Kind kind, FileRef catalog, List<FileRef> files) {
        return new Manifest(
                step.format(),
                0,
                "",
                kind,
                "",
                NOON,
                1,
                step.log(),
                new Span(at(1), at(2), NOON, NOON, NOON, 1, 1),
                catalog,
                files,
                Optional.empty(),
                Optional.empty());
    }
}
