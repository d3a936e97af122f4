package dev.tidemark.archive.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A store that takes its time: after each object that was read or written it waits until so many
 * bytes a second were moved at most, over all. Small objects (manifests) are not held up; a
 * deletion counts as some bytes. Safe for use by many threads, which share the pace.
 */
public final class PacedObjectStore extends ForwardingObjectStore {
    /** What a request, and the freeing of a file's blocks, costs a storage beside moving bytes. */
    static final long DELETION_BYTES = 64 * 1024;

    private final long bytesPerSecond;
    private long free = System.nanoTime(); // when the next byte may move

    /**
     * Paces a store, which it closes with itself.
     *
     * @param bytesPerSecond more than none
     */
    public PacedObjectStore(ObjectStore store, long bytesPerSecond) {
        super(store);
        this.bytesPerSecond = bytesPerSecond;
    }

    private void moved(long bytes) throws InterruptedIOException {
        long wait;
        synchronized (this) {
            long now = System.nanoTime();
            if (free - now < 0) {
                free = now; // no credit for a rest
            }
            free += (long) (bytes * (double) TimeUnit.SECONDS.toNanos(1) / bytesPerSecond);
            wait = free - now;
        }
        try {
            TimeUnit.NANOSECONDS.sleep(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while keeping the pace");
        }
    }

    @Override
    public void put(String name, Path file) throws IOException {
        super.put(name, file);
        moved(Files.size(file));
    }

    @Override
    public void download(String name, Path file) throws IOException {
        super.download(name, file);
        moved(Files.size(file));
    }

    @Override
    public void delete(String name) throws IOException {
        super.delete(name);
        moved(DELETION_BYTES);
    }
}
