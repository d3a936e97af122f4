package dev.tidemark.archive;

import dev.tidemark.archive.store.ForwardingObjectStore;
import dev.tidemark.archive.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Another store, with its reads counted. */
public final class CountingObjectStore extends ForwardingObjectStore {
    private final AtomicInteger gets = new AtomicInteger();
    private final AtomicInteger lists = new AtomicInteger();

    public CountingObjectStore(ObjectStore store) {
        super(store);
    }

    public int gets() {
        return gets.get();
    }

    public int lists() {
        return lists.get();
    }

    @Override
    public byte[] get(String name) throws IOException {
        gets.incrementAndGet();
        return super.get(name);
    }

    @Override
    public void download(String name, Path file) throws IOException {
        gets.incrementAndGet();
        super.download(name, file);
    }

    @Override
    public List<String> list(String prefix, String after, int namesMax) throws IOException {
        lists.incrementAndGet();
        return super.list(prefix, after, namesMax);
    }
}
