package dev.tidemark.archive.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A store that leaves all to another one, which it closes with itself; others change some of it.
 */
public abstract class ForwardingObjectStore implements ObjectStore {
    private final ObjectStore store;

    protected ForwardingObjectStore(ObjectStore store) {
        this.store = store;
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
        return store.get(name);
    }

    @Override
    public void download(String name, Path file) throws IOException {
        store.download(name, file);
    }

    @Override
    public long size(String name) throws IOException {
        return store.size(name);
    }

    @Override
    public List<String> list(String prefix, String after, int namesMax) throws IOException {
        return store.list(prefix, after, namesMax);
    }

    @Override
    public void delete(String name) throws IOException {
        store.delete(name);
    }

    @Override
    public void renewLock(String name) throws IOException {
        store.renewLock(name);
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
