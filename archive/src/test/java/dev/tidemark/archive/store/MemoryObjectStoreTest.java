package dev.tidemark.archive.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

final class MemoryObjectStoreTest extends ObjectStoreContract {
    @Override
    ObjectStore open() {
        return new MemoryObjectStore();
    }

    @Test
    void anObjectIsNotItsCallersArray() throws IOException {
        byte[] content = bytes("first");
        store.putIfAbsent("a", content);
        content[0] = 'F';
        store.get("a")[1] = 'I';

        assertThat(store.get("a")).isEqualTo(bytes("first"));
    }
}
