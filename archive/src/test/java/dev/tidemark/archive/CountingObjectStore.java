package dev.tidemark.archive;

import dev.tidemark.archive.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Another store, with its reads counted. */
public final class CountingObjectStore implements ObjectStore {
    private final ObjectStore store;
    private final AtomicInteger gets = new AtomicInteger();
    private final AtomicInteger lists = new AtomicInteger();

    public CountingObjectStore(ObjectStore store) {
        this.store = store;
    }

    public int gets() {
        return gets.get();
    }

    public int lists() {
        return lists.get();
    }

    @Override
    public boolean putIfAbsent(String name, byte[] content) throws IOException {
        return store.putIfAbsent(name, content);
    }

    @Override
    public void put(String name, Path file) throws IOException {
        store.put(name, file);
    }

    @Override
    public byte[] get(String name) throws IOException {
        gets.incrementAndGet();
        return store.get(name);
    }

    @Override
    public void download(String name, Path file) throws IOException {
        gets.incrementAndGet();
        store.download(name, file);
    }

    @Override
    public long size(String name) throws IOException {
        return store.size(name);
    }

    @Override
    public List<String> list(String prefix, String after, int namesMax) throws IOException {
        lists.incrementAndGet();
        return store.list(prefix, after, namesMax);
    }

    @Override
    public void delete(String name) throws IOException {
        store.delete(name);
    }

    @Override
    public void probe() throws IOException {
        store.probe();
    }

    @Override
    public String url() {
        return store.url();
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
