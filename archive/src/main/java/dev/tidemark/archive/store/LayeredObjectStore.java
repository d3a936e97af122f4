package dev.tidemark.archive.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A store that reads what another one holds, and keeps to itself what is written: nothing changes
 * below, and what is deleted here stays there. Lists tell of what was written alone: whoever makes
 * one knows what is below. Closes the upper store alone.
 */
public final class LayeredObjectStore extends ForwardingObjectStore {
    private final ObjectStore below;
    private final ObjectStore above;

    /**
     * @param below is only read
     * @param above takes what is written
     */
    public LayeredObjectStore(ObjectStore below, ObjectStore above) {
        super(above);
        this.below = below;
        this.above = above;
    }

    private interface Read<T> {
        T of(ObjectStore store) throws IOException;
    }

    private <T> T read(Read<T> read) throws IOException {
        try {
            return read.of(above);
        } catch (NoSuchFileException e) {
            return read.of(below);
        }
    }

    @Override
    public byte[] get(String name) throws IOException {
        return read(store -> store.get(name));
    }

    @Override
    public void download(String name, Path file) throws IOException {
        boolean unused =
                read(
                        store -> {
                            store.download(name, file);
                            return true;
                        });
    }

    @Override
    public long size(String name) throws IOException {
        return read(store -> store.size(name));
    }

    @Override
    public String url() {
        return below.url();
    }
}
