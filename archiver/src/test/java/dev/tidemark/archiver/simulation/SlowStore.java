package dev.tidemark.archiver.simulation;

import dev.tidemark.archive.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * A store of which some writes arrive only after their caller gave up: each such call is an
 * IOException now, and has its effect when {@link Late#arrive} is called.
 */
final class SlowStore implements ObjectStore {
    /** A write that is under way. */
    interface Late {
        void arrive() throws IOException;
    }

    private final ObjectStore store;
    private final List<Late> underWay;
    private final Predicate<String> isLate;
    private int lostRaces;

    /**
     * A store over another.
     *
     * @param underWay where late writes are put
     * @param isLate asked for each write, with the object's name
     */
    SlowStore(ObjectStore store, List<Late> underWay, Predicate<String> isLate) {
        this.store = store;
        this.underWay = underWay;
        this.isLate = isLate;
    }

    @Override
    public boolean putIfAbsent(String name, byte[] content) throws IOException {
        if (isLate.test(name)) {
            throw late(name, () -> store.putIfAbsent(name, content));
        }
        boolean created = store.putIfAbsent(name, content);
        lostRaces += created ? 0 : 1;
        return created;
    }

    /** How often a name was taken already. */
    int lostRaces() {
        return lostRaces;
    }

    @Override
    public void put(String name, Path file) throws IOException {
        if (isLate.test(name)) {
            byte[] content = Files.readAllBytes(file);
            throw late(name, () -> store.putIfAbsent(name, content));
        }
        store.put(name, file);
    }

    @Override
    public void delete(String name) throws IOException {
        if (isLate.test(name)) {
            throw late(name, () -> store.delete(name));
        }
        store.delete(name);
    }

    private IOException late(String name, Late write) {
        underWay.add(write);
        return new IOException("injected failure: no answer in time for '" + name + "'");
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
