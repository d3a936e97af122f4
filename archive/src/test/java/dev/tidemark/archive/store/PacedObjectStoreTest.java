package dev.tidemark.archive.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PacedObjectStoreTest extends ObjectStoreContract {
    private static final long FAST = 1L << 40;

    @Override
    protected ObjectStore open() {
        return new PacedObjectStore(new MemoryObjectStore(), FAST);
    }

    @Test
    void aWriterWaitsForWhatItWrote(@TempDir Path folder) throws IOException {
        ObjectStore slow = new PacedObjectStore(new MemoryObjectStore(), 1);
        Path file = Files.writeString(folder.resolve("file"), "a day".repeat(20_000), UTF_8);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> slow.put("data/a", file))
                .isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(slow.get("data/a")).hasSize(100_000); // it was written, and then waited for
    }

    @Test
    void whoDeletesWaitsToo() throws IOException {
        ObjectStore slow = new PacedObjectStore(new MemoryObjectStore(), 1);
        slow.putIfAbsent("data/a", new byte[1]);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> slow.delete("data/a")).isInstanceOf(InterruptedIOException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(slow.list("", "", 1)).isEmpty();
    }
}
