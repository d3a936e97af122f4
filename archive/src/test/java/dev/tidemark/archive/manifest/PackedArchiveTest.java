package dev.tidemark.archive.manifest;

import static dev.tidemark.archive.Samples.NOON;
import static dev.tidemark.archive.manifest.ArchiveTest.step;
import static dev.tidemark.archive.manifest.ArchiveTest.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.archive.CountingObjectStore;
import dev.tidemark.archive.store.MemoryObjectStore;
import dev.tidemark.schemas.TidemarkException;
import dev.tidemark.schemas.log.Announcement;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Checkpoints and packs save reading; the archive is the same with and without them. */
class PackedArchiveTest {
    private final MemoryObjectStore store = new MemoryObjectStore();

    @Test
    void openingReadsACheckpointAndWhatFollows() throws Exception {
        written(store, 1_005);
        CountingObjectStore counting = new CountingObjectStore(store);

        Archive archive = Archive.open(counting);

        assertThat(archive.state().manifests())
                .extracting(Manifest::number)
                .containsExactlyElementsOf(LongStream.range(0, 1_005).boxed().toList());
        assertThat(counting.gets()).isEqualTo(1 + 1 + 5); // identity, checkpoint, manifests
        assertThat(counting.lists()).isEqualTo(2 + 2); // each list ends with an empty one
    }

    @Test
    void anArchiveWithoutItsCheckpointIsTheSame() throws Exception {
        ArchiveState whole = written(store, 1_001).state();
        List<String> checkpoints = store.list("checkpoints/", "", 100);

        assertThat(checkpoints).as("the newest three").hasSize(3);
        for (String name : checkpoints.reversed()) {
            store.delete(name);
            assertThat(Archive.open(store).state()).isEqualTo(whole);
        }
    }

    @Test
    void manifestsOfLongAgoArePackedAndTheChainStaysWhole() throws Exception {
        Archive stale = written(store, 600);
        String hash = stale.state().hash();
        Archive writer = Archive.open(store);
        for (long n = 600; n < 3_500; n++) {
            writer.commit(step(n));
        }

        int tooNew = writer.pack(NOON);
        int packed = writer.pack(NOON.plusSeconds(1));
        int again = writer.pack(NOON.plusSeconds(1));

        assertThat(tooNew).isZero();
        assertThat(packed).isEqualTo(3_000);
        assertThat(again).isZero();
        assertThat(store.list("manifests/", "", 1_000)).hasSize(500);
        assertThat(store.list("packs/", "", 10)).hasSize(3);
        assertThat(store.list("checkpoints/", "", 10)).hasSize(3);
        assertThat(Archive.damage(store)).isEmpty();
        assertThat(Archive.open(store).state()).isEqualTo(writer.state());
        assertThat(
                        Archive.open(store)
                                .contradicts(Optional.of(new Announcement(600, 0, 599, hash))))
                .isEmpty();
        assertThatThrownBy(() -> stale.commit(step(600)))
                .isInstanceOf(TidemarkException.class)
                .hasMessageContaining("no longer holds 'manifests/00000000000000000599.json'");
        stale.refresh();
        assertThat(stale.state()).isEqualTo(writer.state());
    }

    @Test
    void anAlteredPackShows() throws Exception {
        written(store, 1_002).pack(NOON.plusSeconds(1));
        String name = "packs/00000000000000000999.json.gz";
        byte[] packed = store.get(name);
        store.delete(name);
        packed[packed.length / 2]++;
        store.putIfAbsent(name, packed);

        assertThat(Archive.damage(store)).isPresent();
    }
}
