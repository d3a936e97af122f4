package dev.tidemark.archive.manifest;

import static dev.tidemark.archive.Samples.IDENTITY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.archive.crypt.KeyChain;
import dev.tidemark.archive.store.MemoryObjectStore;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a broken-off base left is kept while its writer may be at work, and collected then. */
class GarbageTest {
    private static final int LATER = 1_100; // manifests: further back nobody looks for left-overs

    private final MemoryObjectStore store = new MemoryObjectStore();

    private static void begin(Archive archive) throws IOException, LostRaceException {
        Manifest step = ArchiveTest.step(1);
        archive.commit(
                new Manifest(
                        ArchiveIdentity.FORMAT,
                        0,
                        "",
                        Manifest.Kind.FOLDED_BASE_BEGUN,
                        "",
                        step.written(),
                        1,
                        step.log(),
                        step.span(),
                        step.catalog(),
                        List.of()));
    }

    @Test
    void filesOfABaseThatBrokeOffLongAgoAreCollectedWhenTheNextOneBegins() throws Exception {
        Archive archiver = Archive.create(store, IDENTITY, KeyChain.EMPTY, "aaaaaaaa");
        archiver.commit(ArchiveTest.step(0));
        Archive broken = Archive.open(store, KeyChain.EMPTY, "bbbbbbbb");
        begin(broken);
        FileRef left = broken.upload("rows".getBytes(UTF_8), "1.parquet", FileRef.Kind.BASE);
        archiver.refresh();
        for (int n = 1; n <= LATER; n++) {
            archiver.commit(ArchiveTest.step(n));
        }
        archiver.collectGarbage();
        assertThat(store.list(left.name(), "", 1)).as("it may be at work").hasSize(1);

        Archive next = Archive.open(store, KeyChain.EMPTY, "cccccccc");
        begin(next);
        FileRef own = next.upload("rows".getBytes(UTF_8), "1.parquet", FileRef.Kind.BASE);
        next.collectGarbage();

        assertThat(store.list(left.name(), "", 1)).isEmpty();
        assertThat(store.list(own.name(), "", 1)).hasSize(1);
    }
}
