package dev.tidemark.archive.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class LayeredObjectStoreTest extends ObjectStoreContract {
    private final ObjectStore below = new MemoryObjectStore();

    @Override
    ObjectStore open() {
        return new LayeredObjectStore(below, new MemoryObjectStore());
    }

    @Test
    void whatIsBelowIsReadAndNeverChanged() throws IOException {
        below.putIfAbsent("manifests/1", bytes("below"));

        assertThat(store.get("manifests/1")).isEqualTo(bytes("below"));
        assertThat(store.size("manifests/1")).isEqualTo(5);
        assertThat(store.list("", "", 10)).isEmpty();
        store.putIfAbsent("manifests/2", bytes("above"));
        store.delete("manifests/1");

        assertThat(store.list("manifests/", "", 10)).containsExactly("manifests/2");
        assertThat(below.list("", "", 10)).containsExactly("manifests/1");
    }
}
